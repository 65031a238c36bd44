package dialogue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecord(t *testing.T) {
	var r Record
	for _, said := range [][]string{
		{"", "220 ready"}, {"EHLO x", "250-ready", "250 STARTTLS"}, {"STARTTLS", "220 go ahead"},
	} {
		r.Begin(said[0])
		r.Answer(said[1:])
	}
	r.Handshake(0, "")
	for _, said := range [][]string{
		{"AUTH LOGIN", "334 VXNlcm5hbWU6"}, {"****", "535 5.7.3 no"}, {"DATA", "354 go on"},
	} {
		r.Begin(said[0])
		r.Answer(said[1:])
	}
	r.Answer([]string{"250 2.0.0 OK"})
	r.Begin("QUIT")
	r.Close()
	var got []string
	for _, s := range r.Stages {
		for _, e := range s.Exchanges {
			text := fmt.Sprintf("%s: %s", s.Name, e.Sent)
			if e.Reply != nil {
				text += fmt.Sprintf(" -> %d %s %s", e.Reply.Code, e.Reply.Status, strings.Join(e.Reply.Lines, "|"))
			}
			got = append(got, text)
		}
		if len(s.Exchanges) == 0 {
			got = append(got, string(s.Name))
		}
	}
	want := []string{
		"greeting:  -> 220  220 ready", "ehlo: EHLO x -> 250  250-ready|250 STARTTLS", "starttls: STARTTLS -> 220  220 go ahead", "tls",
		"auth: AUTH LOGIN -> 334  334 VXNlcm5hbWU6", "auth: **** -> 535 5.7.3 535 5.7.3 no",
		"data: DATA -> 250 2.0.0 354 go on|250 2.0.0 OK", "quit: QUIT",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// However long a dialogue is, its beginning and its end are kept, in bounds.
func TestRecordIsBounded(t *testing.T) {
	for name, commands := range map[string][]string{
		"one command over and over": {"NOOP"},
		"stages in turn":            {"MAIL FROM:<a@b.example>", "RCPT TO:<b@b.example>", "RSET"},
		"long lines":                {"EHLO " + strings.Repeat("x", 995)},
	} {
		var r Record
		r.Begin("")
		r.Answer([]string{"220 ready"})
		r.Handshake(0, "")
		for i := range 3000 {
			r.Begin(commands[i%len(commands)])
			r.Answer([]string{"250-" + strings.Repeat("y", 3000), "250 2.0.0 OK"})
		}
		r.Begin("QUIT")
		r.Answer([]string{"221 bye"})
		size := 0
		for _, e := range r.Exchanges() {
			size += e.size()
		}
		all := r.Exchanges()
		if size > maxRecord || size < maxRecord/2 || size != r.size {
			t.Errorf("%s: %d octets, counted as %d", name, size, r.size)
		}
		if all[0].Sent != "" || all[len(all)-1].Sent != "QUIT" || r.Stages[1].Name != StageTLS {
			t.Errorf("%s: the ends are lost", name)
		}
	}
}

// Of a long reply the first lines and the last one are kept.
func TestLongReplyIsCut(t *testing.T) {
	lines := strings.Split(strings.Repeat("550-5.7.1 "+strings.Repeat("x", 900)+"\n", 50)+"550 5.7.1 end", "\n")
	reply := recorded(lines)
	if n := len(reply.Line()); n > 2*maxRecordedReply || reply.Code != 550 || reply.Lines[len(reply.Lines)-1] != "550 5.7.1 end" {
		t.Errorf("%d octets in %d lines, %+v", n, len(reply.Lines), reply.Lines[len(reply.Lines)-1])
	}
}

func TestStageOf(t *testing.T) {
	for line, want := range map[string]StageName{
		"": StageGreeting, "ehlo x": StageEHLO, "STARTTLS": StageSTARTTLS, "BDAT 1 LAST": StageData,
		"****": StageAuth, "NOOP": StageAuth, " QUIT": StageQuit,
	} {
		if got := stageOf(line, StageAuth); got != want {
			t.Errorf("%q: %s", line, got)
		}
	}
	if got := stageOf("****", ""); got != StageGreeting {
		t.Errorf("before anything: %s", got)
	}
}

func TestCapability(t *testing.T) {
	r := Parse([]string{"250-AUTH.example", "250-AUTH=LOGIN", "250-auth plain", "250 STARTTLS"})
	if words, ok := r.Capability("AUTH"); !ok || cmp.Diff([]string{"LOGIN", "PLAIN"}, words) != "" {
		t.Errorf("AUTH: %q, %v", words, ok)
	}
	if words, ok := r.Capability("STARTTLS"); !ok || len(words) > 0 {
		t.Errorf("STARTTLS: %q, %v", words, ok)
	}
	if _, ok := r.Capability("SIZE"); ok {
		t.Error("SIZE is not listed")
	}
	if _, ok := Parse([]string{"250 AUTH LOGIN"}).Capability("AUTH"); ok {
		t.Error("the first line is no capability")
	}
}

// Where the network cuts the bytes must not matter.
func FuzzReader(f *testing.F) {
	f.Add([]byte("250-a\r\n250 b\r\n535-5.7.3 x\r\n250 y\r\n"), uint8(1))
	f.Add([]byte("HTTP/1.1 400\n\n250"), uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		whole, pieces := readAll(b, len(b)), readAll(b, 1+int(cut))
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Fatal(diff)
		}
	})
}

func readAll(b []byte, cut int) (all []*Reply) {
	var r Reader
	for len(b) > 0 {
		n := min(max(cut, 1), len(b))
		piece := b[:n]
		b = b[n:]
		for len(piece) > 0 {
			var reply *Reply
			if reply, piece = r.Feed(piece); reply != nil {
				all = append(all, reply)
			}
		}
	}
	return append(all, r.Rest(), &Reply{Status: r.Excess})
}
