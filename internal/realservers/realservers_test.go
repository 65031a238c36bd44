//go:build realservers

package realservers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose"
	"smtpmend/internal/secret"
	"smtpmend/probe"
)

const (
	mailbox  = "scanner@contoso.com"
	password = "Winter-2026!"
)

func TestPostfix(t *testing.T) {
	t.Parallel()
	certs := newAuthority(t)
	tryAll(t, startPostfix(t, certs), certs)
}

func TestExim(t *testing.T) {
	t.Parallel()
	certs := newAuthority(t)
	tryAll(t, startExim(t, certs), certs)
}

func tryAll(t *testing.T, s *server, certs *authority) {
	for _, trial := range trials {
		t.Run(trial.name, func(t *testing.T) {
			config := configOf(s, certs, trial)
			since := s.size()
			r := probe.Run(t.Context(), config)
			trial.judge(t, r)
			if s.tells(trial.heard) {
				if diff := cmp.Diff(trial.heard, s.heard(t, since)); diff != "" {
					t.Errorf("commands in the server's log (-want +got):\n%s", diff)
				}
			}
		})
	}
	t.Run("recorded as received", func(t *testing.T) { compareDialogues(t, s, certs) })
}

func configOf(s *server, certs *authority, trial trial) probe.Config {
	c := probe.Config{
		Server: address(trial.port(s.site)), Mailbox: mailbox,
		Secret: secret.New(password), Roots: certs.roots, Hello: "client.example",
	}
	if trial.change != nil {
		trial.change(&c)
	}
	return c
}

func (want trial) judge(t *testing.T, r *probe.Report) {
	t.Helper()
	decisive := r.Decisive()
	if r.Outcome != want.outcome || r.Stage != want.stage || decisive.Fault != want.fault {
		t.Fatalf("%s at %s, fault %q (%s), want %s at %s, fault %q\n%s",
			r.Outcome, r.Stage, decisive.Fault, decisive.Error, want.outcome, want.stage, want.fault, strings.Join(serverLines(r), "\n"))
	}
	if !strings.Contains(decisive.Error, want.says) {
		t.Errorf("the report says %q, want %q in it", decisive.Error, want.says)
	}
	d := diagnose.Record(r)
	if want.verdict != "" && d.Verdict != want.verdict {
		t.Errorf("verdict %s (%s, %v) for %q, want %s", d.Verdict, d.Cause, d.Candidates, d.Reply.Text, want.verdict)
	}
	if want.fault == probe.FaultCertificate {
		judgeCertificate(t, r)
	}
	if want.outcome == probe.Accepted {
		judgeStages(t, r)
	}
}

// judgeCertificate wants the bad certificate shown and no sign-in after it.
func judgeCertificate(t *testing.T, r *probe.Report) {
	t.Helper()
	if r.TLS == nil || r.TLS.Verified || r.TLS.Error == "" || len(r.TLS.Chain) == 0 {
		t.Errorf("the certificate and what is wrong with it are not in the report: %+v", r.TLS)
	}
	if last := r.Stages[len(r.Stages)-1].Name; last != probe.StageTLS {
		t.Errorf("the dialogue went on to %s", last)
	}
}

// judgeStages wants every stage, in order, and TLS that was verified.
func judgeStages(t *testing.T, r *probe.Report) {
	t.Helper()
	want := "resolve connect greeting ehlo starttls tls ehlo auth mail rcpt"
	if r.Stages[2].Name == probe.StageTLS {
		want = "resolve connect tls greeting ehlo auth mail rcpt"
	}
	if r.Stage == probe.StageData {
		want += " data quit"
	} else {
		want += " rset quit"
	}
	var got []string
	for _, stage := range r.Stages {
		got = append(got, string(stage.Name))
		if stage.Error != "" {
			t.Errorf("%s: %s", stage.Name, stage.Error)
		}
	}
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	if r.TLS == nil || !r.TLS.Verified || r.TLS.Version != "TLS 1.3" {
		t.Errorf("TLS: %+v", r.TLS)
	}
}

func serverLines(r *probe.Report) []string {
	var lines []string
	for _, stage := range r.Stages {
		for _, ex := range stage.Exchanges {
			if ex.Reply != nil {
				lines = append(lines, ex.Reply.Lines...)
			}
		}
	}
	return lines
}
