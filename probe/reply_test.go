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
		{"", 0, ""},
	} {
		got := probe.ParseReply(strings.Split(tt.lines, "\n"))
		if got.Code != tt.code || got.Status != tt.status {
			t.Errorf("%q: got %d %q, want %d %q", tt.lines, got.Code, got.Status, tt.code, tt.status)
		}
	}
}

// Where the network cuts the bytes must not matter, no line may get lost, and
// what comes out stays bounded.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		"220 ready\r\n", "250-a\r\n250 b\r\n", "535 5.7.3 Authentication unsuccessful [X]\r\n",
		"HTTP/1.1 400 Bad\r\n", "\x15\x03\x01\x00\x02\x02P", "250-\n\n250", "250\r\r\n",
	} {
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		n = 1 + (n&0x7fffffff)%(len(b)+1)
		whole, cut := probe.Feed(b, max(len(b), 1)), probe.Feed(b, n)
		if diff := cmp.Diff(whole, cut); diff != "" {
			t.Fatalf("cut into pieces of %d octets:\n%s", n, diff)
		}
		lines := 0
		for _, reply := range whole {
			lines += len(reply.Lines)
			if reply.Code != 0 && (reply.Code < 200 || reply.Code > 599) {
				t.Errorf("code %d", reply.Code)
			}
			for _, line := range reply.Lines {
				if len(line) > 2000 {
					t.Errorf("a line of %d octets", len(line))
				}
			}
		}
		if n := strings.Count(string(b), "\n"); lines < n {
			t.Errorf("%d lines came out of %d", lines, n)
		}
	})
}
