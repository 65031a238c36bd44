package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/fact"
	"smtpmend/probe"
)

// A broken link of the tests: what the tenant shows, and what it comes to. It is
// written out here, in the order in which a submission meets it, so as not to
// ask the table that is tested.
type broken struct {
	fact  fact.Name
	value string
	cause catalogue.Code
	proof catalogue.Reach
}

var (
	whole = map[fact.Name]string{
		fact.AppRegistered: "yes", fact.AppState: "enabled", fact.AppPublicClient: "yes", fact.AppRedirect: "yes", fact.AppCredential: "valid",
		fact.UserAccount: "enabled", fact.AppAssignment: "open", fact.AppSMTPSend: "granted", fact.AppConditionalAccess: fact.None,
		fact.MailboxKind: "shared", fact.MailboxSMTPAuth: "inherit", fact.OrgSMTPAuth: "on", fact.AppUser: "mailbox",
		fact.AppExchangePrincipal: "registered", fact.AppSendAsApp: "granted", fact.AppRBAC: fact.None, fact.AppFullAccess: "yes",
	}
	first = []broken{
		{fact.AppRegistered, "no", "oauth-app-not-found", catalogue.GotToken},
		{fact.AppState, "disabled", "oauth-app-blocked", catalogue.GotToken},
		{fact.AppState, "blocked", "oauth-app-blocked", catalogue.GotToken},
	}
	last = []broken{
		{fact.MailboxKind, fact.None, "no-licensed-mailbox", catalogue.SignedIn},
		{fact.MailboxSMTPAuth, "off", "smtp-auth-off-mailbox", catalogue.SignedIn},
		{fact.OrgSMTPAuth, "off", "smtp-auth-off-org", catalogue.SignedIn},
	}
	person = []broken{
		{fact.UserAccount, "disabled", "account-disabled", catalogue.GotToken},
		{fact.AppAssignment, "missing", "oauth-app-blocked", catalogue.GotToken},
		{fact.AppSMTPSend, fact.None, "oauth-scope-missing", catalogue.GotToken},
		{fact.AppConditionalAccess, "Block", "conditional-access", catalogue.GotToken},
	}
	itself = []broken{
		{fact.AppCredential, "expired", "oauth-client-secret", catalogue.GotToken},
		{fact.AppCredential, fact.None, "oauth-client-secret", catalogue.GotToken},
		{fact.AppConditionalAccess, "Block", "conditional-access", catalogue.GotToken},
	}
	rights = []broken{
		{fact.AppExchangePrincipal, fact.None, "oauth-exchange-principal-missing", catalogue.SignedIn},
		{fact.AppExchangePrincipal, "wrong-object", "oauth-exchange-principal-missing", catalogue.SignedIn},
		{fact.AppSendAsApp, fact.None, "oauth-scope-missing", catalogue.SignedIn},
		{fact.AppFullAccess, "no", "oauth-mailbox-permission-missing", catalogue.Sent},
	}
	other  = broken{fact.AppUser, "other", "oauth-token-wrong-user", catalogue.Sent}
	chains = map[catalogue.Way][]broken{
		catalogue.Browser: slices.Concat(first, []broken{{fact.AppRedirect, "no", "oauth-app-not-found", catalogue.GotToken},
			{fact.AppRedirect, "other", "oauth-app-not-found", catalogue.GotToken}}, person, last, []broken{other}),
		catalogue.DeviceCode: slices.Concat(first, []broken{{fact.AppPublicClient, "no", "oauth-client-secret", catalogue.GotToken}}, person, last, []broken{other}),

		catalogue.ClientSecret:      slices.Concat(first, itself, last, rights),
		catalogue.ClientCertificate: slices.Concat(first, itself, last, rights),
	}
)

// shown is the evidence of the whole chain with what is broken in it, "?" for
// what is not read.
func shown(way catalogue.Way, breaks ...broken) fact.Evidence {
	var ev fact.Evidence
	for _, name := range Links(way) {
		r := fact.Reading{Fact: name, Value: whole[name]}
		for _, b := range breaks {
			if b.fact == name {
				r.Value = b.value
			}
		}
		if r.Value == "?" {
			r = unreadable(name)
		}
		ev = append(ev, r)
	}
	return ev
}

// refusal is what Entra says with that number, read off the report.
func refusal(code int) Diagnosis {
	return Record(probe.Untried(probe.Config{Mailbox: "scanner@contoso.com", Server: office}, fmt.Sprintf("AADSTS%d: no.", code)))
}

// refusals are what an attempt that came so far and no farther got, in words that
// name nothing.
func refusals(reach catalogue.Reach) []Diagnosis {
	if reach == catalogue.Nowhere {
		return []Diagnosis{refusal(0), refusal(90014)}
	}
	bare := Text(bareWords)
	bare.Mechanism = probe.MechXOAUTH2
	bare.Meaning = bare.ForMechanism(probe.MechXOAUTH2)
	return []Diagnosis{bare, {Meaning: words.Meaning{Verdict: Unknown}, Mechanism: probe.MechXOAUTH2}}
}

// Every link that is missing, and every two of them, are named where the words
// name none: the first in front, the other behind it. One that the attempt has
// passed waits behind.
func TestEveryBreakAndEveryPair(t *testing.T) {
	for way, chain := range chains {
		for i, a := range chain {
			for _, b := range chain[i:] {
				if a.fact == b.fact && a != b || a.fact == fact.MailboxSMTPAuth && b.fact == fact.OrgSMTPAuth {
					continue // one setting has one value; and the mailbox's own counts
				}
				want := []catalogue.Code{a.cause, b.cause}
				if a.fact == fact.AppSendAsApp && b.fact == fact.AppFullAccess {
					want = want[:1] // neither way is set up: one link, the role
				}
				for _, d := range refusals(catalogue.Nowhere) {
					switch of := slices.DeleteFunc(slices.Clone(want), func(c catalogue.Code) bool { return c == other.cause }); {
					case len(of) > 0: // no token, no holder of it
						agrees(t, way, d.Along(shown(way, a, b), way, catalogue.Nowhere), of...)
					}
				}
				if a.proof < catalogue.SignedIn {
					continue
				}
				for _, d := range refusals(catalogue.GotToken) {
					if a.proof == catalogue.Sent && b.proof == catalogue.SignedIn {
						want = []catalogue.Code{b.cause, a.cause} // what only a message shows does not explain a refused sign-in
					}
					agrees(t, way, d.Along(shown(way, a, b), way, catalogue.GotToken), want...)
				}
			}
		}
	}
}

func agrees(t *testing.T, way catalogue.Way, d Diagnosis, want ...catalogue.Code) {
	t.Helper()
	want = slices.Compact(slices.Clone(want))
	if d.Verdict != Confirmed || d.Cause != want[0] || !slices.Equal(d.Also, want[1:]) || len(d.Missing) != len(want) || d.Missing[0].Cause != want[0] || !d.Missing[0].For(way) {
		t.Errorf("%s: %s %s, also %v, missing %d; want %v, by %s", way, d.Verdict, d.Cause, d.Also, len(d.Missing), want, unlike(d.Evidence))
	}
}

// unlike is what of the evidence is not as in the whole chain.
func unlike(ev fact.Evidence) (all string) {
	for _, r := range ev {
		if r.Value != whole[r.Fact] {
			all += string(r.Fact) + "=" + r.Value + " "
		}
	}
	return all
}

// With the whole chain in place nothing is named, and an accepted attempt is
// healthy.
func TestWholeChain(t *testing.T) {
	for way := range chains {
		healthy := Diagnosis{Meaning: words.Meaning{Verdict: Healthy}}
		if way.Personal() { // a delegate, for a shared mailbox
			ev := shown(way, broken{fact: fact.AppUser, value: "delegate"}, broken{fact: fact.UserAccount, value: "disabled"}, broken{fact: fact.MailboxSMTPAuth, value: "off"})
			if d := healthy.Along(ev, way, catalogue.SignedIn); d.Verdict != Healthy || d.Also != nil || d.Notes != nil {
				t.Errorf("%s, a delegate: %+v", way, d)
			}
		}
		for _, reach := range []catalogue.Reach{catalogue.SignedIn, catalogue.Sent} {
			if d := healthy.Along(shown(way), way, reach); d.Verdict != Healthy || d.Also != nil || d.Unseen != nil {
				t.Errorf("%s: %+v", way, d)
			}
		}
		for _, d := range refusals(catalogue.GotToken) {
			d = d.Along(shown(way), way, catalogue.GotToken)
			waits := slices.ContainsFunc(d.Notes, func(n string) bool { return strings.Contains(n, "30 minutes to two hours") })
			if d.Verdict == Confirmed || d.Verdict == Named || d.Also != nil || waits != (d.Verdict == Unsure) || slices.Contains(d.Candidates, catalogue.OAuthScopeMissing) {
				t.Errorf("%s: %+v", way, d)
			}
		}
	}
}

// An accepted sign-in proves what comes before it; what only a message proves is
// named all the same.
func TestAcceptedSignIn(t *testing.T) {
	healthy := Diagnosis{Meaning: words.Meaning{Verdict: Healthy}}
	for way, chain := range chains {
		for _, b := range chain {
			d := healthy.Along(shown(way, b), way, catalogue.SignedIn)
			if b.proof == catalogue.Sent {
				agrees(t, way, d, b.cause)
			} else if told := len(d.Notes) > 0; d.Verdict != Healthy || d.Also != nil || told != (b.proof == catalogue.SignedIn) {
				t.Errorf("%s: %s, also %v, notes %q, by %+v", way, d.Verdict, d.Also, d.Notes, b)
			}
			if d := healthy.Along(shown(way, b), way, catalogue.Sent); d.Verdict != Healthy {
				t.Errorf("%s, sent: %s %s, by %+v", way, d.Verdict, d.Cause, b)
			}
		}
	}
}

// What could not be read is neither there nor missing, and is told.
func TestUnreadLinks(t *testing.T) {
	for way, chain := range chains {
		for _, name := range Links(way) {
			if name == fact.AppUser {
				continue // which is not known without a token
			}
			ev := shown(way, broken{fact: name, value: "?"})
			for _, d := range refusals(catalogue.Nowhere) {
				// The own way of an application settles it without the other's right.
				d = d.Along(ev, way, catalogue.Nowhere)
				if spare := name == fact.AppRBAC; d.Verdict == Confirmed || !spare && !slices.Contains(d.Unseen, name) {
					t.Errorf("%s without %s: %s %s, unseen %v", way, name, d.Verdict, d.Cause, d.Unseen)
				}
			}
			for _, b := range chain {
				if b.fact == name || b == other {
					continue
				}
				for _, d := range refusals(catalogue.Nowhere) {
					d = d.Along(shown(way, b, broken{fact: name, value: "?"}), way, catalogue.Nowhere)
					certain := !slices.Contains([]fact.Name{fact.AppSendAsApp, fact.OrgSMTPAuth, fact.AppFullAccess}, b.fact)
					// What Exchange asks does not explain what Entra refused, as long as
					// something that Entra asks is not known.
					entra := slices.ContainsFunc(chain, func(o broken) bool { return o.fact == name && o.proof == catalogue.GotToken })
					switch {
					case d.Verdict == Confirmed && d.Cause != b.cause:
						t.Errorf("%s without %s: %s, want %s", way, name, d.Cause, b.cause)
					case certain && entra && b.proof > catalogue.GotToken:
						if d.Verdict != Unsure || !slices.Equal(d.Also, []catalogue.Code{b.cause}) || slices.Contains(d.Candidates, b.cause) {
							t.Errorf("%s without %s: %s %v, also %v, by %+v", way, name, d.Verdict, d.Candidates, d.Also, b)
						}
					case certain && d.Verdict != Confirmed:
						t.Errorf("%s without %s: %s, want %s", way, name, d.Verdict, b.cause)
					}
				}
			}
		}
	}
}

// A refused token request is named before all that the tenant shows, and is
// borne out where the tenant shows the same.
func TestRefusedTokenComesFirst(t *testing.T) {
	for _, tc := range []struct {
		code    int
		cause   catalogue.Code
		breaks  []broken
		verdict Verdict
		also    []catalogue.Code
	}{
		{7000222, "oauth-client-secret", nil, Named, nil},
		{7000222, "oauth-client-secret", []broken{{fact: fact.AppCredential, value: "expired"}}, Confirmed, nil},
		{7000215, "oauth-client-secret", []broken{{fact: fact.AppState, value: "disabled"}}, Named, []catalogue.Code{"oauth-app-blocked"}},
		{53003, "conditional-access", []broken{{fact: fact.AppConditionalAccess, value: "Block"}, {fact: fact.MailboxSMTPAuth, value: "off"}}, Confirmed,
			[]catalogue.Code{"smtp-auth-off-mailbox"}},
		// What fix could weaken is no cause of it, and no link behind it either.
		{530035, "", []broken{{fact: fact.AppFullAccess, value: "no"}}, Unknown, []catalogue.Code{"oauth-mailbox-permission-missing"}},
		{530035, "", []broken{{fact: fact.AppState, value: "disabled"}}, Unknown, []catalogue.Code{"oauth-app-blocked"}},
		{50076, "", nil, Unknown, nil},
		{90033, "temporary", nil, Named, nil},
	} {
		d := refusal(tc.code).Along(shown(catalogue.ClientSecret, tc.breaks...), catalogue.ClientSecret, catalogue.Nowhere)
		if d.Verdict != tc.verdict || d.Cause != tc.cause || d.Candidates != nil || !slices.Equal(d.Also, tc.also) {
			t.Errorf("%d: %s %s, also %v", tc.code, d.Verdict, d.Cause, d.Also)
		}
	}
}

// Codes that leave several causes open are settled by the link that is missing.
func TestUnsureTokenRefusal(t *testing.T) {
	ev := shown(catalogue.Browser, broken{fact: fact.AppRegistered, value: "no"})
	if d := refusal(50020).Along(ev, catalogue.Browser, catalogue.Nowhere); d.Verdict != Confirmed || d.Cause != catalogue.OAuthAppNotFound {
		t.Errorf("%s %s", d.Verdict, d.Cause)
	}
	if d := refusal(50020).Along(shown(catalogue.Browser), catalogue.Browser, catalogue.Nowhere); d.Verdict != Unsure || len(d.Candidates) == 0 {
		t.Errorf("%s %v", d.Verdict, d.Candidates)
	}
}

// What is open of the chain comes before the causes that the words allow, and
// takes the place of none but the links that are in place.
func TestOpenLinksKeepTheOthers(t *testing.T) {
	way := catalogue.ClientSecret
	for _, d := range refusals(catalogue.GotToken)[:1] {
		got := d.Along(shown(way, broken{fact: fact.AppExchangePrincipal, value: "?"}), way, catalogue.GotToken)
		if got.Verdict != Unsure || len(got.Candidates) < 2 || got.Candidates[0] != "oauth-exchange-principal-missing" {
			t.Errorf("%s %v", got.Verdict, got.Candidates)
		}
		for _, c := range d.Candidates {
			if !isLink(c) && !slices.Contains(got.Candidates, c) {
				t.Errorf("without %s: %v of %v", c, got.Candidates, d.Candidates)
			}
		}
	}
}

// The server names a switch: it comes before what the tenant shows of the chain.
func TestServerNamesALink(t *testing.T) {
	d := Text("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.")
	d.Mechanism = probe.MechXOAUTH2
	ev := shown(catalogue.ClientSecret, broken{fact: fact.MailboxSMTPAuth, value: "off"}, broken{fact: fact.AppExchangePrincipal, value: fact.None})
	agrees(t, catalogue.ClientSecret, d.Along(ev, catalogue.ClientSecret, catalogue.GotToken), "smtp-auth-off-mailbox", "oauth-exchange-principal-missing")
}

// The ways of an application exclude each other: its role in Exchange needs no
// permission and no right to the mailbox, and its scope counts.
func TestRoleInExchange(t *testing.T) {
	way := catalogue.ClientCertificate
	role := func(scope string) []broken {
		return []broken{{fact: fact.AppSendAsApp, value: fact.None}, {fact: fact.AppFullAccess, value: "no"}, {fact: fact.AppRBAC, value: scope}}
	}
	for _, d := range refusals(catalogue.GotToken) {
		if in := d.Along(shown(way, role("in-scope")...), way, catalogue.GotToken); in.Also != nil || in.Verdict == Confirmed {
			t.Errorf("in scope: %s %s, also %v", in.Verdict, in.Cause, in.Also)
		}
		agrees(t, way, d.Along(shown(way, role("out-of-scope")...), way, catalogue.GotToken), "oauth-mailbox-permission-missing")
		mixed := d.Along(shown(way, broken{fact: fact.AppFullAccess, value: "no"}, broken{fact: fact.AppRBAC, value: "in-scope"}), way, catalogue.GotToken)
		agrees(t, way, mixed, "oauth-mailbox-permission-missing")
	}
}

// The device code is led to the browser where Entra blocks the code itself.
func TestElsewhere(t *testing.T) {
	for code, want := range map[int]catalogue.Way{530035: catalogue.Browser, 53003: catalogue.Browser, 7000218: "", 65001: "", 0: ""} {
		if got := Elsewhere(catalogue.DeviceCode, code); got != want {
			t.Errorf("%d: %q", code, got)
		}
	}
	if Elsewhere(catalogue.Browser, 53003) != "" {
		t.Error("the browser leads elsewhere")
	}
	for _, c := range signs.EntraCodes {
		weak := slices.ContainsFunc(c.Possible(), func(code catalogue.Code) bool { return code == "security-defaults" || code == "per-user-mfa" })
		for _, way := range catalogue.Ways {
			other, m := Elsewhere(way, c.Number), refusedToken(fmt.Sprintf("AADSTS%d: no", c.Number))
			if weak && (m.Cause != "" || m.Candidates != nil || !slices.Equal(m.Notes, []string{NotTheMailbox}) || other == "" || other == way || other == catalogue.DeviceCode) {
				t.Errorf("%d by %s: %+v, elsewhere %q", c.Number, way, m, other)
			}
		}
	}
	for said, want := range map[string]int{"AADSTS7000222: expired": 7000222, "AADSTS": 0, "": 0, "535": 0, "AADSTS99999999999999": 999999999} {
		if got := AADSTS(said); got != want {
			t.Errorf("%q: %d", said, got)
		}
	}
}

// Chain facts are asked for with OAuth alone, and no password is judged by them.
func TestChainIsApart(t *testing.T) {
	for _, mechanism := range []string{"", "LOGIN", "XOAUTH2"} {
		for _, c := range catalogue.All() {
			for _, name := range Questions(Diagnosis{Meaning: words.Meaning{Verdict: Named, Cause: c.Code}, Mechanism: mechanism}) {
				if slices.ContainsFunc(fact.Chain, func(r fact.Row) bool { return r.Name == name }) {
					t.Errorf("%s, %s: %s is asked for", c.Code, mechanism, name)
				}
			}
		}
	}
}
