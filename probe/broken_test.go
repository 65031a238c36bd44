package probe_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

var stageOf = map[string]probe.StageName{
	"greeting": probe.StageGreeting, "first EHLO": probe.StageEHLO, "STARTTLS": probe.StageSTARTTLS,
	"second EHLO": probe.StageEHLO, "AUTH prompt": probe.StageAuth, "AUTH final": probe.StageAuth,
	"MAIL": probe.StageMail, "RCPT": probe.StageRcpt, "DATA": probe.StageData, "message": probe.StageData,
}

// broken says what each break comes to. Of those that only mar a reply the
// dialogue goes on.
var broken = map[string]struct {
	fault probe.Fault
	mars  bool
	said  string // in the sentence or the note
}{
	"cut in mid-line":             {probe.FaultClosed, false, "closed the connection in the middle of a reply"},
	"cut before the LF":           {probe.FaultClosed, false, "closed the connection in the middle of a reply"},
	"cut between lines":           {probe.FaultClosed, false, "closed the connection in the middle of a reply"},
	"a 421 that is cut":           {probe.FaultClosed, false, "closed the connection in the middle of a reply"},
	"silence in mid-line":         {probe.FaultTimeout, false, "fell silent in the middle of a reply"},
	"nothing":                     {probe.FaultClosed, false, ""},
	"two at once":                 {probe.FaultOutOfTurn, false, `spoke out of turn: "250 2.0.0 and this"`},
	"one and a half":              {probe.FaultOutOfTurn, false, `spoke out of turn: "250 2.0.0 and th"`},
	"an empty line behind":        {probe.FaultOutOfTurn, false, `spoke out of turn: ""`},
	"a refusal and more":          {probe.FaultOutOfTurn, false, `spoke out of turn: "250 2.0.0 and this"`},
	"lines that differ":           {probe.FaultNotSMTP, false, "SMTP"},
	"lines that differ and go on": {probe.FaultNotSMTP, false, "SMTP"},
	"200 lines of continuation":   {probe.FaultFlood, false, "a reply of more than 200 lines"},
	"no SMTP":                     {probe.FaultNotSMTP, false, "SMTP"},
	"continuation for ever":       {probe.FaultFlood, false, "a reply of more than 200 lines"},
	"long lines for ever":         {probe.FaultFlood, false, "more than 262144 octets in one dialogue"},
	"a line for ever":             {probe.FaultFlood, false, "a line of more than 2000 octets"},
	"bare LF":                     {"", true, ""},
	"NULs":                        {"", true, ""},
}

// Whatever a server breaks, wherever: the probe ends, says where and how,
// keeps what was said, and gives no secret away.
func TestBrokenServers(t *testing.T) {
	probe.ShortenGreetWait(t)
	cert, roots := certificate(t)
	if len(broken) != len(breaks) {
		t.Fatalf("%d breaks, %d expectations", len(breaks), len(broken))
	}
	for _, send := range []bool{false, true} {
		for i, turn := range turns(send) {
			if send && i < len(turns(true))-3 {
				continue // as without a message
			}
			for name, breaks := range breaks {
				t.Run(turn.name+"/"+name, func(t *testing.T) {
					t.Parallel()
					b := &breaker{turns: turns(send), at: turn.name, breaks: breaks, cert: cert}
					ctx := t.Context()
					if broken[name].fault == probe.FaultTimeout {
						b.rings = newAlarm(ctx)
						ctx = b.rings
					}
					config := probe.Config{
						Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots,
						Send: send, Hello: "client.example", Timeout: time.Minute,
					}
					checkBroken(t, b, probe.Run(ctx, config), turn, name, send)
				})
			}
		}
	}
}

// A slow server is none that breaks: records of TLS that come in pieces are
// put together again, whatever a look in between has read of them.
func TestSlowServer(t *testing.T) {
	cert, roots := certificate(t)
	b := &breaker{turns: turns(true), cert: cert, slow: true}
	r := probe.Run(t.Context(), probe.Config{
		Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots, Send: true,
	})
	if r.Outcome != probe.Accepted || r.Stage != probe.StageData {
		t.Errorf("%s at %s: %+v", r.Outcome, r.Stage, r.Decisive())
	}
}

func checkBroken(t *testing.T, b *breaker, r *probe.Report, at turn, name string, send bool) {
	want := broken[name]
	outcome, stage, fault := probe.Failed, stageOf[at.name], want.fault
	switch {
	case stage == "" || want.mars: // RSET and QUIT decide nothing
		outcome, stage, fault = probe.Accepted, probe.StageRcpt, ""
		if send {
			stage = probe.StageData
		}
	case at.name == "STARTTLS" && fault == probe.FaultOutOfTurn && name != "a refusal and more":
		fault = probe.FaultUnexpected
	}
	if at.name == "AUTH prompt" && name == "NULs" { // no base64
		outcome, stage, fault = probe.Failed, probe.StageAuth, probe.FaultUnexpected
	}
	got := r.Decisive()
	if r.Outcome != outcome || got.Name != stage || got.Fault != fault || r.Crash != "" {
		t.Fatalf("got %s, %s, %q (%s); want %s, %s, %q\n%s", r.Outcome, got.Name, got.Fault, got.Error, outcome, stage, fault, r.Crash)
	}
	if last := r.Last(); outcome == probe.Failed && last != nil && last.Reply.Code != 0 && fault != probe.FaultUnexpected {
		t.Errorf("a reply is taken for what decided: %+v", last.Reply)
	}
	sentences := got.Error
	for _, s := range r.Stages {
		sentences += strings.Join(s.Notes, " ")
	}
	if fault != probe.FaultUnexpected && !strings.Contains(sentences, want.said) {
		t.Errorf("said %q, want %q", sentences, want.said)
	}
	if name == "bare LF" && strings.Count(sentences, "LF alone") != 1 {
		t.Errorf("the bare LF is not noted once: %q", sentences)
	}
	checkSecrets(t, b, stage)
	checkRecorded(t, r, at, name)
	if after := b.After(); !want.mars && after != "" {
		t.Errorf("said after the break: %q", after)
	}
}

func checkSecrets(t *testing.T, b *breaker, stage probe.StageName) {
	secure, plain := b.Secrets(password)
	if plain != 0 || secure > 1 {
		t.Errorf("%d secrets under TLS and %d before", secure, plain)
	}
	switch stage {
	case probe.StageMail, probe.StageRcpt, probe.StageData:
		if secure != 1 {
			t.Errorf("signed in with %d secrets", secure)
		}
	}
}

// checkRecorded holds what was said at the break against the record.
func checkRecorded(t *testing.T, r *probe.Report, at turn, name string) {
	lines := serverLines(r)
	want := map[string]string{
		"cut in mid-line":     lastLine(at.says[:len(at.says)-3]),
		"cut before the LF":   lastLine(at.says[:len(at.says)-1]),
		"cut between lines":   at.says[:3] + "-more",
		"a 421 that is cut":   "421 4.3.2 Service not av",
		"silence in mid-line": lastLine(at.says[:len(at.says)-3]),
		"two at once":         "250 2.0.0 and this",
		"one and a half":      "250 2.0.0 and th",
		"a refusal and more":  "535 5.7.139 no",
		"no SMTP":             "HTTP/1.1 400 Bad Request",
		"NULs":                strings.SplitN(at.says[:4]+"\x00\x00"+at.says[4:], "\r\n", 2)[0],
		"bare LF":             lastLine(strings.TrimRight(at.says, "\r\n")),
	}[name]
	if want != "" && !slices.Contains(lines, want) {
		t.Errorf("%q is not in the record: %q", want, lines)
	}
	if n := len(strings.Join(lines, "\n")); n > 300<<10 {
		t.Errorf("%d octets were kept", n)
	}
	for _, s := range r.Stages {
		for _, ex := range s.Exchanges {
			if ex.Reply != nil && ex.Reply.Partial && (ex.Reply.Code != 0 || ex.Reply.Status != "") {
				t.Errorf("part of a reply has a code: %+v", ex.Reply)
			}
			if ex.Unasked && ex.Sent != "" {
				t.Errorf("unasked, and yet in answer to %q", ex.Sent)
			}
		}
	}
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }
