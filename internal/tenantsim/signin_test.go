package tenantsim

import (
	"strings"
	"testing"
	"time"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/token"
)

// With another principal name than the address, that name alone signs in.
func TestWhoSignsIn(t *testing.T) {
	state := Default()
	u := state.User(Mailbox)
	u.UPN, u.Aliases = "device7@contoso.onmicrosoft.com", []string{"scan@contoso.com"}
	tenant := start(t, state)
	names := []string{u.UPN, "DEVICE7@contoso.onmicrosoft.com", Mailbox, "scan@contoso.com"}
	for i, name := range names {
		got, want := connect(t, tenant).login(name, Password), front.CredentialsIncorrect
		if i < 2 {
			want = front.SignedIn
		}
		if got != front.Say(want, front.Newer).String() {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := tenant.newestCode(); got != "50034" {
		t.Errorf("sign-in log: %s", got)
	}
	u.AliasSignIn = true
	tenant.SetState(state)
	for _, name := range names {
		if got := connect(t, tenant).login(name, Password); !strings.HasPrefix(got, "235 ") {
			t.Errorf("%s, with any address: %q", name, got)
		}
	}
}

// Passwords that are off for the tenant are refused behind the switches and
// before Entra; tokens are not.
func TestBasicAuthOff(t *testing.T) {
	state := Default()
	state.Org.BasicAuth = "off"
	state.Org.SecurityDefaults = "on"
	tenant := start(t, state)
	if got := connect(t, tenant).login(Mailbox, "guess"); got != "535 5.7.139 Authentication unsuccessful, basic authentication is disabled." {
		t.Errorf("%q", got)
	}
	if got := tenant.newestCode(); got != "none" {
		t.Errorf("sign-in log: %s", got)
	}
	person := token.Claims{Audience: "https://outlook.office.com", TenantID: state.TenantID, Expires: time.Now().Add(time.Hour).Unix(),
		User: Mailbox, Scopes: "SMTP.Send"}
	if got := connect(t, tenant).xoauth2(Mailbox, person.Token()); got[:3] != "235" {
		t.Errorf("a token: %q", got)
	}
	state.User(Mailbox).SMTPAuth = "off"
	tenant.SetState(state)
	if got := connect(t, tenant).login(Mailbox, Password); !strings.Contains(got, "disabled for the Mailbox") {
		t.Errorf("behind the switch: %q", got)
	}
}

// Sessions meet the front ends in turn, and one session stays at one.
func TestFrontEndsInTurn(t *testing.T) {
	state := Default()
	state.SMTP.FrontEnds, state.SMTP.Propagation.Duration = 2, time.Hour
	state.User(Mailbox).SMTPAuth = "off"
	tenant := start(t, state)
	tenant.Change(func(s *State) { s.User(Mailbox).SMTPAuth = "on" })
	var got []string
	for range 4 {
		d := connect(t, tenant)
		first, again := d.login(Mailbox, Password)[:3], ""
		if first == "535" {
			again = d.login(Mailbox, Password)[:3]
		}
		got = append(got, first+again)
	}
	if strings.Join(got, " ") != "235 535535 235 535535" {
		t.Errorf("in turn: %q", got)
	}
}
