package probe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/probe"
)

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
