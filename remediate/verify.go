package remediate

import (
	"context"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/probe"
)

// A Verify probes again and again until the submission is accepted: the proof
// that a change took effect, whoever made it. It needs no admin rights.
type Verify struct {
	Mailbox string
	// Probe makes one attempt to submit.
	Probe func(context.Context) *probe.Report
	// Progress may be nil.
	Progress func(Event)
	Waiting  Waiting
}

// A VerifyOutcome is how the last attempt ended.
type VerifyOutcome string

const (
	VerifyHealthy VerifyOutcome = "healthy" // the submission is accepted
	VerifyRefused VerifyOutcome = "refused" // the server refused it
	VerifyFailed  VerifyOutcome = "failed"  // there was no answer to judge by, or it was interrupted
)

// A VerifyResult says what the attempts showed. Its JSON form is a contract.
type VerifyResult struct {
	Mailbox  string        `json:"mailbox"`
	Outcome  VerifyOutcome `json:"outcome"`
	Attempts int           `json:"attempts"`
	WaitedMS int64         `json:"waited_ms"`
	First    Said          `json:"first"`
	Last     Said          `json:"last"`
	// Replies holds the first reply and each one that said something else
	// than the one before.
	Replies []Said `json:"replies"`

	// Diagnosis is that of the last reply, from its words alone.
	Diagnosis diagnose.Diagnosis `json:"-"`
	Report    *probe.Report      `json:"-"`
	// Err is set when the verification was interrupted.
	Err error `json:"-"`
}

// Said is what one reply says, and when it was first heard.
type Said struct {
	Verdict diagnose.Verdict `json:"verdict"`
	Cause   catalogue.Code   `json:"cause"`
	Reply   diagnose.Reply   `json:"reply"`
	AfterMS int64            `json:"after_ms"` // since the first attempt
}

// Run probes at once, and then as Waiting says. It stops when the submission
// is accepted, and when another attempt could lock the account.
func (v *Verify) Run(ctx context.Context) *VerifyResult {
	r := &VerifyResult{Mailbox: v.Mailbox}
	start := time.Now()
	var last Sighting
	try := func(waited time.Duration) bool {
		now := look(ctx, v.Probe)
		r.Attempts++
		r.hear(now, last, time.Since(start))
		last = now
		v.tell(Event{Kind: EventProbed, Sighting: now, Attempts: r.Attempts, Waited: waited})
		return now.Reading.Verdict == diagnose.Healthy || hopeless(now.Reading)
	}
	pausing := func(waited, next time.Duration) {
		v.tell(Event{Kind: EventWaiting, Sighting: last, Attempts: r.Attempts, Waited: waited, Next: next})
	}
	done, waiting := try(0), v.Waiting
	if last.Report.Outcome == probe.Failed {
		waiting.Wait -= time.Since(start) // silence was waited for already
	}
	if !done && ctx.Err() == nil && waiting.Wait > 0 {
		_, r.Err = waiting.repeat(ctx, pausing, try)
	}
	if r.Err == nil {
		r.Err = ctx.Err()
	}
	r.sumUp(last, time.Since(start))
	return r
}

// hear takes down what a reply says, where that is new.
func (r *VerifyResult) hear(now, last Sighting, after time.Duration) {
	if len(r.Replies) > 0 && sameCause(now.Reading, last.Reading) && sameCode(now.Reading.Reply, last.Reading.Reply) {
		return
	}
	r.Replies = append(r.Replies, Said{
		Verdict: now.Reading.Verdict, Cause: now.Reading.Cause, Reply: now.Reading.Reply, AfterMS: after.Milliseconds(),
	})
}

func (r *VerifyResult) sumUp(last Sighting, waited time.Duration) {
	r.WaitedMS = waited.Milliseconds()
	r.First, r.Last = r.Replies[0], r.Replies[len(r.Replies)-1]
	r.Diagnosis, r.Report = last.Reading, last.Report
	switch {
	case last.Reading.Verdict == diagnose.Healthy:
		r.Outcome, r.Err = VerifyHealthy, nil
	case r.Err == nil && last.Report.Outcome == probe.Refused:
		r.Outcome = VerifyRefused
	default:
		r.Outcome = VerifyFailed
	}
}

func (v *Verify) tell(e Event) {
	if v.Progress != nil {
		v.Progress(e)
	}
}

func sameCode(a, b diagnose.Reply) bool { return a.Code == b.Code && a.Status == b.Status }
