package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/tenantsim"
	"smtpmend/probe"
)

// A wireLine runs command lines against the server of a cell.
type wireLine struct {
	t    *testing.T
	cell wireCell
	file string            // of the endpoints
	env  map[string]string // of the program
}

// wireEndpoint writes the endpoint file of a cloud whose submission is at
// smtp, beside the file of its roots, and returns its path.
func wireEndpoint(t *testing.T, dir, smtp, web string, roots []byte) string {
	t.Helper()
	text := fmt.Sprintf(`{"name":"wire","smtp":%q,"login":"%s","graph":"%[2]s/graph","exchange":"%[2]s/exchange","ca_file":"ca.pem"}`, smtp, web)
	path := filepath.Join(dir, "endpoint.json")
	err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.WriteFile(filepath.Join(dir, "ca.pem"), roots, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// timeout is what the command line allows, and most what it may take: where
// nothing but --timeout ends a dialogue not much more, elsewhere much less.
func (l *wireLine) timeout() (timeout, most time.Duration) {
	if only := l.cell.fault.end == silent || l.cell.fault.end == trickles; only && l.cell.decides() {
		return 2 * time.Second, 12 * time.Second
	}
	return 2 * time.Minute, time.Minute
}

// run runs one command line and holds what every one has to keep to.
func (l *wireLine) run(verb, format string, more ...string) (code int, out []byte) {
	timeout, most := l.timeout()
	args := append([]string{verb, tenantsim.Mailbox, "--cloud-file", l.file,
		"--timeout", timeout.String(), "--output", format}, more...)
	if l.cell.send {
		args = append(args, "--send")
	}
	var answer, all bytes.Buffer
	began := time.Now()
	code = run(context.WithoutCancel(l.t.Context()), &console{
		In: strings.NewReader(""), Out: io.MultiWriter(&answer, &all), Err: &all,
		LookupEnv: func(name string) (string, bool) { v, ok := l.env[name]; return v, ok },
	}, args)
	if took := time.Since(began); took > most {
		l.t.Errorf("%s took %s with --timeout %s", verb, took, timeout)
	}
	l.holds(verb, code, all.Bytes())
	return code, answer.Bytes()
}

// holds is what every output keeps to.
func (l *wireLine) holds(verb string, code int, said []byte) {
	text := string(said)
	if found := rawIn(said); found != "" {
		l.t.Errorf("%s prints raw: %s", verb, found)
	}
	if found := leaks(text, []string{wirePassword}); len(found) > 0 {
		l.t.Errorf("%s leaks %q", verb, found)
	}
	for _, form := range []string{wirePassword, wireBase64, wireBase64[3:20]} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
			l.t.Errorf("%s leaks %s", verb, form)
		}
	}
	if strings.Contains(text, "itself failed") || strings.Contains(text, "goroutine ") {
		l.t.Errorf("%s crashed:\n%s", verb, text)
	}
	if len(said) > 1<<20 {
		l.t.Errorf("%s prints %d octets", verb, len(said))
	}
	switch {
	case l.cell.counts() && code != exitOK:
		l.t.Errorf("%s: exit %d\n%s", verb, code, text)
	case !l.cell.counts() && code != exitUnsettled && code != exitCause:
		l.t.Errorf("%s: exit %d\n%s", verb, code, text)
	}
}

// probes holds the report of a probe against the cell, and what it means.
func (l *wireLine) probes() {
	code, out := l.run("probe", "json")
	var rep probe.Report
	if err := json.Unmarshal(out, &rep); err != nil {
		l.t.Fatalf("no JSON: %v\n%s", err, out)
	}
	stage, outcome := l.cell.turn.stage, probe.Failed
	switch {
	case l.cell.counts() && l.cell.send:
		stage, outcome = probe.StageData, probe.Accepted
	case l.cell.counts():
		stage, outcome = probe.StageRcpt, probe.Accepted
	case l.cell.refused():
		outcome = probe.Refused
	case l.cell.fault.name == portClosed:
		stage = probe.StageConnect
	}
	if l.cell.resetAtOnce() {
		stage = rep.Stage
	}
	if rep.Stage != stage || rep.Outcome != outcome {
		l.t.Errorf("%s at %s, want %s at %s: %+v", rep.Outcome, rep.Stage, outcome, stage, rep.Decisive())
	}
	l.honest("probe", diagnose.Record(&rep), code, false)
	rep.Server = "smtp.office365.com:587"
	l.honest("probe of Microsoft's name", diagnose.Record(&rep), -1, true)
}

// diagnoses holds a diagnosis against the cell.
func (l *wireLine) diagnoses() {
	code, out := l.run("diagnose", "json", "--auth", "none")
	var d struct {
		Schema     int
		Verdict    diagnose.Verdict
		Cause      catalogue.Code
		Candidates []catalogue.Code
	}
	if err := json.Unmarshal(out, &d); err != nil || d.Schema != 1 {
		l.t.Fatalf("no JSON: %v\n%s", err, out)
	}
	l.honest("diagnose", diagnose.Diagnosis{Meaning: words.Meaning{Verdict: d.Verdict, Cause: d.Cause, Candidates: d.Candidates}}, code, false)
}

// honest holds a verdict and its exit code, -1 for none, against the cell.
func (l *wireLine) honest(what string, d diagnose.Diagnosis, code int, office bool) {
	healthy, named := d.Verdict == diagnose.Healthy, d.Verdict == diagnose.Named
	switch {
	case healthy != l.cell.counts():
		l.t.Errorf("%s: %s", what, d.Verdict)
	case named && !slices.Contains(l.cell.names(office), d.Cause):
		l.t.Errorf("%s: named %s, which the words do not allow", what, d.Cause)
	case l.cell.said() && !slices.ContainsFunc(append(d.Candidates, d.Cause), l.cell.means):
		l.t.Errorf("%s: %s %s %v, but the words mean %v", what, d.Verdict, d.Cause, d.Candidates, l.cell.fault.names)
	case d.Verdict == diagnose.Confirmed:
		l.t.Errorf("%s: confirmed without a tenant", what)
	case d.Verdict == diagnose.Unsure && len(d.Candidates) == 0:
		l.t.Errorf("%s: unsure between %v", what, d.Candidates)
	case code >= 0 && code != verdictExit(d.Verdict):
		l.t.Errorf("%s: %s with exit %d", what, d.Verdict, code)
	}
}

// speaks has a verb say the same to a person.
func (l *wireLine) speaks(verb string) {
	var more []string
	switch verb {
	case "diagnose":
		more = []string{"--auth", "none"}
	case "verify":
		more = []string{"--wait", "0", "--poll", "1ms"}
	}
	if _, out := l.run(verb, "text", more...); len(out) == 0 {
		l.t.Errorf("%s says nothing", verb)
	}
}
