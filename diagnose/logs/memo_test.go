package logs

import (
	"strings"
	"testing"
)

// What a text has in common with one before it does not bring its credentials
// to light.
func TestMemoMasks(t *testing.T) {
	memo := newMemo()
	for _, said := range []string{"qzzxwqzx", "AGJvYgB4"} {
		m, _, ok := memo.judge("535 5.7.3 Authentication unsuccessful AUTH PLAIN " + said)
		if masked := strings.Contains(m.Reply.Text, "AUTH PLAIN ****"); !ok || masked != (said == "AGJvYgB4") {
			t.Errorf("%q, %v", m.Reply.Text, ok)
		}
	}
}
