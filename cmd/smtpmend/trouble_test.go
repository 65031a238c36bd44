package main

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
	"smtpmend/internal/front"
	"smtpmend/internal/m365"
	"smtpmend/internal/tenantsim"
)

// troubled is a tenant with three faults to mend one after the other, in whose
// diagnosis every API has its part. Older words name no cause, so that all
// readings matter.
func troubled(t *testing.T, flavour front.Flavour) *tenantsim.State {
	state := tenantsim.Default()
	state.SMTP.Flavour = flavour
	state.Users[0].SMTPAuth, state.Users[0].PerUserMFA = "inherit", "enforced"
	state.Users[0].AuthPolicy, state.Org.SecurityDefaults = "Allow Basic SMTP", "on"
	if err := state.Validate(); err != nil {
		t.Fatal(err)
	}
	return state
}

// A place is a kind of request, to be struck by faults.
type place struct {
	fault  tenantsim.Fault // but for its kind
	writes bool
}

func (p place) String() string {
	return strings.TrimSpace(p.fault.API + " " + p.fault.Method + " " + p.fault.Path + " " + p.fault.Cmdlet)
}

// places finds every read and write that a fix makes, by making one.
func places(t *testing.T, flavour front.Flavour) []place {
	w := newWorld(t, troubled(t, flavour))
	if code := w.run(t.Context(), w.fixing(filepath.Join(w.dir, "j"), "--yes-tenant-wide")...); code != exitOK {
		t.Fatalf("exit %d\n%s", code, w.said.String())
	}
	all := placesOf(w.Requests())
	if len(all) < 14 {
		t.Fatalf("only %d kinds of requests: %v", len(all), all)
	}
	return all
}

func placesOf(requests []tenantsim.Request) []place {
	var all []place
	for _, r := range requests {
		path, _, _ := strings.Cut(r.Path, "?")
		p := place{tenantsim.Fault{API: r.API, Method: r.Method, Path: path, Cmdlet: r.Cmdlet}, r.Writes}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// A cell is one mishap at one place of one tenant.
type cell struct {
	place
	mishap
	flavour front.Flavour
}

// strike is the fault of the mishap at the place.
func (c cell) strike() tenantsim.Fault {
	f := c.mishap.fault
	f.API, f.Method, f.Path, f.Cmdlet = c.place.fault.API, c.place.fault.Method, c.place.fault.Path, c.place.fault.Cmdlet
	return f
}

func cells(t *testing.T, elsewhere string) []cell {
	var all []cell
	for _, flavour := range []front.Flavour{front.Newer, front.Older} {
		for _, p := range places(t, flavour) {
			for _, tr := range p.mishaps(elsewhere) {
				all = append(all, cell{p, tr, flavour})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b cell) int { return strings.Compare(a.String()+a.name, b.String()+b.name) })
	return all
}

// exits are the codes with which a fix may end: 5 where an API is down,
// throttles or takes no sign-in; 4 where a write may still land, or was refused
// for want of a permission; 1 where what is unread keeps a plan back; 0 only
// where it was mended all the same.
func (c cell) exits() []int {
	f, isDown := c.mishap.fault, slices.Contains(down, c.mishap.fault.Kind)
	switch {
	case c.place.fault.API == "login" && f.Kind == "expired-token":
		return []int{exitOK, exitUnmended, exitTrouble} // a secret that is refused
	case f.Nth > 0 && (!c.writes || f.Kind != "503"), f.Kind == "paging", f.Kind == "opaque-token":
		return []int{exitOK}
	case f.AfterEffect:
		return []int{exitOK}
	case c.place.fault.API == "login":
		return []int{exitOK, exitUnmended, exitTrouble}
	case f.Kind == "expired-token":
		return []int{exitOK}
	case c.writes && (strings.HasPrefix(f.Kind, "429") || f.Kind == "401" && c.place.fault.API == "graph"):
		return []int{exitTrouble}
	case c.writes:
		return []int{exitOK, exitUnmended}
	case isDown && c.place.fault.API == "exchange":
		return []int{exitTrouble}
	case isDown, f.Kind == "401" && c.place.fault.API == "graph":
		if strings.HasSuffix(c.place.fault.Path, "/transitiveMemberOf") {
			return []int{exitOK, exitCause} // roles unread: a plan that has to be named
		}
		return []int{exitOK, exitTrouble}
	case slices.Contains([]string{"wrong-types", "mistyped"}, f.Kind):
		return []int{exitOK, exitCause, exitUnmended, exitTrouble}
	}
	return []int{exitOK, exitCause, exitUnmended}
}

// down are the kinds that leave nothing of an API's own answer.
var down = []string{"429", "429-retry-after", "429-date", "500", "502-html", "503", "html", "empty", "reset", "truncated", "slow", "bad-gzip"}

// Every kind of fault at every read and every write of a fix: no panic, a
// sentence that says what to do, the right exit code, journal and tenant in
// agreement, nothing weakened that was not to be, and never everybody while
// anything was unread.
//
// A fault does not matter to a fix where the tenant's word is not needed: what
// the reply names needs its own fact alone, and a change whose answer was
// spoilt counts when reading back shows it.
func TestTrouble(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for what is throttled")
	}
	elsewhere := strangers(t)
	all := cells(t, elsewhere.URL)
	var walked atomic.Int32
	each(len(all), 32, func(_, i int) {
		if !sampled(i, 11) {
			return
		}
		walked.Add(1)
		c := all[i]
		t.Run(fmt.Sprintf("%s at %s, %s", c.name, c.place, c.flavour), func(t *testing.T) {
			w := newWorld(t, troubled(t, c.flavour))
			defer w.Close()
			w.trusts(t, elsewhere)
			w.open = func(ctx context.Context, o m365.Options) (*m365.Tenant, error) {
				o.Timeout = patience
				return m365.Open(ctx, o)
			}
			f := c.strike()
			if err := w.SetFaults(f); err != nil {
				t.Fatal(err)
			}
			var unread []fact.Name
			if !c.writes {
				unread = w.diagnosesInTrouble(t)
				if err := w.SetFaults(f); err != nil { // which counts anew
					t.Fatal(err)
				}
			}
			w.fixesInTrouble(t, c, unread)
		})
	})
	t.Logf("%d of %d cells", walked.Load(), len(all))
}

// nextStep is what each sentence of trouble holds: the API, and what it did
// not do, or that nobody could sign in, and after a semicolon what to do.
var nextStep = regexp.MustCompile(`(Microsoft Graph|Exchange Online) did not (give|set|confirm) .*; \S+|sign-in to tenant \S+ failed: .*; \S+|; (try|sign in|check|look|report|grant|assign|unset|give|run)|could not be read| Next `)

func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// diagnosesInTrouble returns which settings could not be read.
func (w *world) diagnosesInTrouble(t *testing.T) []fact.Name {
	t.Helper()
	var d struct{ Evidence fact.Evidence }
	code := w.object(t, &d, "diagnose", w.typed)
	var unread []fact.Name
	for _, r := range d.Evidence {
		if r.Known() {
			continue
		}
		if slices.Contains(diagnose.Settings("LOGIN"), r.Fact) {
			unread = append(unread, r.Fact)
		}
		if !strings.Contains(r.Error, "; ") {
			t.Errorf("diagnose says of %s: %s", r.Fact, r.Error)
		}
	}
	if code != exitCause && code != exitUnsettled && code != exitTrouble && code != exitUnmended {
		t.Errorf("diagnose: exit %d", code)
	}
	return unread
}

func (w *world) fixesInTrouble(t *testing.T, c cell, unread []fact.Name) {
	t.Helper()
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	w.watchWrites(t)
	code, answer := w.fix(t, journals)
	w.OnRequest(nil)
	knows(t, journals, before, w.State())
	if strings.Contains(w.said.String(), "itself failed") || strings.Contains(w.said.String(), "goroutine ") {
		t.Errorf("crashed:\n%s", w.said.String())
	}
	for _, r := range w.Writes() {
		if wrote(r) == "PATCH:identitySecurityDefaultsEnforcementPolicy" && len(unread) > 0 {
			t.Errorf("everybody was weakened with %v unread", unread)
		}
	}
	if err := w.SetFaults(); err != nil {
		t.Fatal(err)
	}
	fixed := w.run(t.Context(), w.cloud("probe", w.typed)...) == exitOK
	switch {
	case !slices.Contains(c.exits(), code):
		t.Errorf("fix: exit %d, want one of %d\n%s", code, c.exits(), answer)
	case fixed != (code == exitOK):
		t.Errorf("fix: exit %d, accepted afterwards: %v\n%s", code, fixed, answer)
	case !fixed && !nextStep.MatchString(flat(w.said.String())):
		t.Errorf("fix does not say what to do:\n%s", w.said.String())
	}
	w.undoes(t, journals, before)
}

// strangers is a server that is none of the cloud's: nothing may arrive there.
func strangers(t *testing.T) *httptest.Server {
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request left the cloud: %s %s, Authorization of %d bytes", r.Method, r.URL, len(r.Header.Get("Authorization")))
	}))
	t.Cleanup(s.Close)
	return s
}

// trusts has the endpoint file trust the certificate of s, so that nothing
// but the host can keep a request from it.
func (w *world) trusts(t *testing.T, s *httptest.Server) {
	w.trustsPEM(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
}

// trustsRootOf has the endpoint file trust another world's authority too.
func (w *world) trustsRootOf(t *testing.T, other *world) {
	roots, err := os.ReadFile(filepath.Join(other.dir, tenantsim.CAFile))
	if err != nil {
		t.Fatal(err)
	}
	w.trustsPEM(t, roots)
}

func (w *world) trustsPEM(t *testing.T, more []byte) {
	file := filepath.Join(w.dir, tenantsim.CAFile)
	roots, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(roots, more...), 0o600); err != nil {
		t.Fatal(err)
	}
}
