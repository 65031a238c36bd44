package tenantsim

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/token"
)

func TestMessageIsDelivered(t *testing.T) {
	state := Default()
	state.User(Mailbox).SendAs = []string{"ann@contoso.com"}
	tenant := start(t, state)
	d := connect(t, tenant)
	d.login(Mailbox, Password)
	for _, tc := range []struct{ envelope, header, want string }{
		{Mailbox, Mailbox, "250 2.0.0 OK <"},
		{"ann@contoso.com", Mailbox, "250 2.0.0 OK <"},
		{"boss@contoso.com", Mailbox, "554 5.2.252 SendAsDenied; scanner@contoso.com not allowed to send as boss@contoso.com;"},
		{Mailbox, "Boss <boss@contoso.com>", "554 5.2.252 SendAsDenied; scanner@contoso.com not allowed to send as boss@contoso.com;"},
	} {
		for _, line := range []string{"MAIL FROM:<" + tc.envelope + ">", "RCPT TO:<to@example.com>", "DATA"} {
			if got := d.cmd(line); got[0] != '2' && got[0] != '3' {
				t.Fatalf("%s: %q", line, got)
			}
		}
		got := d.cmd("From: " + tc.header + "\r\nSubject: test\r\n\r\nhello\r\n.")
		if !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s, %s: %q", tc.envelope, tc.header, got)
		}
	}
	inbox := tenant.Inbox()
	if len(inbox) != 2 || inbox[0].Login != Mailbox || !strings.HasSuffix(inbox[0].Data, "hello\r\n") {
		t.Errorf("inbox: %+v", inbox)
	}
	if diff := cmp.Diff([]string{"to@example.com"}, inbox[0].To); diff != "" {
		t.Error(diff)
	}
}

func TestXOAUTH2(t *testing.T) {
	state := Default()
	state.Apps = append(state.Apps, App{ClientID: "mailer", Permissions: []string{"SMTP.SendAsApp"}, Mailboxes: []string{Mailbox}})
	tenant := start(t, state)
	soon := time.Now().Add(time.Hour).Unix()
	person := token.Claims{Audience: "https://outlook.office.com", TenantID: state.TenantID, Expires: soon, User: Mailbox, Scopes: "openid SMTP.Send"}
	app := token.Claims{Audience: tenant.Cloud().Exchange, TenantID: state.TenantID, Expires: soon, AppID: "mailer",
		ObjectID: (&App{ClientID: "mailer"}).ObjectID(), Roles: []string{"SMTP.SendAsApp"}}
	for _, tc := range []struct {
		name   string
		claims token.Claims
		change func(*token.Claims)
		want   string
	}{
		{"person", person, func(*token.Claims) {}, "235"},
		{"app", app, func(*token.Claims) {}, "235"},
		{"expired", person, func(c *token.Claims) { c.Expires = 1 }, "535"},
		{"other tenant", person, func(c *token.Claims) { c.TenantID = "other" }, "535"},
		{"Graph's audience", person, func(c *token.Claims) { c.Audience = "https://graph.microsoft.com" }, "535"},
		{"no scope", person, func(c *token.Claims) { c.Scopes = "IMAP.AccessAsUser.All" }, "535"},
		{"somebody else's", person, func(c *token.Claims) { c.User = "ann@contoso.com" }, "535"},
		{"app without the role", app, func(c *token.Claims) { c.Roles = nil }, "535"},
		{"app of another object", app, func(c *token.Claims) { c.ObjectID = (&App{ClientID: "mailer"}).RegistrationID() }, "535"},
		{"app that is none of this tenant", app, func(c *token.Claims) { c.AppID = "other" }, "535"},
	} {
		tc.change(&tc.claims)
		got := connect(t, tenant).xoauth2(Mailbox, tc.claims.Token())
		if want := map[string]string{"235": "235 2.7.0 Authentication successful", "535": "535 5.7.3 Authentication unsuccessful"}[tc.want]; got != want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
	forged := person.Token()
	if got := connect(t, tenant).xoauth2(Mailbox, forged[:len(forged)-4]+"AAAA"); got[:3] != "535" {
		t.Errorf("forged: %q", got)
	}
	state.User(Mailbox).SMTPAuth = "off"
	tenant.SetState(state)
	if got := connect(t, tenant).xoauth2(Mailbox, person.Token()); !strings.Contains(got, "disabled for the Mailbox") {
		t.Errorf("the switch does not reach tokens: %q", got)
	}
}

func TestChangesReachSMTPLater(t *testing.T) {
	state := Default()
	state.SMTP.Propagation.Duration = 300 * time.Millisecond
	tenant := start(t, state)
	tenant.Change(func(s *State) { s.User(Mailbox).SMTPAuth = "off" })
	if tenant.State().User(Mailbox).SMTPAuth != "off" {
		t.Error("the APIs do not see the change")
	}
	if got := connect(t, tenant).login(Mailbox, Password); got[:3] != "235" {
		t.Errorf("at once: %q", got)
	}
	deadline := time.Now().Add(10 * time.Second)
	for connect(t, tenant).login(Mailbox, Password)[:3] == "235" {
		if time.Now().After(deadline) {
			t.Fatal("the change never reached SMTP")
		}
	}
}

// The token is the account's, by its principal name; user= names the mailbox.
func TestXOAUTH2OfAnotherName(t *testing.T) {
	state := named()
	tenant := start(t, state)
	person := token.Claims{Audience: "https://outlook.office.com", TenantID: state.TenantID, Scopes: "SMTP.Send",
		Expires: time.Now().Add(time.Hour).Unix()}
	for upn, want := range map[string]string{state.Users[0].UPN: "235", Mailbox: "535"} {
		person.User = upn
		if got := connect(t, tenant).xoauth2(Mailbox, person.Token()); got[:3] != want {
			t.Errorf("token of %s: %q", upn, got)
		}
	}
}

// The account is locked, by whichever of its names the passwords came.
func TestLockoutIsOfTheAccount(t *testing.T) {
	state := named()
	state.SMTP.Lockout, state.Users[0].AliasSignIn = 2, true
	tenant := start(t, state)
	d := connect(t, tenant)
	d.login(Mailbox, "guess")
	d.login(state.Users[0].UPN, "guess")
	if got := d.login("scan@contoso.com", Password); !strings.Contains(got, "account locked") {
		t.Errorf("%q", got)
	}
}

// TestScenariosBySMTP: what the device of a scenario gets that no single fact
// brings about.
func TestScenariosBySMTP(t *testing.T) {
	for name, want := range map[string]front.Text{
		"admin-mfa": front.CriteriaNotMet, "upn-differs": front.CredentialsIncorrect,
		"basic-auth-off-by-default": front.BasicAuthDisabled, "healthy": front.SignedIn,
	} {
		scenario, ok := LookupScenario(name)
		if !ok {
			t.Fatalf("no scenario %s", name)
		}
		tenant := start(t, scenario.State())
		if got := connect(t, tenant).login(Mailbox, Password); got != front.Say(want, front.Newer).String() {
			t.Errorf("%s: %q", name, got)
		}
	}
}
