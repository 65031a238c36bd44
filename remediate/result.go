package remediate

import (
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// An Outcome is how a fix ended.
type Outcome string

const (
	// Healthy: nothing had to be changed.
	Healthy Outcome = "healthy"
	// Fixed: a change was made, and the submission is accepted now.
	Fixed Outcome = "fixed"
	// Planned: there is a plan, and it was not approved.
	Planned Outcome = "planned"
	// ByHand: the cause is known, and only a person can remove it.
	ByHand Outcome = "by-hand"
	// Unsure: the cause is not settled.
	Unsure Outcome = "unsure"
	// Ineffective: a change was made, and the same refusal stood to the end
	// of the wait.
	Ineffective Outcome = "ineffective"
	// Failed: a change was refused or went wrong, or the fix was interrupted.
	Failed Outcome = "failed"
)

// A Result says what a fix did. Its JSON form is a contract.
type Result struct {
	Mailbox string  `json:"mailbox"`
	Outcome Outcome `json:"outcome"`
	Steps   []Step  `json:"steps"`
	// Journal is the file to undo, "" when nothing was written.
	Journal string `json:"journal"`

	// Plan is the last plan made, nil when there was none.
	Plan *Plan `json:"-"`
	// Diagnosis is the last one, with evidence where it was read.
	Diagnosis diagnose.Diagnosis `json:"-"`
	// First and Last are the first and the last probe.
	First Sighting `json:"-"`
	Last  Sighting `json:"-"`
	// Attempts counts the probes.
	Attempts int `json:"-"`
	// Err is why the fix went no further; a sentinel of this package tells
	// the kind. It is nil when healthy, fixed, planned (but for ErrHearsay),
	// unsure or ineffective, unless putting back failed.
	Err error `json:"-"`
}

// A Step is one plan and what became of it.
type Step struct {
	Cause   catalogue.Code `json:"cause"`
	Changes []Change       `json:"changes"`
	// Applied: the tenant accepted the change, or showed it as made.
	Applied bool `json:"applied"`
	// Effective: a reply showed that the change did something for the
	// submission; see Fix.
	Effective bool `json:"effective"`
	// RolledBack: it was put back again.
	RolledBack bool `json:"rolled_back"`
	// State is what the journal knows of the change, "" when it holds none.
	State State `json:"state,omitempty"`

	// Stuck: it was to be put back again, and was not.
	Stuck bool `json:"-"`

	entry int // number in the journal, 0 for none
}

// An EventKind says what an Event reports.
type EventKind string

const (
	// EventProbed: an attempt was made; Sighting is what came of it.
	EventProbed EventKind = "probed"
	// EventApplied: the plan was applied, and Journal knows it; State says how
	// far.
	EventApplied EventKind = "applied"
	// EventArriving: the setting is right already, so there is only to wait
	// for it to reach the mail servers.
	EventArriving EventKind = "arriving"
	// EventWaiting: nothing happens for the time of Next.
	EventWaiting EventKind = "waiting"
	// EventPutBack: all that had no effect was put back.
	EventPutBack EventKind = "put-back"
)

// An Event is progress for a person to see.
type Event struct {
	Kind     EventKind
	Sighting Sighting // the last one
	Attempts int      // probes so far
	// Waited is the time since the last change, or since verify began; Next
	// the pause that follows.
	Waited, Next time.Duration
	Plan         *Plan // set when applied or put back
	State        State // set when applied
	Journal      string
}
