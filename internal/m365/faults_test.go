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

// openAt opens the fake with a short timeout, so that "slow" is soon over.
func (f *fake) openAt(t *testing.T, timeout time.Duration) *Tenant {
	t.Helper()
	tenant, err := openFast(t.Context(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	tenant.graph.Timeout, tenant.exchange.Timeout = timeout, timeout
	f.requests()
	return tenant
}

const slowEnough = 150 * time.Millisecond

func TestEveryTroubleAtEveryRead(t *testing.T) {
	for _, tr := range troubles(elsewhere(t)) {
		for _, row := range fact.Table {
			t.Run(tr.name+"/"+string(row.Name), func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				tenant := f.openAt(t, slowEnough)
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

// writes are the three changes, each with its request and what reads it back.
var writes = []struct {
	fact        fact.Name
	value       string
	route, back string
	old, new    string // bodies of what reads it back
	body        string // what is sent
}{
	{fact.OrgSecurityDefaults, "off", "PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy", routeDefaults,
		`{"isEnabled":true}`, `{"isEnabled":false}`, `{"@odata.type":"#microsoft.graph.identitySecurityDefaultsEnforcementPolicy","isEnabled":false}`},
	{fact.UserPerUserMFA, "disabled", "PATCH /beta" + graphUser + "/authentication/requirements", routeMFA,
		`{"perUserMfaState":"enforced"}`, `{"perUserMfaState":"disabled"}`, `{"perUserMfaState":"disabled"}`},
	{fact.MailboxSMTPAuth, "on", "Set-CASMailbox", "Get-CASMailbox",
		exchangeValue(`{"SmtpClientAuthenticationDisabled":true}`), exchangeValue(`{"SmtpClientAuthenticationDisabled":false}`),
		`{"CmdletInput":{"CmdletName":"Set-CASMailbox","Parameters":{"Identity":"scanner@contoso.com","SmtpClientAuthenticationDisabled":false}}}`},
}

// At every write each trouble is met in two tenants: one in which the change
// was lost with the answer, one in which it took effect.
func TestEveryTroubleAtEveryWrite(t *testing.T) {
	for _, tr := range troubles(elsewhere(t)) {
		for _, w := range writes {
			for _, took := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/took effect %v", tr.name, w.fact, took), func(t *testing.T) {
					t.Parallel()
					f := newFake(t)
					tenant := f.openAt(t, slowEnough)
					f.set(w.back, w.old)
					f.fault = func(route string, rw http.ResponseWriter, r *http.Request) bool {
						if route != w.route {
							return false
						}
						if took {
							f.set(w.back, w.new)
						}
						tr.serve(rw, r)
						return true
					}
					err := tenant.Write(t.Context(), w.fact, w.value)
					sent := f.requests()
					if n := count(sent, w.route); n < 1 || n > max(tr.repeats, 1) {
						t.Errorf("the change was sent %d times", n)
					}
					if count(sent, w.back) == 0 {
						t.Error("it was not read back")
					}
					if took {
						if err != nil {
							t.Errorf("the change took effect and Write says %v", err)
						}
						return
					}
					if err == nil {
						t.Fatal("no error")
					}
					row, _ := fact.Lookup(w.fact)
					if tr.lost {
						tr.next = "it still holds"
					}
					checkSentence(t, f, err.Error(), tr, row, *row.Write)
					if errors.Is(err, ErrUncertain) != tr.lost {
						t.Errorf("Uncertain: %v, want %v", errors.Is(err, ErrUncertain), tr.lost)
					}
					if tr.kind != nil && !errors.Is(err, tr.kind) {
						t.Errorf("%v is not of the kind %q", err, tr.kind)
					}
				})
			}
		}
	}
}
