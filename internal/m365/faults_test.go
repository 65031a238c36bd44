package m365

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// A trouble is one way in which an admin API fails to answer.
type trouble struct {
	name  string
	serve func(w http.ResponseWriter, r *http.Request)
	says  string // part of the sentence
	kind  error
	next  string // part of the next step; "access" for the permission and role

	sends   int  // most requests for a read
	repeats int  // most requests for a write; 0 for one
	lost    bool // a write may have taken effect all the same
}

func respond(status int, contentType, body string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func troubles(elsewhere string) []trouble {
	const js = "application/json"
	nul := strings.Repeat("\x00", 4096)
	page := "<!DOCTYPE html><html><title>Blocked</title>"
	return []trouble{
		{name: "401", serve: respond(401, js, `{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty."}}`), says: "status 401 (InvalidAuthenticationToken", next: "sign in"},
		{name: "403 with words", serve: respond(403, js, `{"error":{"code":"AccessDenied","message":"You cannot perform the requested operation, required scopes are missing in the token."}}`), says: "AccessDenied", kind: ErrPermission, next: "access"},
		{name: "403 of NUL bytes", serve: respond(403, js, nul, "Content-Encoding", "gzip"), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "403 without message", serve: respond(403, js, `{"error":{"code":"Forbidden"}}`), says: "Forbidden", kind: ErrPermission, next: "access"},
		{name: "403 of another shape", serve: respond(403, js, `{"odata.error":{"code":"x"}}`), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "403 empty object", serve: respond(403, js, `{}`), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "400", serve: respond(400, js, `{"error":{"code":"BadRequest","message":"Invalid Operation"}}`), says: `BadRequest: "Invalid Operation"`, kind: ErrRefused, next: "report it"},
		{name: "404", serve: respond(404, js, `{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist."}}`), says: "Request_ResourceNotFound", kind: ErrRefused, next: "check the mailbox's name"},
		{name: "429 with Retry-After", serve: respond(429, js, `{}`, "Retry-After", "1"), says: "takes no more requests", kind: ErrThrottled, next: "try again in 1s", sends: 4, repeats: 4},
		{name: "429 without Retry-After", serve: respond(429, js, ``), says: "takes no more requests", kind: ErrThrottled, next: "try again", sends: 4, repeats: 4},
		{name: "429 for an hour", serve: respond(429, js, ``, "Retry-After", "3600"), says: "takes no more requests", kind: ErrThrottled, next: "try again in 1h0m0s"},
		{name: "concurrency", serve: respond(400, "text/plain", "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"), says: "takes no more requests", kind: ErrThrottled, next: "try again", sends: 4, repeats: 4},
		{name: "500", serve: respond(500, js, `{"error":{"code":"InternalServerError","message":"oops"}}`), says: `status 500 (InternalServerError: "oops")`, kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "503", serve: respond(503, js, ``, "Retry-After", "1"), says: "status 503", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "HTML", serve: respond(200, "text/html", page), says: "a web page came back instead of data (status 200)", kind: ErrUnreachable, next: "proxy", lost: true},
		{name: "HTML 403", serve: respond(403, "text/html; charset=utf-8", page), says: "a web page came back instead of data (status 403)", kind: ErrUnreachable, next: "proxy"},
		{name: "empty", serve: respond(200, js, ``), says: "the answer was empty", kind: ErrUnreachable, next: "try again", lost: true},
		{name: "cut short", serve: respond(200, js, `{"value":[{"isEna`), says: "cut short", kind: ErrUnreachable, next: "proxy", lost: true},
		{name: "broken off", serve: respond(200, js, `{"value":`, "Content-Length", "5000"), says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "gzip that is none", serve: respond(200, js, `{"value":[]}`, "Content-Encoding", "gzip"), says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "slow", serve: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, says: "no complete answer within", kind: ErrUnreachable, next: "try again", lost: true},
		// One more than our own, for net/http repeats a GET that met a closed connection.
		{name: "reset", serve: reset, says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 4, lost: true},
		{name: "redirect elsewhere", serve: respond(302, js, ``, "Location", elsewhere+"/steal"), says: "which is not a host of the cloud", kind: ErrOutsideCloud, next: "check the endpoints"},
		{name: "redirect to plain HTTP", serve: respond(307, js, ``, "Location", strings.Replace(elsewhere, "https:", "http:", 1)), says: "which is not a host of the cloud", kind: ErrOutsideCloud, next: "check the endpoints"},
		{name: "redirect nowhere", serve: respond(302, js, ``), says: "without saying where", kind: ErrOutsideCloud, next: "proxy"},
	}
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	if tcp, ok := conn.(interface{ NetConn() net.Conn }).NetConn().(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// openAt opens the fake with a short timeout, so that "slow" is soon over.
func (f *fake) openAt(t *testing.T, timeout time.Duration) *Tenant {
	t.Helper()
	tenant, err := openFast(t.Context(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	tenant.graph.timeout, tenant.exchange.timeout = timeout, timeout
	f.requests()
	return tenant
}

// elsewhere is a server that is not the cloud's; nothing may arrive there.
func elsewhere(t *testing.T) string {
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request left the cloud: %s %s, Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(s.Close)
	return s.URL
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
					if asked := count(sent, w.back) > 0; asked != tr.lost {
						t.Errorf("read back: %v, want %v", asked, tr.lost)
					}
					if tr.lost && took {
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
						t.Errorf("uncertain: %v, want %v", errors.Is(err, ErrUncertain), tr.lost)
					}
					if tr.kind != nil && !errors.Is(err, tr.kind) {
						t.Errorf("%v is not of the kind %q", err, tr.kind)
					}
				})
			}
		}
	}
}

func TestWrite(t *testing.T) {
	for _, w := range writes {
		f := newFake(t)
		tenant := f.open(t)
		f.requests()
		if err := tenant.Write(t.Context(), w.fact, w.value); err != nil {
			t.Fatal(err)
		}
		sent := f.requests()
		if len(sent) != 1 || sent[0].Route != w.route || sent[0].Body != w.body {
			t.Errorf("%s: sent %+v, want %s %s", w.fact, sent, w.route, w.body)
		}
	}
}

// Unset is inherit, and inherit is written as unset.
func TestWriteInherit(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "inherit"); err != nil {
		t.Fatal(err)
	}
	if sent := f.requests(); !strings.Contains(sent[0].Body, `"SmtpClientAuthenticationDisabled":null`) {
		t.Errorf("sent %s", sent[0].Body)
	}
}

// What smtpmend does not change is refused before any request, the
// organisation's switch above all.
func TestWriteRefusesTheRest(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	for _, row := range fact.Table {
		values := []string{"", "on; off", "true"}
		if row.Write == nil {
			for _, v := range row.Values {
				values = append(values, v.Value)
			}
		}
		for _, v := range values {
			if err := tenant.Write(t.Context(), row.Name, v); !errors.Is(err, ErrNotWritable) {
				t.Errorf("Write(%s, %q) = %v", row.Name, v, err)
			}
		}
	}
	if err := tenant.Write(t.Context(), "org.nothing", "on"); !errors.Is(err, ErrNotWritable) {
		t.Errorf("unknown fact: %v", err)
	}
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("requests were sent: %+v", sent)
	}
}

// With read permissions alone everything is read, and a change at Graph stops
// before it is sent.
func TestWriteWithReadPermissions(t *testing.T) {
	f := newFake(t)
	f.claims["roles"] = []string{"Policy.Read.All", "User.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "Exchange.ManageAsApp"}
	tenant := f.open(t)
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		if !got.Known() {
			t.Errorf("%+v", got)
		}
	}
	f.requests()
	for _, w := range writes[:2] {
		row, _ := fact.Lookup(w.fact)
		err := tenant.Write(t.Context(), w.fact, w.value)
		if !errors.Is(err, ErrPermission) || !strings.Contains(err.Error(), row.Write.Application[0]) {
			t.Errorf("%s: %v", w.fact, err)
		}
	}
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("sent %+v", sent)
	}
}

// A cmdlet that says it changed nothing is believed only when the value holds.
func TestSetThatChangedNothing(t *testing.T) {
	for _, header := range []bool{false, true} {
		f := newFake(t)
		tenant := f.open(t)
		warning := "The command completed successfully but no settings of 'scanner' have been modified."
		f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
			if route != "Set-CASMailbox" {
				return false
			}
			if header {
				respond(200, "application/json", `{"value":[]}`, "X-Warnings", warning)(w, r)
			} else {
				respond(200, "application/json", `{"@adminapi.warnings":["`+warning+`"],"value":[]}`)(w, r)
			}
			return true
		}
		f.set("Get-CASMailbox", writes[2].new)
		if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on"); err != nil {
			t.Errorf("the value holds already, and Write says %v", err)
		}
		f.set("Get-CASMailbox", writes[2].old)
		err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
		if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("the value does not hold, and Write says %v", err)
		}
	}
}

// Ctrl-C in the middle of a change: what holds is asked all the same.
func TestInterruptedWriteReadsBack(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Set-CASMailbox" {
			return false
		}
		f.set("Get-CASMailbox", writes[2].new)
		cancel()
		<-r.Context().Done()
		return true
	}
	if err := tenant.Write(ctx, fact.MailboxSMTPAuth, "on"); err != nil {
		t.Errorf("the change took effect and Write says %v", err)
	}
}

// What cannot be read back is uncertain, and the sentence says why.
func TestReadBackFails(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(route, "-CASMailbox") {
			respond(503, "application/json", "")(w, r)
			return true
		}
		return false
	}
	err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
	if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "could not be read either") {
		t.Errorf("error = %v", err)
	}
}

// Entra makes "enforced" of "enabled" by itself; that is no failure.
func TestReadBackOfEnabledMFA(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.set(routeMFA, `{"perUserMfaState":"enforced"}`)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(route, "PATCH") {
			respond(504, "application/json", "")(w, r)
			return true
		}
		return false
	}
	if err := tenant.Write(t.Context(), fact.UserPerUserMFA, "enabled"); err != nil {
		t.Error(err)
	}
}
