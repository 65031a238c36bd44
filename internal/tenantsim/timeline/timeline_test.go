package timeline

import (
	"testing"
	"time"

	"smtpmend/internal/tenantsim/state"
)

// A change reaches each of those who see the tenant in its own time. An hour
// stands for later than the test ends.
func TestWhoSeesAChange(t *testing.T) {
	for _, tc := range []struct {
		name      string
		change    func(*state.State)
		read      bool
		frontEnds string // n is one that knows the new state, o the old
	}{
		{"at once", func(*state.State) {}, true, "nnnn"},
		{"late at SMTP", func(s *state.State) { s.SMTP.Propagation.Duration = time.Hour }, true, "oooo"},
		{"one front end", func(s *state.State) { s.SMTP.Propagation.Duration, s.SMTP.FrontEnds = time.Hour, 1 }, true, "oooo"},
		{"two front ends", func(s *state.State) { s.SMTP.Propagation.Duration, s.SMTP.FrontEnds = time.Hour, 2 }, true, "nono"},
		{"three front ends", func(s *state.State) { s.SMTP.Propagation.Duration, s.SMTP.FrontEnds = time.Hour, 3 }, true, "noon"},
		{"late to read", func(s *state.State) { s.ReadLag.Duration = time.Hour }, false, "nnnn"},
		{"over at once", func(s *state.State) { s.ReadLag.Duration, s.SMTP.Propagation.Duration = 1, 1 }, true, "nnnn"},
	} {
		s := state.Default()
		tc.change(s)
		line := New(s)
		line.Change(func(s *state.State) { s.Org.SMTPAuth = "on" })
		if tc.name == "over at once" {
			time.Sleep(time.Millisecond) // a thousand times what the change takes
		}
		if got := line.Read().Org.SMTPAuth == "on"; got != tc.read {
			t.Errorf("%s: the APIs know it: %v", tc.name, got)
		}
		if line.Newest().Org.SMTPAuth != "on" {
			t.Errorf("%s: the tenant itself does not know it", tc.name)
		}
		got := ""
		for n := range tc.frontEnds {
			got += map[string]string{"on": "n", "off": "o"}[line.Submission(n).Org.SMTPAuth]
		}
		if got != tc.frontEnds {
			t.Errorf("%s: front ends %s, want %s", tc.name, got, tc.frontEnds)
		}
	}
}

// Writes act on the newest state: the second change keeps the first, which
// nobody can read yet.
func TestChangesAddUp(t *testing.T) {
	s := state.Default()
	s.ReadLag.Duration = time.Hour
	line := New(s)
	line.Change(func(s *state.State) { s.Org.SMTPAuth = "on" })
	line.Change(func(s *state.State) { s.Org.SecurityDefaults = "on" })
	if o := line.Newest().Org; o.SMTPAuth != "on" || o.SecurityDefaults != "on" {
		t.Errorf("%+v", o)
	}
	if o := line.Read().Org; o.SMTPAuth != "off" || o.SecurityDefaults != "off" {
		t.Errorf("read early: %+v", o)
	}
}
