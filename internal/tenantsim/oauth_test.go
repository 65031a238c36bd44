package tenantsim

import (
	"strings"
	"testing"
	"time"

	"smtpmend/internal/tenantsim/token"
)

// What Exchange says to an application's token: the permission in it asks for
// full access at the end of the message alone, the role in Exchange at once.
func TestApplicationsSubmit(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*App)
		roles  []string
		signIn string
		sent   string
	}{
		{"with full access", func(*App) {}, []string{"SMTP.SendAsApp"}, "235", "250"},
		{"without", func(a *App) { a.Mailboxes = nil }, []string{"SMTP.SendAsApp"}, "235", "430 4.2.0 STOREDRV; mailbox logon failure"},
		{"without, with the role too", func(a *App) { a.Mailboxes, a.RoleScope = nil, []string{"All"} }, []string{"SMTP.SendAsApp"}, "235", "430"},
		{"by the role alone", func(a *App) { a.Mailboxes, a.RoleScope = nil, []string{Mailbox} }, nil, "235", "250"},
		{"out of the role's scope", func(a *App) { a.RoleScope = []string{"ann@contoso.com"} }, nil, "535", ""},
		{"neither", func(*App) {}, nil, "535", ""},
		{"not registered", func(a *App) { a.ExchangePrincipal = "none" }, []string{"SMTP.SendAsApp"}, "535", ""},
		{"registered wrongly", func(a *App) { a.ExchangePrincipal = "wrong-object" }, []string{"SMTP.SendAsApp"}, "535", ""},
	} {
		state := Default()
		app := state.App(MailClientID)
		tc.change(app)
		tenant := start(t, state)
		d := connect(t, tenant)
		claims := token.Claims{Audience: tenant.Cloud().Exchange, TenantID: state.TenantID, Expires: time.Now().Add(time.Hour).Unix(),
			AppID: app.ClientID, ObjectID: app.ObjectID(), Roles: tc.roles}
		if got := d.xoauth2(Mailbox, claims.Token()); !strings.HasPrefix(got, tc.signIn) {
			t.Errorf("%s: %s", tc.name, got)
		}
		if tc.sent == "" {
			continue
		}
		d.cmd("MAIL FROM:<" + Mailbox + ">")
		d.cmd("RCPT TO:<" + Mailbox + ">")
		d.cmd("DATA")
		if got := d.cmd("From: " + Mailbox + "\r\nSubject: test\r\n\r\nhello\r\n."); !strings.HasPrefix(got, tc.sent) {
			t.Errorf("%s, sent: %s", tc.name, got)
		}
	}
}
