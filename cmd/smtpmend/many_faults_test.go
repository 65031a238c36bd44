package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/internal/m365"
	"smtpmend/internal/many"
	"smtpmend/internal/tenantsim"
	"smtpmend/probe"
)

// What an attempt tells about those to come.
func TestSignsOf(t *testing.T) {
	accepted := &probe.Report{Mechanism: "LOGIN", Stages: []probe.Stage{{Name: probe.StageAuth}, {Name: probe.StageMail}}}
	refused := &probe.Report{Mechanism: "LOGIN", Stages: []probe.Stage{{Name: probe.StageAuth}}}
	nobody := &probe.Report{Stages: []probe.Stage{{Name: probe.StageMail}}}
	throttled := fact.Evidence{{Trouble: fmt.Errorf("asked: %w", m365.ErrThrottled)}}
	tests := []struct {
		rep      *probe.Report
		cause    catalogue.Code
		open     []catalogue.Code
		evidence fact.Evidence
		want     many.Signs
	}{
		{accepted, "", nil, nil, many.Signs{SignedIn: true}},
		{accepted, catalogue.SendAsDenied, nil, nil, many.Signs{SignedIn: true}},
		{nobody, catalogue.NotAuthenticated, nil, nil, many.Signs{}},
		{refused, catalogue.BadCredentials, nil, nil, many.Signs{Refused: true}},
		{refused, catalogue.AccountLocked, nil, nil, many.Signs{Refused: true}},
		{refused, catalogue.SMTPAuthOffMailbox, nil, nil, many.Signs{}},
		{refused, "", []catalogue.Code{catalogue.SMTPAuthOffMailbox, catalogue.BadCredentials}, nil, many.Signs{Refused: true}},
		{refused, "", []catalogue.Code{catalogue.SMTPAuthOffMailbox, catalogue.AccountLocked}, nil, many.Signs{Refused: true}},
		{refused, "", []catalogue.Code{catalogue.SMTPAuthOffMailbox, catalogue.PerUserMFA}, nil, many.Signs{}},
		{refused, catalogue.Throttled, nil, nil, many.Signs{Throttled: true}},
		{refused, catalogue.PerUserMFA, nil, throttled, many.Signs{Throttled: true}},
		{nil, catalogue.BadCredentials, nil, nil, many.Signs{Refused: true}}, // of a record
	}
	for _, tt := range tests {
		d := diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Named, Cause: tt.cause, Candidates: tt.open}, Evidence: tt.evidence}
		if tt.cause == "" {
			d.Verdict = diagnose.Unsure
		}
		if got := signsOf(tt.rep, d); got != tt.want {
			t.Errorf("%v %s: %+v, want %+v", tt.rep, tt.cause, got, tt.want)
		}
	}
}

// A closing door takes n bytes.
type door struct{ left int }

func (d *door) Write(b []byte) (int, error) {
	if d.left -= len(b); d.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}

// What cannot be printed is not tried: whoever reads the answer has left.
func TestNobodyReadsMany(t *testing.T) {
	h := newHerd(t, 40)
	code := run(t.Context(), &console{
		In: strings.NewReader(""), Out: &door{left: 100_000}, Err: &h.said,
		LookupEnv: func(name string) (string, bool) { v, ok := h.env[name]; return v, ok },
	}, h.cloud("diagnose", "--from-file", h.list, "-o", "json", "--parallel", "2"))
	if tried := len(h.Attempts()); code != exitTrouble || tried < 2 || tried > 35 {
		t.Errorf("exit %d after %d sign-ins\n%s", code, tried, h.said.String())
	}
	h.says(t, "the answer could not be printed")
}

// What cannot be recorded is not tried either; the table still says what is
// known, and the next run goes on.
func TestDiskFullAmongMany(t *testing.T) {
	sh, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	h := newHerd(t, 40)
	record := filepath.Join(h.dir, "run.jsonl")
	args := h.cloud("diagnose", "--from-file", h.list, "--parallel", "2", "--resume", record)
	cmd := h.command(t, args...)
	cmd.Args = append([]string{sh, "-c", `ulimit -f 60; exec "$@"`, "sh", cmd.Path}, cmd.Args[1:]...) // blocks of 1024 bytes
	cmd.Path = sh
	out, err := cmd.CombinedOutput()
	tried := len(h.Attempts())
	if exited, ok := errors.AsType[*exec.ExitError](err); !ok || exited.ExitCode() != exitTrouble || tried < 2 || tried > 35 {
		t.Fatalf("%v after %d sign-ins\n%s", err, tried, out)
	}
	for _, said := range []string{"By cause", "not-tried", "run.jsonl cannot be written, so nothing more was tried"} {
		if !strings.Contains(string(out), said) {
			t.Errorf("does not say %q:\n%s", said, out)
		}
	}
	kept, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	had, begun, _ := answers(t, whole(kept))
	if code := h.run(t.Context(), args...); code != exitCause {
		t.Errorf("gone on with: exit %d\n%s", code, h.said.String())
	}
	if again := len(h.Attempts()) - tried; again != 40-len(had) || len(begun)-len(had) > 2 {
		t.Errorf("%d had a result, %d were begun, %d tried again", len(had), len(begun), again)
	}
}

// The tenant cannot be read: each mailbox says so, nothing else goes wrong, and
// nobody signs in again for each.
func TestNoAdminAmongMany(t *testing.T) {
	h := newHerd(t, 30)
	h.env["AZURE_CLIENT_SECRET"] = "not-the-secret"
	if code := h.run(t.Context(), h.cloud("diagnose", "--from-file", h.list)...); code != exitTrouble {
		t.Errorf("exit %d\n%s", code, h.said.String())
	}
	tokens := 0
	for _, r := range h.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			tokens++
		}
	}
	if said := strings.Count(h.said.String(), "invalid_client") + strings.Count(h.said.String(), "7000215"); said != 1 {
		t.Errorf("why is said %d times:\n%s", said, h.said.String())
	}
	if tokens > 2 || len(h.Attempts()) != 30 {
		t.Errorf("%d token requests, %d sign-ins", tokens, len(h.Attempts()))
	}
}

// A throttled tenant is paused for and not asked in vain: the first pause is
// seen, the rest is not waited for.
func TestThrottledAmongMany(t *testing.T) {
	h := newHerd(t, 12)
	if err := h.SetFaults(tenantsim.Fault{API: "exchange", Kind: "429"}); err != nil {
		t.Fatal(err)
	}
	var out lockedBuffer
	cmd := h.command(t, h.cloud("diagnose", "--from-file", h.list, "--parallel", "1")...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); !strings.Contains(out.String(), "pausing for 15s") && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	tried := len(h.Attempts())
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if !strings.Contains(out.String(), "pausing for 15s") || len(h.Attempts()) != tried || !strings.Contains(out.String(), "not-tried") {
		t.Errorf("%d sign-ins, then %d\n%s", tried, len(h.Attempts()), out.String())
	}
}
