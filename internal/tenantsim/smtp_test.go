package tenantsim

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/front"
)

// start serves a tenant until the test ends.
func start(t *testing.T, s *State) *Tenant {
	t.Helper()
	tenant, err := Start(t.Context(), s, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenant.Close() })
	return tenant
}

// A device submits mail line by line.
type device struct {
	t    *testing.T
	text *textproto.Conn
}

var tag = regexp.MustCompile(` \[AM0PR02CA0134[^]]*\]$`)

// cmd sends a line and returns code and text of the reply without its tag.
func (d *device) cmd(line string) string {
	d.t.Helper()
	if err := d.text.PrintfLine("%s", line); err != nil {
		d.t.Fatal(err)
	}
	return d.reply()
}

func (d *device) reply() string {
	d.t.Helper()
	var last string
	for {
		line, err := d.text.ReadLine()
		if err != nil {
			d.t.Fatal(err)
		}
		if last = line; len(line) < 4 || line[3] != '-' {
			return tag.ReplaceAllString(last, "")
		}
	}
}

// connect goes as far as EHLO over TLS, with a verified certificate.
func connect(t *testing.T, tenant *Tenant) *device {
	t.Helper()
	conn, err := net.Dial("tcp", tenant.Cloud().SMTP)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	d := &device{t, textproto.NewConn(conn)}
	d.reply()
	d.cmd("EHLO printer")
	d.cmd("STARTTLS")
	secure := tls.Client(conn, &tls.Config{RootCAs: tenant.Cloud().Roots, ServerName: "127.0.0.1"})
	if err := secure.Handshake(); err != nil {
		t.Fatal(err)
	}
	d.text = textproto.NewConn(secure)
	d.cmd("EHLO printer")
	return d
}

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func (d *device) login(user, password string) string {
	d.cmd("AUTH LOGIN " + encode(user))
	return d.cmd(encode(password))
}

func (d *device) xoauth2(user, token string) string {
	return d.cmd("AUTH XOAUTH2 " + encode("user="+user+"\x01auth=Bearer "+token+"\x01\x01"))
}

// TestSignIn walks what can be wrong with a password sign-in, alone and in
// front of each other. The first row of two that fit shows.
func TestSignIn(t *testing.T) {
	var (
		mailboxOff  = Setting{Fact: fact.MailboxSMTPAuth, Value: "off"}
		inherit     = Setting{Fact: fact.MailboxSMTPAuth, Value: "inherit"}
		orgOn       = Setting{Fact: fact.OrgSMTPAuth, Value: "on"}
		basicOff    = Setting{Fact: fact.UserAuthPolicySMTP, Value: "block"}
		disabled    = Setting{Fact: fact.UserAccount, Value: "disabled"}
		defaults    = Setting{Fact: fact.OrgSecurityDefaults, Value: "on"}
		mfa         = Setting{Fact: fact.UserPerUserMFA, Value: "enabled"}
		enforced    = Setting{Fact: fact.UserPerUserMFA, Value: "enforced"}
		conditional = Setting{Fact: fact.OrgConditionalAccess, Value: "Block legacy authentication"}
		noLicence   = Setting{Fact: fact.UserExchangeLicence, Value: "no"}
	)
	for _, tc := range []struct {
		name     string
		facts    []Setting
		password string
		want     front.Text
		logged   string // newest AADSTS code, "none" when Entra never saw it
	}{
		{"healthy", nil, Password, front.SignedIn, "0"},
		{"wrong password", nil, "guess", front.CredentialsIncorrect, "50126"},
		{"mailbox off", []Setting{mailboxOff}, Password, front.SMTPAuthOffMailbox, "none"},
		{"mailbox off, organisation on", []Setting{mailboxOff, orgOn}, Password, front.SMTPAuthOffMailbox, "none"},
		{"inherit off", []Setting{inherit}, Password, front.SMTPAuthOffOrg, "none"},
		{"inherit on", []Setting{inherit, orgOn}, Password, front.SignedIn, "0"},
		{"mailbox off before the password", []Setting{mailboxOff}, "guess", front.SMTPAuthOffMailbox, "none"},
		{"mailbox off before security defaults", []Setting{mailboxOff, defaults, mfa}, Password, front.SMTPAuthOffMailbox, "none"},
		{"policy blocks", []Setting{basicOff, defaults}, Password, front.BasicAuthDisabled, "none"},
		{"disabled", []Setting{disabled, defaults}, Password, front.AccountIssue, "50057"},
		{"security defaults", []Setting{defaults, mfa, conditional}, Password, front.SecurityDefaults, "530035"},
		{"security defaults behind the password", []Setting{defaults}, "guess", front.CredentialsIncorrect, "50126"},
		{"per-user MFA enabled", []Setting{mfa}, Password, front.SignedIn, "0"},
		{"per-user MFA enabled, wrong password", []Setting{mfa}, "guess", front.CredentialsIncorrect, "50126"},
		{"per-user MFA enforced", []Setting{enforced, conditional}, Password, front.CriteriaNotMet, "50076"},
		{"Conditional Access", []Setting{conditional}, Password, front.CriteriaNotMet, "53003"},
		{"no licence", []Setting{noLicence}, Password, front.MailboxInaccessible, "none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			state := Default()
			for _, f := range tc.facts {
				if err := state.Set(Mailbox, f.Fact, f.Value); err != nil {
					t.Fatal(err)
				}
			}
			tenant := start(t, state)
			for _, flavour := range []front.Flavour{front.Newer, front.Older} {
				state.SMTP.Flavour = flavour
				tenant.SetState(state)
				if got, want := connect(t, tenant).login(Mailbox, tc.password), front.Say(tc.want, flavour).String(); got != want {
					t.Errorf("%s: got %q, want %q", flavour, got, want)
				}
				if got := tenant.newestCode(); got != tc.logged {
					t.Errorf("sign-in log: %s, want %s", got, tc.logged)
				}
			}
		})
	}
}

func (t *Tenant) newestCode() string {
	s := t.State()
	s.SignInLog.Records = t.SignIns()
	return s.Fact(Mailbox, fact.UserSignInError)
}

func TestUnknownUser(t *testing.T) {
	tenant := start(t, Default())
	got := connect(t, tenant).login("nobody@contoso.com", Password)
	if want := front.Say(front.CredentialsIncorrect, front.Newer).String(); got != want {
		t.Errorf("got %q", got)
	}
}

func TestAppPasswordPassesPerUserMFAOnly(t *testing.T) {
	state := Default()
	u := state.User(Mailbox)
	u.AppPassword, u.PerUserMFA = "abcdabcdabcdabcd", "enforced"
	tenant := start(t, state)
	if got := connect(t, tenant).login(Mailbox, u.AppPassword); !strings.HasPrefix(got, "235 ") {
		t.Errorf("per-user MFA: %q", got)
	}
	state.Org.SecurityDefaults = "on"
	tenant.SetState(state)
	if got := connect(t, tenant).login(Mailbox, u.AppPassword); !strings.Contains(got, "security defaults") {
		t.Errorf("security defaults: %q", got)
	}
}

func TestWrongPasswordsLockTheAccount(t *testing.T) {
	state := Default()
	state.SMTP.Lockout = 3
	tenant := start(t, state)
	d := connect(t, tenant)
	for range 3 {
		if got := d.login(Mailbox, "guess"); !strings.Contains(got, "credentials were incorrect") {
			t.Fatalf("got %q", got)
		}
	}
	if got := d.login(Mailbox, Password); !strings.Contains(got, "account locked") {
		t.Errorf("got %q", got)
	}
	if got := len(tenant.Attempts()); got != 4 {
		t.Errorf("%d attempts on record", got)
	}
}

// block has a Conditional Access policy keep everybody's passwords out.
func block(t *testing.T, s *State, policy string) {
	t.Helper()
	if err := s.Set(Mailbox, fact.OrgConditionalAccess, policy); err != nil {
		t.Fatal(err)
	}
}
