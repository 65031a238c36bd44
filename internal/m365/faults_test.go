package m365

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// openFor opens the fake, for slow answers with a timeout that is soon over.
func (f *fake) openFor(t *testing.T, tr trouble) *Tenant {
	t.Helper()
	tenant, err := openFast(t.Context(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	tenant.Subject(t.Context())
	tr.hurry(tenant)
	f.requests()
	return tenant
}

func (tr trouble) hurry(tenant *Tenant) {
	if tr.name == "slow" {
		tenant.graph.Timeout, tenant.exchange.Timeout = 150*time.Millisecond, 150*time.Millisecond
	}
}

func TestEveryTroubleAtEveryRead(t *testing.T) {
	for _, tr := range troubles(elsewhere(t)) {
		for _, row := range fact.Table {
			t.Run(tr.name+"/"+string(row.Name), func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				tenant := f.openFor(t, tr)
				f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
					if strings.Contains(r.URL.Path, "/login/") {
						return false
					}
					tr.serve(w, r)
					return true
				}
				got := tenant.Read(t.Context(), row.Name)[0]
				if got.Value != "" || got.Known() {
					t.Fatalf("reading = %+v, want an error", got)
				}
				checkSentence(t, f, got.Error, tr, row, row.Read)
				most := max(tr.sends, 1)
				for route, n := range perRoute(f.requests()) {
					if n > most {
						t.Errorf("%s was sent %d times, want %d at most", route, n, most)
					}
				}
			})
		}
	}
}

func checkSentence(t *testing.T, f *fake, text string, tr trouble, row fact.Row, access fact.Access) {
	t.Helper()
	want := []string{row.API, string(row.Name), tr.says, tr.next}
	if tr.next == "access" || tr.name == "401" && row.API == fact.APIExchange {
		want[3] = access.Application[0]
		if strings.Contains(text, "did not give the user") {
			want[3] = "User.Read.All" // it is the user that was not given
		}
		if row.API == fact.APIExchange {
			want = append(want, access.Role)
		}
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("sentence %q\nlacks %q", text, w)
		}
	}
	if strings.Contains(text, f.token()) || strings.Contains(text, testSecret) || strings.ContainsAny(text, "\n\r\x00") {
		t.Errorf("sentence holds a secret or more than one line: %q", text)
	}
}

func perRoute(sent []request) map[string]int {
	n := map[string]int{}
	for _, r := range sent {
		n[r.Route]++
	}
	return n
}

// writes are the three changes, each with its request.
var writes = []struct {
	fact  fact.Name
	value string
	route string
	body  string // what is sent
}{
	{fact.OrgSecurityDefaults, "off", "PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
		`{"@odata.type":"#microsoft.graph.identitySecurityDefaultsEnforcementPolicy","isEnabled":false}`},
	{fact.UserPerUserMFA, "disabled", "PATCH /beta" + graphUser + "/authentication/requirements", `{"perUserMfaState":"disabled"}`},
	{fact.MailboxSMTPAuth, "on", "Set-CASMailbox",
		`{"CmdletInput":{"CmdletName":"Set-CASMailbox","Parameters":{"Identity":"scanner@contoso.com","SmtpClientAuthenticationDisabled":false}}}`},
}

// A write is sent once, and what comes back says whether it was accepted,
// refused or lost; nothing is read to find out more.
func TestEveryTroubleAtEveryWrite(t *testing.T) {
	for _, tr := range troubles(elsewhere(t)) {
		for _, w := range writes {
			t.Run(fmt.Sprintf("%s/%s", tr.name, w.fact), func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				tenant := f.openFor(t, tr)
				f.requests()
				f.fault = func(route string, rw http.ResponseWriter, r *http.Request) bool {
					if route == w.route {
						tr.serve(rw, r)
					}
					return route == w.route
				}
				err := tenant.Write(t.Context(), w.fact, w.value)
				sent := f.requests()
				n := count(sent, w.route)
				if n < 1 || n > max(tr.repeats, 1) || n != len(sent) {
					t.Errorf("the change was sent %d times among %d requests", n, len(sent))
				}
				if granted := tr.name == "empty" && w.route == "Set-CASMailbox"; granted != (err == nil) {
					t.Fatalf("error %v", err)
				} else if granted {
					return // Exchange grants a Set so
				}
				row, _ := fact.Lookup(w.fact)
				said := tr // the cells of a trouble run at once
				if tr.lost {
					said.next = "may have been made, or may be yet"
				}
				checkSentence(t, f, err.Error(), said, row, *row.Write)
				if errors.Is(err, ErrUncertain) != tr.lost {
					t.Errorf("uncertain: %v, want %v", errors.Is(err, ErrUncertain), tr.lost)
				}
				if tr.kind != nil && !errors.Is(err, tr.kind) {
					t.Errorf("%v is not of the kind %q", err, tr.kind)
				}
			})
		}
	}
}
