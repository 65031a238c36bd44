package m365

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

const (
	bossID    = "bbbbbbbb-0000-4000-8000-00000000000b"
	byProxies = "GET /v1.0/users?proxyAddresses/any(p:p eq 'smtp:"
	byMail    = "GET /v1.0/users?mail eq '"
)

// without takes out what the fake answers by default.
const without = "\x00"

func boss(properties string) string {
	return exchangeValue(`{"Identity":"boss","ExternalDirectoryObjectId":"` + bossID + `","Guid":"77777777-0000-4000-8000-000000000007","UserPrincipalName":"boss@contoso.com","PrimarySmtpAddress":"boss@contoso.com","EmailAddresses":["SMTP:boss@contoso.com"],` + properties + `}`)
}

// TestSubject says whom an address is taken for, and by whose words.
func TestSubject(t *testing.T) {
	type bodies map[string]string
	list := func(users ...string) string { return `{"value":[` + strings.Join(users, ",") + `]}` }
	named := directoryUserJSON("s.canner@contoso.com", testUserID)
	alias := `{"id":"` + testUserID + `","userPrincipalName":"s.canner@contoso.com","mail":null,"proxyAddresses":["SMTP:scanner@contoso.com","smtp:mfp@contoso.com"],"accountEnabled":true,"userType":"Member"}`
	bossUser := directoryUserJSON("boss@contoso.com", bossID)
	tests := []struct {
		name          string
		typed         string // testUser when empty
		bodies        bodies
		unknown       string // an identity that Exchange does not know
		mailbox, user string // names; "!" and part of the error
	}{
		{name: "plain", mailbox: "scanner@contoso.com", user: "scanner@contoso.com"},
		{name: "upper case", typed: "SCANNER@Contoso.COM", bodies: bodies{"GET /v1.0/users/SCANNER@Contoso.COM": directoryUserJSON("scanner@contoso.com", testUserID)},
			mailbox: "scanner@contoso.com", user: "scanner@contoso.com"},
		{name: "alias", typed: "mfp@contoso.com", bodies: bodies{byProxies + "mfp@contoso.com')": list(alias)},
			mailbox: "scanner@contoso.com", user: "s.canner@contoso.com"},
		{name: "alias in upper case", typed: "MFP@contoso.com", bodies: bodies{byProxies + "MFP@contoso.com')": list(alias)},
			mailbox: "scanner@contoso.com", user: "s.canner@contoso.com"},
		{name: "by mail", bodies: bodies{routeUser: without, byMail + "scanner@contoso.com'": list(`{"id":"` + testUserID + `","userPrincipalName":"s.canner@contoso.com","mail":"Scanner@contoso.com","accountEnabled":true}`)},
			mailbox: "scanner@contoso.com", user: "s.canner@contoso.com"},
		{name: "by the name that Exchange knows", bodies: bodies{
			routeUser: without, "Get-Mailbox": recipient(`"UserPrincipalName":"s.canner@contoso.com"`, `"RecipientTypeDetails":"UserMailbox"`),
			"Get-User": recipient(`"UserPrincipalName":"s.canner@contoso.com"`, `"AuthenticationPolicy":null`), "GET /v1.0/users/s.canner@contoso.com": named},
			mailbox: "scanner@contoso.com", user: "s.canner@contoso.com"},
		{name: "plus address", typed: "scanner+lobby@contoso.com", unknown: "scanner+lobby@contoso.com",
			mailbox: "scanner@contoso.com", user: "scanner@contoso.com"},
		{name: "apostrophe", typed: "o'neill@contoso.com", bodies: bodies{byProxies + "o''neill@contoso.com')": list(strings.ReplaceAll(alias, "mfp@", "o'neill@")),
			"Get-CASMailbox": recipient(`"EmailAddresses":["SMTP:scanner@contoso.com","smtp:O'Neill@contoso.com"]`, `"SmtpClientAuthenticationDisabled":null`)},
			mailbox: "scanner@contoso.com", user: "s.canner@contoso.com"},
		{name: "the sign-in name of a mailbox with another address", typed: "login@contoso.com", bodies: bodies{
			"Get-User": recipient(`"UserPrincipalName":"login@contoso.com"`, `"AuthenticationPolicy":null`), "GET /v1.0/users/login@contoso.com": directoryUserJSON("login@contoso.com", testUserID)},
			mailbox: "scanner@contoso.com", user: "login@contoso.com"},

		{name: "Exchange resolves loosely", bodies: bodies{"Get-CASMailbox": boss(`"SmtpClientAuthenticationDisabled":true`), "Get-Mailbox": boss(`"RecipientTypeDetails":"UserMailbox"`), "Get-User": boss(`"AuthenticationPolicy":null`)},
			mailbox: "!Exchange Online resolved scanner@contoso.com to boss@contoso.com", user: "scanner@contoso.com"},
		{name: "loosely, by one cmdlet only", bodies: bodies{"Get-CASMailbox": boss(`"SmtpClientAuthenticationDisabled":true`)},
			mailbox: "!two objects, boss@contoso.com and scanner@contoso.com", user: "scanner@contoso.com"},
		{name: "loosely, without any id", bodies: bodies{
			"Get-CASMailbox": exchangeValue(`{"Identity":"boss","PrimarySmtpAddress":"boss@contoso.com","SmtpClientAuthenticationDisabled":true}`),
			"Get-Mailbox":    exchangeValue(`{"PrimarySmtpAddress":"scanner@contoso.com"}`), "Get-User": exchangeValue(`{"UserPrincipalName":"scanner@contoso.com"}`)},
			mailbox: "!resolved scanner@contoso.com to boss@contoso.com", user: "scanner@contoso.com"},
		{name: "a mailbox without addresses", bodies: bodies{"Get-CASMailbox": exchangeValue(`{"Identity":"x","SmtpClientAuthenticationDisabled":true}`), "Get-Mailbox": without, "Get-User": without},
			mailbox: "!resolved scanner@contoso.com to x", user: "scanner@contoso.com"},
		{name: "addresses of another type", bodies: bodies{"Get-CASMailbox": exchangeValue(`{"Identity":"x","EmailAddresses":"SMTP:scanner@contoso.com","PrimarySmtpAddress":["scanner@contoso.com"]}`), "Get-Mailbox": without, "Get-User": without},
			mailbox: "!resolved scanner@contoso.com to x", user: "scanner@contoso.com"},
		{name: "an address that is not for mail", typed: "other@contoso.com", mailbox: "!resolved other@contoso.com to scanner@contoso.com", user: "!knows no user with the address other@contoso.com"},
		{name: "two mailboxes", bodies: bodies{"Get-CASMailbox": exchangeValue(`{},{}`), "Get-Mailbox": exchangeValue(`{},{}`)}, mailbox: "!one object of Get-CASMailbox (but 2)", user: "scanner@contoso.com"},
		{name: "no mailbox", unknown: testUser, mailbox: "!it knows no such object", user: "scanner@contoso.com"},
		{name: "the mailbox by the second cmdlet", bodies: bodies{"Get-CASMailbox": without}, mailbox: "scanner@contoso.com", user: "scanner@contoso.com"},

		{name: "no user", bodies: bodies{routeUser: without}, mailbox: "scanner@contoso.com", user: "!knows no user with the address scanner@contoso.com"},
		{name: "Graph gives another user", bodies: bodies{routeUser: bossUser}, mailbox: "scanner@contoso.com", user: "!Microsoft Graph resolved scanner@contoso.com to boss@contoso.com"},
		{name: "a filter that Graph does not keep", bodies: bodies{routeUser: without, byProxies + "scanner@contoso.com')": list(bossUser)}, mailbox: "scanner@contoso.com", user: "!resolved scanner@contoso.com to boss@contoso.com"},
		{name: "two users", bodies: bodies{routeUser: without, byProxies + "scanner@contoso.com')": list(named, bossUser)}, mailbox: "scanner@contoso.com", user: "!knows 2 users by the address scanner@contoso.com: s.canner@contoso.com, boss@contoso.com"},
		{name: "a user without an id", bodies: bodies{routeUser: `{"userPrincipalName":"scanner@contoso.com"}`}, mailbox: "scanner@contoso.com", user: "!does not hold the user's id"},
		{name: "a user of another type", bodies: bodies{routeUser: `{"id":7}`}, mailbox: "scanner@contoso.com", user: "!not the JSON of this API"},
		{name: "another object", bodies: bodies{routeUser: directoryUserJSON("scanner@contoso.com", bossID)}, mailbox: "scanner@contoso.com", user: "!two objects by this address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.unknown = map[string]bool{tt.unknown: tt.unknown != ""}
			for route, body := range tt.bodies {
				if body == without {
					delete(f.bodies, route)
					continue
				}
				f.set(route, body)
			}
			o := f.options()
			if tt.typed != "" {
				o.Mailbox = tt.typed
			}
			tenant, err := openFast(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			s := tenant.Subject(t.Context())
			check(t, "mailbox", s.Mailbox, tt.mailbox)
			check(t, "user", s.User, tt.user)
			refuses(t, f, tenant, s)
		})
	}
}

func check(t *testing.T, what string, got fact.Object, want string) {
	t.Helper()
	part, fails := strings.CutPrefix(want, "!")
	switch {
	case !fails && (got.Err != nil || got.Name != want || got.ID != testUserID):
		t.Errorf("%s = %+v, want %s", what, got, want)
	case fails && (got.Err == nil || !strings.Contains(got.Err.Error(), part)):
		t.Errorf("%s = %+v, want an error with %q", what, got, part)
	}
}

// refuses checks the second lock: what is not proven is not written, and what
// is goes to the objects that were found.
func refuses(t *testing.T, f *fake, tenant *Tenant, s fact.Subject) {
	t.Helper()
	f.set("PATCH /beta/users/"+s.User.Name+"/authentication/requirements", "")
	for _, w := range writes {
		row, _ := fact.Lookup(w.fact)
		f.requests()
		err := tenant.Write(t.Context(), w.fact, w.value)
		proof := s.Proven(row.Scope)
		if (err == nil) != (proof == nil) || errors.Is(err, ErrUncertain) || proof != nil && !strings.Contains(err.Error(), "for nothing was sent: "+proof.Error()) {
			t.Errorf("%s: %v, and the proof is %v", w.fact, err, proof)
		}
		for _, r := range f.requests() {
			switch change := strings.HasPrefix(r.Route, "PATCH") || strings.HasPrefix(r.Route, "Set-"); {
			case change && proof != nil:
				t.Errorf("%s was sent", r.Route)
			case strings.HasPrefix(r.Route, "PATCH /beta") && r.Route != "PATCH /beta/users/"+s.User.Name+"/authentication/requirements":
				t.Errorf("%s is not the user found", r.Route)
			case r.Route == "Set-CASMailbox" && strings.Contains(r.Body, "boss"):
				t.Errorf("sent %s", r.Body)
			}
		}
	}
}

// Facts of somebody else are not read, and the reason is the subject's own.
func TestFactsOfAnotherSubjectAreUnread(t *testing.T) {
	f := newFake(t)
	f.set("Get-CASMailbox", boss(`"SmtpClientAuthenticationDisabled":true`))
	f.set("Get-Mailbox", boss(`"RecipientTypeDetails":"UserMailbox"`))
	f.set("Get-User", boss(`"AuthenticationPolicy":null`))
	f.set(routeUser, directoryUserJSON("boss@contoso.com", bossID))
	tenant := f.open(t)
	s := tenant.Subject(t.Context())
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		row, _ := fact.Lookup(got.Fact)
		switch proof := s.User.Err; {
		case row.Scope == fact.ScopeTenant:
			if !got.Known() {
				t.Errorf("%+v", got)
			}
			continue
		case row.API == fact.APIExchange:
			proof = s.Mailbox.Err
			fallthrough
		default:
			if got.Known() || !strings.Contains(got.Error, proof.Error()) || !strings.Contains(got.Error, string(got.Fact)) {
				t.Errorf("%+v, want %v", got, proof)
			}
		}
	}
}

// Facts and changes of the user go to the one that was found.
func TestRequestsGoToTheUserFound(t *testing.T) {
	f := newFake(t)
	for route, body := range f.bodies {
		if moved := strings.Replace(route, graphUser, "/users/s.canner@contoso.com", 1); moved != route {
			delete(f.bodies, route)
			f.set(moved, body)
		}
	}
	found := strings.Replace(directoryUserJSON("s.canner@contoso.com", testUserID), `"proxyAddresses":[`, `"proxyAddresses":["smtp:scanner@contoso.com",`, 1)
	f.set("GET /v1.0/users/s.canner@contoso.com", found)
	f.set(byProxies+"scanner@contoso.com')", `{"value":[`+found+`]}`)
	f.set(routeSignIns, `{"value":[`+signInJSON("2026-11-20T08:11:12Z", "SMTP", "s.canner@contoso.com", `"status":{"errorCode":50126}`)+`]}`)
	tenant := f.open(t)
	for range 2 {
		for _, got := range tenant.Read(t.Context(), allFacts()...) {
			if !got.Known() || got.Fact == fact.UserSignInError && got.Value != "50126" {
				t.Errorf("%+v", got)
			}
		}
	}
	if n := count(f.requests(), "GET /v1.0/users/scanner@contoso.com"); n != 1 {
		t.Errorf("the typed address was asked for %d times", n)
	}
	if err := tenant.Write(t.Context(), fact.UserPerUserMFA, "disabled"); err != nil {
		t.Error(err)
	}
}

// The subject is asked for once a run, and again only for what may have been a
// passing failure.
func TestSubjectIsRemembered(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	tenant.Subject(t.Context())
	f.requests()
	tenant.Subject(t.Context())
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("asked again: %+v", sent)
	}
	for _, route := range []string{routeUser, "Get-CASMailbox"} {
		for status, again := range map[int]bool{503: true, 403: false} {
			f := newFake(t)
			if route == "Get-CASMailbox" {
				delete(f.bodies, "Get-Mailbox")
			}
			down := true
			f.fault = func(r string, w http.ResponseWriter, req *http.Request) bool {
				if fails := down && r == route; fails {
					respond(status, "application/json", "")(w, req)
					return true
				}
				return false
			}
			tenant := f.open(t)
			s := tenant.Subject(t.Context())
			if s.Proven(fact.ScopeUser) == nil {
				t.Errorf("%s %d: %+v", route, status, s)
			}
			down = false
			s = tenant.Subject(t.Context())
			if (s.Proven(fact.ScopeUser) == nil) != again {
				t.Errorf("%s %d, then none: %+v", route, status, s)
			}
		}
	}
}

// What Exchange cannot say about the mailbox leaves the user proven by Graph's
// own words.
func TestExchangeUnreadable(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		fails := strings.HasPrefix(route, "Get-")
		if fails {
			respond(503, "application/json", "")(w, r)
		}
		return fails
	}
	s := tenant.Subject(t.Context())
	if s.User.Err != nil || s.User.Name != testUser || !errors.Is(s.Mailbox.Err, ErrUnreachable) {
		t.Errorf("subject = %+v", s)
	}
}
