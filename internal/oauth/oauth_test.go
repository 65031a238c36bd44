package oauth

import (
	"errors"
	"strings"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim"
)

func TestScope(t *testing.T) {
	cloud := func(name string) endpoint.Cloud { c, _ := endpoint.Builtin(name); return c }
	lab := endpoint.Cloud{Exchange: "https://127.0.0.1:1/exchange/"}
	given := lab
	given.SMTPScope = "https://outlook.office.com/.default"
	named := lab
	named.SMTPScope = "https://outlook.office.com/SMTP.Send"
	for _, tc := range []struct {
		cloud        endpoint.Cloud
		person, self string
	}{
		{cloud("global"), "https://outlook.office.com/SMTP.Send", "https://outlook.office365.com/.default"},
		{cloud("usgov"), "https://outlook.office365.us/SMTP.Send", "https://outlook.office365.us/.default"},
		{cloud("dod"), "https://outlook.office365.us/SMTP.Send", "https://outlook-dod.office365.us/.default"},
		{cloud("china"), "https://partner.outlook.cn/SMTP.Send", "https://partner.outlook.cn/.default"},
		{lab, "https://127.0.0.1:1/exchange/SMTP.Send", "https://127.0.0.1:1/exchange/.default"},
		{given, "https://outlook.office.com/SMTP.Send", "https://outlook.office.com/.default"},
		{named, "https://outlook.office.com/SMTP.Send", "https://outlook.office.com/.default"},
	} {
		if person, self := Scope(tc.cloud, catalogue.Browser), Scope(tc.cloud, catalogue.ClientSecret); person != tc.person || self != tc.self {
			t.Errorf("%s: %s, %s", tc.cloud.Name, person, self)
		}
	}
}

// source gets tokens from a simulated tenant.
func source(t *testing.T, way catalogue.Way, state *tenantsim.State, change func(*Options)) (*Source, *tenantsim.Tenant) {
	t.Helper()
	ten, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ten.Close() })
	env := map[string]string{EnvClientID: tenantsim.MailClientID, EnvSecret: tenantsim.MailClientSecret}
	o := Options{Cloud: ten.Cloud(), Way: way, Mailbox: tenantsim.Mailbox, Prompt: func(Prompt) {},
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	change(&o)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, ten
}

func tokenRequests(ten *tenantsim.Tenant) (n int) {
	for _, r := range ten.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			n++
		}
	}
	return n
}

// A token is asked for once, and tells whose it is; the tenant is the mailbox's,
// or the one that is named.
func TestToken(t *testing.T) {
	for _, named := range []string{"", "0d6c1a52-4f5e-4c55-9a53-6d0a8f2f7c11", "contoso.com"} {
		s, ten := source(t, catalogue.ClientSecret, tenantsim.Default(), func(o *Options) {
			if o.Tenant = named; named != "" {
				o.Mailbox = "scanner@elsewhere.example"
			}
		})
		for range 2 {
			token, err := s.Token(t.Context())
			if err != nil || token.User != "" || token.ObjectID != ten.State().Apps[1].ObjectID() || token.Expires.IsZero() {
				t.Errorf("%q: %+v, %v", named, token.MailClaims, err)
			}
		}
		if n := tokenRequests(ten); n != 1 {
			t.Errorf("%q: %d requests", named, n)
		}
	}
}

// What Entra says is a Refusal in its own words, without our secret; what keeps
// it from being asked is none. A person is asked once.
func TestNoToken(t *testing.T) {
	state := tenantsim.Default()
	state.Apps[1].SecretExpired = true
	s, _ := source(t, catalogue.ClientSecret, state, func(*Options) {})
	_, err := s.Token(t.Context())
	refused, ok := errors.AsType[*Refusal](err)
	if !ok || !strings.HasPrefix(refused.Said, "AADSTS7000222") || strings.Contains(refused.Said, tenantsim.MailClientSecret) {
		t.Errorf("%v", err)
	}

	s, _ = source(t, catalogue.ClientSecret, tenantsim.Default(), func(o *Options) { o.Mailbox = "scanner@elsewhere.example" })
	if _, err := s.Token(t.Context()); !errors.As(err, &refused) || !strings.HasPrefix(refused.Said, "AADSTS90002") || strings.HasSuffix(refused.Said, ")") || strings.Contains(refused.Said, "--cloud") {
		t.Errorf("of a domain without a tenant: %v", err)
	}

	for number, refuses := range map[int]bool{50057: true, 530035: true, 90033: false, 70018: false, 16000: false, 99999: false} {
		s, ten := source(t, catalogue.ClientSecret, tenantsim.Default(), func(*Options) {})
		if err := ten.SetFaults(tenantsim.Fault{API: "login", Path: "/token", Kind: "refused", AADSTS: number}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Token(t.Context()); err == nil || errors.As(err, &refused) != refuses {
			t.Errorf("%d: %v", number, err)
		}
	}

	s, ten := source(t, catalogue.ClientSecret, tenantsim.Default(), func(*Options) {})
	ten.Close()
	if _, err := s.Token(t.Context()); err == nil || errors.As(err, &refused) {
		t.Errorf("without a sign-in service: %v", err)
	}

	state = tenantsim.Default()
	state.Apps[1].Status = "disabled"
	s, ten = source(t, catalogue.DeviceCode, state, func(*Options) {})
	for range 2 {
		if _, err := s.Token(t.Context()); !errors.As(err, &refused) || !strings.HasPrefix(refused.Said, "AADSTS7000112") {
			t.Errorf("a person: %v", err)
		}
	}
	asked := 0
	for _, r := range ten.Requests() {
		if strings.HasSuffix(r.Path, "/devicecode") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the person was asked %d times", asked)
	}
}
