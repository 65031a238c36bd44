package probe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/probe"
)

func TestParseReply(t *testing.T) {
	for _, tt := range []struct {
		lines  string
		code   int
		status string
	}{
		{"220 ready", 220, ""},
		{"250", 250, ""},
		{"535 5.7.3 Authentication unsuccessful", 535, "5.7.3"},
		{"451 5.7.3 STARTTLS is required to send mail", 451, "5.7.3"},
		{"530-5.5.1 Authentication Required.\n530 5.5.1 see there", 530, "5.5.1"},
		{"550-5.7.1 first\n550 without a status", 550, "5.7.1"},
		{"250-X.example Hello\n250 SIZE", 250, ""},
		{"535 5.7.1393 too long a detail", 535, ""},
		{"250 2.1 short", 250, ""},
		{"550 2.0.0 a class that cannot be", 550, ""},
		{"HTTP/1.1 400 Bad Request", 0, ""},
		{"99 bottles", 0, ""},
		{"2205", 0, ""},
		{"620 no such class", 0, ""},
		{"235-2.7.0 lines that\n535 5.7.3 differ", 0, ""},
		{"", 0, ""},
	} {
		got := probe.ParseReply(strings.Split(tt.lines, "\n"))
		if got.Code != tt.code || got.Status != tt.status {
			t.Errorf("%q: got %d %q, want %d %q", tt.lines, got.Code, got.Status, tt.code, tt.status)
		}
	}
}

// Where the network cuts the bytes must not matter, and what is kept of them
// stays bounded.
func FuzzWire(f *testing.F) {
	for _, seed := range []string{
		"220 ready\r\n", "250-a\r\n250 b\r\n", "535 5.7.3 Authentication unsuccessful [X]\r\n",
		"HTTP/1.1 400 Bad\r\n", "\x15\x03\x01\x00\x02\x02P", "250-\n\n250", "250\r\r\n",
		"235 a\r\n250 b\r\n421", "250 a\n", "250-a\r\n535 b\r\n", strings.Repeat("250-x\r\n", 201),
		strings.Repeat("x", 2001), "250 a\r\n" + strings.Repeat("250 b\r\n", 600), "250 \x00\r\n",
	} {
		f.Add([]byte(seed), []byte{1})
		f.Add([]byte(seed), []byte{3, 200, 1, 9})
	}
	f.Fuzz(func(t *testing.T, b, cuts []byte) {
		whole, end := probe.Hear(b, nil)
		cut, cutEnd := probe.Hear(b, cuts)
		if diff := cmp.Diff(whole, cut); diff != "" || end != cutEnd {
			t.Fatalf("cut by %v: %s, not %s\n%s", cuts, cutEnd, end, diff)
		}
		asked := 0
		for _, ex := range whole {
			if !ex.Unasked {
				asked++
			}
			if ex.Reply == nil {
				continue
			}
			if code := ex.Reply.Code; code != 0 && (code < 200 || code > 599 || ex.Reply.Partial) {
				t.Errorf("code %d, partial %v", code, ex.Reply.Partial)
			}
			if len(ex.Reply.Lines) > 200 {
				t.Errorf("%d lines", len(ex.Reply.Lines))
			}
			for _, line := range ex.Reply.Lines {
				if len(line) >= 2000 {
					t.Errorf("a line of %d octets", len(line))
				}
			}
		}
		if asked != 1 {
			t.Errorf("%d exchanges for one command", asked)
		}
	})
}
