package remediate

import (
	"slices"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// next chooses the cause to remove. Where the reply names it, that one; where
// the tenant alone told the causes apart, the one with the narrowest remedy.
// What touches everybody comes last, also where the reply names it. A cause
// that needs a person comes before all that stands behind it.
func (x *fixing) next(seen Sighting) catalogue.Code {
	left := x.left()
	first, ok := Lookup(x.Diagnosis.Cause)
	if len(left) == 0 || names(seen) && !(ok && first.Scope() == fact.ScopeTenant) {
		return x.Diagnosis.Cause
	}
	cause := left[0]
	best, ok := Lookup(cause)
	for _, code := range left[1:] {
		if r, mendable := Lookup(code); ok && mendable && rank(r.Scope()) < rank(best.Scope()) {
			best, cause = r, code
		}
	}
	return cause
}

// left lists the blockers that the tenant shows and this run has not removed.
func (x *fixing) left() []catalogue.Code {
	if x.Diagnosis.Verdict != diagnose.Confirmed {
		return nil
	}
	return slices.DeleteFunc(append([]catalogue.Code{x.Diagnosis.Cause}, x.Diagnosis.Also...), x.removed)
}

// removed reports whether this run has set the fact behind a cause.
func (x *fixing) removed(cause catalogue.Code) bool {
	remedy, ok := Lookup(cause)
	return ok && slices.Contains(x.changed, remedy.Fact)
}

// names reports whether the reply alone names one cause.
func names(s Sighting) bool { return s.Reading.Verdict == diagnose.Named }

// arriving reports, once in a run, that what the reply complains of was mended
// before this run, so that there is nothing to change and only to wait: the
// tenant shows the setting as it should be, and the reply names it, or a
// journal of the last hour has made it so.
func (x *fixing) arriving(seen Sighting) bool {
	if x.waited || x.Tenant == nil || x.Hearsay != "" || hopeless(seen.Reading) {
		return false
	}
	d := x.Diagnosis
	switch d.Verdict {
	case diagnose.Named:
		_, ours := Lookup(d.Cause)
		x.waited = ours && !x.removed(d.Cause) && d.Contradicts(d.Cause)
	case diagnose.Unsure:
		x.waited = len(x.Steps) == 0 && slices.ContainsFunc(x.recent(), func(c catalogue.Code) bool {
			return d.Contradicts(c) && slices.Contains(seen.Reading.Candidates, c)
		})
	}
	if x.waited {
		x.tell(Event{Kind: EventArriving})
	}
	return x.waited
}

// lately is how long a change of an earlier run may still be on its way.
const lately = time.Hour

// recent lists the causes that earlier runs have mended for this mailbox not
// long ago, by the journals in the same directory.
func (x *fixing) recent() []catalogue.Code {
	journals, err := Journals(x.JournalDir)
	if err != nil {
		return nil // what cannot be read tells nothing
	}
	var causes []catalogue.Code
	for _, j := range journals {
		if j.TenantID() != x.Tenant.ID() || j.Mailbox() != x.Fix.Mailbox {
			continue
		}
		for _, e := range j.Pending() {
			if time.Since(e.Begun) < lately {
				causes = append(causes, e.Cause)
			}
		}
	}
	return causes
}
