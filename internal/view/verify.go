package view

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smtpmend/diagnose"
	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

// A verified is the answer of verify.
type verified struct {
	*verdict
	res *remediate.VerifyResult
}

// Verified is the answer of verify; the case is the last one.
func Verified(c Case, res *remediate.VerifyResult, next NextCommand) Kept {
	v := verified{newVerdict("verify", c), res}
	if c.Trouble {
		v.s.Outcome = "failed"
	}
	if errors.Is(res.Err, context.Canceled) {
		v.s.Outcome, v.s.Password = "failed", "password"
	}
	v.next = propose(v.s, v.known(), next)
	return v
}

func (v verified) envelope() Envelope { return Envelope{Body: v.res, Next: v.next.first()} }

// text shows the last reply, and how the replies changed: as many of the last
// as there is room for.
func (v verified) text(p *page, room int) {
	res := v.res
	if errors.Is(res.Err, context.Canceled) {
		p.prose("", "Interrupted: %s was not accepted so far.", res.Mailbox)
		v.wordsText(p, room)
	} else {
		v.beginning(p, room)
	}
	p.blank()
	if len(res.Replies) > 1 {
		for _, said := range res.Replies[max(0, len(res.Replies)-max(room, 1)):] {
			words := replyLine(said.Reply, longLine)
			if words == "" {
				words = string(said.Verdict)
			}
			p.line("  after %8s  %s", Round(time.Duration(said.AfterMS)*time.Millisecond), words)
		}
	}
	p.line("  %s in %s", p.count(res.Attempts, "attempt", "attempts"), Round(time.Duration(res.WaitedMS)*time.Millisecond))
	v.stepsText(p, room)
	v.next.text(p)
}

// Said is what a probe came back with, in one line.
func (l Language) Said(s remediate.Sighting) string {
	if s.Reading.Verdict == diagnose.Healthy {
		return l.Say("accepted")
	}
	if words := replyLine(s.Reading.Reply, longNote); words != "" {
		return words
	}
	if stage := s.Report.Decisive(); stage != nil && stage.Error != "" {
		return l.Say(stage.Error)
	}
	return string(s.Report.Outcome)
}

// What a line holds of a reply: beside its time, and in a note.
const (
	longLine = 58
	longNote = 110
)

// replyLine writes a reply on one line of at most most characters, without the
// tag at its end.
func replyLine(r diagnose.Reply, most int) string {
	line := []rune(safe.Text(safe.Untagged(strings.Join(strings.Fields(replyWords(r)), " "))))
	if len(line) > most {
		return string(line[:most-3]) + "..."
	}
	return string(line)
}

// Round says a time to a person.
func Round(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprint(d.Round(100 * time.Millisecond))
	}
	return fmt.Sprint(d.Round(time.Second))
}
