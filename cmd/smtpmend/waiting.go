package main

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/internal/terminal"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/remediate"
)

// waitingFlags are --wait and --poll.
func waitingFlags(fs *pflag.FlagSet, w *remediate.Waiting, wait time.Duration) {
	fs.DurationVar(&w.Wait, "wait", wait, "how long to probe again")
	fs.DurationVar(&w.Poll, "poll", 15*time.Second, "first interval between probes; it doubles up to 5m")
}

func checkWaiting(w remediate.Waiting) error {
	if w.Wait < 0 || w.Poll <= 0 {
		return usage("--wait must not be negative and --poll longer than zero, such as 15s")
	}
	return nil
}

// progress tells on standard error what is going on.
func (a *app) progress(e remediate.Event) {
	a.quiet()
	switch e.Kind {
	case remediate.EventProbed:
		if e.Attempts == 1 || e.Sighting.Reading.Verdict == diagnose.Healthy {
			a.note("probe %d: %s", e.Attempts, a.language.Said(e.Sighting))
		}
	case remediate.EventApplied:
		for _, c := range e.Plan.Changes {
			switch e.State {
			case remediate.Skipped:
				a.note("%s of %s is %s already; nothing was changed", c.Fact, c.Target, c.To)
			case remediate.Sent:
				a.note("changed %s of %s from %s to %s; the tenant accepted it and does not show it yet", c.Fact, c.Target, c.From, c.To)
			default:
				a.note("changed %s of %s from %s to %s", c.Fact, c.Target, c.From, c.To)
			}
		}
	case remediate.EventArriving:
		a.note("the setting is right already; waiting for it to reach the mail servers")
	case remediate.EventWaiting:
		a.note("waited %s; last reply: %s; next probe in %s", view.Round(e.Waited), a.language.Said(e.Sighting), view.Round(e.Next))
		a.countDown(e.Next)
	case remediate.EventPutBack:
		a.note("put back what had no effect")
	}
}

// countDown tells how long it still waits: on a terminal each second in one
// line, elsewhere each minute in a line of its own.
func (a *app) countDown(next time.Duration) {
	if a.rewinds() {
		a.silence = terminal.Every(time.Second, func(passed time.Duration) {
			fmt.Fprint(a.Err, safe.Rewind, a.t("next probe in %s; Ctrl-C ends it", max(next-passed, 0).Round(time.Second)))
		})
		return
	}
	a.silence = terminal.Every(time.Minute, func(passed time.Duration) {
		a.note("still waiting; next probe in %s", view.Round(max(next-passed, 0)))
	})
}

// quiet ends a countdown, and takes it off a terminal.
func (c *console) quiet() {
	if c.silence == nil {
		return
	}
	c.silence()
	c.silence = nil
	if c.rewinds() {
		fmt.Fprint(c.Err, safe.Rewind)
	}
}

// rewinds reports whether a line on standard error can take the place of the
// one before.
func (c *console) rewinds() bool { return c.Interactive && !c.Dumb }
