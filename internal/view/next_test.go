package view

import (
	"slices"
	"strings"
	"testing"
)

// every calls do with each situation that there is.
func every(do func(Situation)) {
	var fill func(words []string)
	fill = func(words []string) {
		if len(words) == len(Dimensions) {
			// With a token of our own nothing is changed, and there is no device.
			if words[7] == "by-secret" || words[3] == "untouched" && words[6] == "no-device" {
				do(Situation{words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7]})
			}
			return
		}
		for _, w := range Dimensions[len(words)] {
			fill(append(words[:len(words):len(words)], w))
		}
	}
	fill(nil)
}

// signsIn reports whether a command tries the password at SMTP.
func signsIn(command string) bool {
	verb, _, _ := strings.Cut(command, " ")
	return slices.Contains([]string{"probe", "diagnose", "fix", "verify"}, verb) && !strings.Contains(command, "--reply")
}

// Every situation has a row, every row a situation, every word its dimension.
func TestNextIsWhole(t *testing.T) {
	used := map[string]bool{}
	every(func(s Situation) { used[Follow(s).When] = true })
	seen := map[string]bool{}
	for _, r := range Rows {
		if !used[r.When] || seen[r.When] {
			t.Errorf("row %q is never the first", r.When)
		}
		seen[r.When] = true
		if len(r.Do) > 0 && !strings.HasSuffix(r.Say, ":") || len(r.Do) == 0 && strings.HasSuffix(r.Say, ":") {
			t.Errorf("row %q: %q before %q", r.When, r.Say, r.Do)
		}
		for w := range strings.FieldsSeq(r.When) {
			if !slices.ContainsFunc(Dimensions, func(d []string) bool { return slices.Contains(d, w) }) {
				t.Errorf("row %q: %q is in no dimension", r.When, w)
			}
		}
	}
}

// Nothing is offered that was just put back, just failed, or already holds,
// and no password that was refused.
func TestNextOffersNothingInVain(t *testing.T) {
	every(func(s Situation) {
		row := Follow(s)
		for _, command := range row.Do {
			verb, _, _ := strings.Cut(command, " ")
			switch {
			case s.Verb == "undo" || verb == "undo" && s.Change == "stuck":
				continue
			case s.Verb == "fix" && s.Change == "put-back",
				s.Verb == "fix" && s.Change == "refused" && verb == "fix" && !strings.Contains(command, "--powershell"),
				s.Evidence == "contradicted" && verb == "fix" && s.Change == "untouched" && s.Outcome != "failed" && s.Password != "other-name" && s.Verb != "listen",
				s.Password == "wrong-password" && signsIn(command) && !(s.Verb == "fix" && strings.Contains("stuck hearsay declined planned refused", s.Change)),
				s.Verb == "verify" && verb == "verify" && s.Outcome != "failed",
				s.Outcome == "unsure" && s.Password == "password" && signsIn(command) && row.New == "":
				t.Errorf("%+v: %s", s, command)
			}
		}
	})
}

// No two rows lead to each other without something new: who follows the
// commands that tell something at once comes to an end.
func TestNextLeadsOn(t *testing.T) {
	every(func(s Situation) {
		at := s
		for steps := 0; ; steps++ {
			row := Follow(at)
			if len(row.Do) == 0 || row.New != "" {
				return
			}
			if steps == len(Dimensions[0]) {
				t.Fatalf("%+v goes round", s)
			}
			at.Verb, _, _ = strings.Cut(row.Do[0], " ")
			at.Change = "untouched"
		}
	})
}
