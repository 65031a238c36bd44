package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
	var all []place
	for _, r := range w.Requests() {
		path, _, _ := strings.Cut(r.Path, "?")
		p := place{tenantsim.Fault{API: r.API, Method: r.Method, Path: path, Cmdlet: r.Cmdlet}, r.Writes}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	if len(all) < 14 {
		t.Fatalf("only %d kinds of requests: %v", len(all), all)
	}
	return all
}

// Every kind of fault at every read and every write: no panic, a sentence that
// says what to do, the right exit code, journal and tenant in agreement.
//
// A fault does not matter to a fix where the tenant's word is not needed: what
// the reply names needs its own fact alone, and a change whose answer was
// spoilt counts when reading back shows it.
func TestTrouble(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for what is throttled")
	}
	elsewhere := strangers(t)
	type trial struct {
		place
		flavour front.Flavour
		kind    string
		after   bool // the effect takes place and only the answer is spoilt
	}
	var trials []trial
	for _, flavour := range []front.Flavour{front.Newer, front.Older} {
		for _, p := range places(t, flavour) {
			for _, kind := range tenantsim.FaultKinds {
				if kind == "404" && p.fault.Cmdlet == "Get-Mailbox" {
					continue // an answer: there is no mailbox
				}
				trials = append(trials, trial{p, flavour, kind, false})
				if p.writes {
					trials = append(trials, trial{p, flavour, kind, true})
				}
			}
		}
	}
	each(len(trials), 48, func(_, i int) {
		tr := trials[i]
		if !sampled(i, 5) && !tr.writes {
			return
		}
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("%s, %s at %s, after %v", tr.flavour, tr.kind, tr.place, tr.after)
				}
			}()
			f := tr.fault
			f.Kind, f.AfterEffect, f.Location = tr.kind, tr.after, elsewhere.URL+"/steal"
			f.Delay.Duration = time.Second
			if tr.kind == "slow" {
				f.Delay.Duration = 3 * time.Second
			}
			w := newWorld(t, troubled(t, tr.flavour))
			w.trusts(t, elsewhere)
			w.open = func(ctx context.Context, o m365.Options) (*m365.Tenant, error) {
				o.Timeout = 2 * time.Second // ample for every other request
				if tr.kind != "slow" {
					o.Timeout = 0
				}
				return m365.Open(ctx, o)
			}
			if err := w.SetFaults(f); err != nil {
				t.Fatal(err)
			}
			if !tr.writes {
				w.diagnosesInTrouble(t)
			}
			w.fixesInTrouble(t, tr.place)
		})
	})
}

// nextStep is what each sentence of trouble holds: the API, and what it did
// not do, or that nobody could sign in.
var nextStep = regexp.MustCompile(`(Microsoft Graph|Exchange Online) did not (give|set|confirm) [^;]*(org|mailbox|user)\.[a-z-]+.*; \S+|sign-in to tenant \S+ failed: .*; \S+`)

func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

func (w *world) diagnosesInTrouble(t *testing.T) {
	t.Helper()
	var d struct{ Evidence fact.Evidence }
	code := w.object(t, &d, "diagnose", tenantsim.Mailbox)
	unread := 0
	for _, r := range d.Evidence {
		if r.Known() {
			continue
		}
		unread++
		if !nextStep.MatchString(r.Error) {
			t.Errorf("diagnose says of %s: %s", r.Fact, r.Error)
		}
	}
	if code != exitCause && code != exitUnsettled && code != exitTrouble || unread == len(d.Evidence) && code == exitUnsettled {
		t.Errorf("diagnose: exit %d", code)
	}
}

func (w *world) fixesInTrouble(t *testing.T, p place) {
	t.Helper()
	var out bytes.Buffer
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	code := w.runTo(t.Context(), &out, w.fixing(journals, "--yes-tenant-wide")...)
	knows(t, journals, before, w.State())
	if err := w.SetFaults(); err != nil {
		t.Fatal(err)
	}
	fixed := w.run(t.Context(), w.cloud("probe", tenantsim.Mailbox)...) == exitOK
	switch {
	case fixed != (code == exitOK), !fixed && code != exitUnmended && code != exitTrouble:
		t.Errorf("fix: exit %d, accepted afterwards: %v\n%s", code, fixed, out.String())
	case !fixed && !nextStep.MatchString(flat(out.String())):
		t.Errorf("fix does not say what to do:\n%s", out.String())
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
