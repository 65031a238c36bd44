package dialogue

import (
	"strings"
	"testing"
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
		got := Parse(strings.Split(tt.lines, "\n"))
		if got.Code != tt.code || got.Status != tt.status {
			t.Errorf("%q: got %d %q, want %d %q", tt.lines, got.Code, got.Status, tt.code, tt.status)
		}
	}
}
