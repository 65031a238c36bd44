//go:build devices

package devices

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
)

func TestDevices(t *testing.T) {
	w := newWorkshop(t)
	for _, c := range manual {
		if c.Setups[0].Is != right.Is {
			t.Errorf("%s: the first setup is not the right one", c.Name)
		}
		for _, s := range c.Setups {
			t.Run(c.Name+"/"+s.Is, func(t *testing.T) {
				t.Parallel()
				w.judge(t, c, s)
			})
		}
		for _, tn := range tenants {
			t.Run(c.Name+"/handed on/"+tn.Scenario, func(t *testing.T) {
				t.Parallel()
				w.handOn(t, c, tn)
			})
		}
	}
}

// A judgement is what a report says of a device.
type judgement struct {
	Verdict      diagnose.Verdict
	Cause        catalogue.Code
	Candidates   []catalogue.Code
	Findings     []catalogue.Code
	Observations []listen.Observation
}

func judge(r *listen.Report) judgement {
	return judgement{r.Verdict, r.Cause, r.Candidates, r.Findings, r.Observations}
}

// findings of which the cause is the only one.
func findings(cause catalogue.Code) []catalogue.Code {
	if cause == "" {
		return nil
	}
	return []catalogue.Code{cause}
}

// judge has a client submit with a setup and compares what is said of it.
func (w *workshop) judge(t *testing.T, c client, s setup) {
	d := w.newDevice(t, c, s.Settings)
	reports := d.hear(t, listen.Config{ImplicitTLS: s.TLSPort})
	d.submit(t)
	r := d.await(t, reports)
	want := judgement{s.Verdict, s.Cause, s.Candidates, findings(s.Cause), s.Shows}
	if diff := cmp.Diff(want, judge(r), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s\nreport: %s\nthe client said:\n%s", diff, report(t, r), d.said(t))
	}
	mustNotHold(t, report(t, r), password, token)
}

// handOn has a client that is set up rightly submit to a tenant. The device
// is told the service's own words, the person the cause, and the account sees
// one sign-in.
func (w *workshop) handOn(t *testing.T, c client, tn tenant) {
	scenario, ok := tenantsim.LookupScenario(tn.Scenario)
	if !ok {
		t.Fatalf("no scenario is called %s", tn.Scenario)
	}
	service := serve(t, scenario)
	d := w.newDevice(t, c, c.Setups[0].Settings)
	if scenario.Device.WrongPassword {
		d.values["PASSWORD"] = wrongPassword
	}
	reports := d.hear(t, listen.Config{Forward: forwardTo(service)})
	d.submit(t)
	r := d.await(t, reports)
	d.awaitSaid(t, tn.Told)

	want := judgement{tn.Verdict, tn.Cause, r.Candidates, findings(tn.Cause), nil}
	if diff := cmp.Diff(want, judge(r), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s\nreport: %s\nthe client said:\n%s", diff, report(t, r), d.said(t))
	}
	if several := len(r.Candidates) > 1; several != (tn.Among != "") || several && !slices.Contains(r.Candidates, tn.Among) {
		t.Errorf("candidates: %s", r.Candidates)
	}
	if len(r.Upstream) != 1 || !cmp.Equal(judgement{tn.Verdict, tn.Cause, r.Candidates, nil, nil},
		judgement{r.Upstream[0].Verdict, r.Upstream[0].Cause, r.Upstream[0].Candidates, nil, nil}, cmpopts.EquateEmpty()) {
		t.Errorf("upstream: %s", report(t, r))
	}
	if attempts := service.Attempts(); len(attempts) != 1 || attempts[0].Mailbox != tenantsim.Mailbox {
		t.Errorf("sign-ins at the service: %+v", attempts)
	}
	if arrived := service.Inbox(); tn.Verdict == diagnose.Healthy {
		if len(arrived) != 1 || !strings.Contains(arrived[0].Data, "Subject: scan") || !strings.Contains(arrived[0].Data, "hello") {
			t.Errorf("arrived: %+v", arrived)
		}
	} else if len(arrived) > 0 {
		t.Errorf("arrived all the same: %+v", arrived)
	}
	mustNotHold(t, report(t, r), password, wrongPassword)
}

func report(t *testing.T, r *listen.Report) []byte {
	t.Helper()
	text, err := json.Marshal(r)
	check(t, err)
	return text
}

// mustNotHold fails where text holds a secret as such or in base64.
func mustNotHold(t *testing.T, text []byte, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		for _, form := range []string{s, base64.StdEncoding.EncodeToString([]byte(s))} {
			if bytes.Contains(text, []byte(form)) {
				t.Errorf("the secret %q is in the report:\n%s", s, text)
			}
		}
	}
}
