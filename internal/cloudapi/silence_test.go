package cloudapi

import (
	"testing"
	"testing/synctest"
	"time"
)

// An API that stays silent is left alone for a while; one answer is enough to
// ask it again.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s silence
		asked := func(want bool, when string) {
			t.Helper()
			if f := s.fault(); (f == nil) != want || f != nil && (!f.Unsent || f.Uncertain) {
				t.Errorf("%s: %+v", when, f)
			}
		}
		s.timedOut()
		asked(true, "after one")
		s.heard()
		s.timedOut()
		asked(true, "one, an answer, one")
		s.timedOut()
		asked(false, "after two in a row")
		time.Sleep(silentFor)
		asked(true, "a while later")
		s.timedOut()
		asked(false, "and silent still")
		s.heard()
		asked(true, "after an answer")
	})
}
