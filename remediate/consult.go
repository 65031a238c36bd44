package remediate

import (
	"context"
	"slices"

	"smtpmend/diagnose"
	"smtpmend/internal/fact"
)

// consult weighs what the tenant says against seen. A sign-in record from
// before the last change says nothing about the tenant as it is now.
func (x *fixing) consult(ctx context.Context, seen Sighting) {
	x.Diagnosis = seen.Reading
	questions := diagnose.Questions(seen.Reading)
	if x.Tenant == nil || len(questions) == 0 || ctx.Err() != nil {
		return
	}
	x.ask(ctx, questions, seen)
	evidence := make(fact.Evidence, len(questions))
	for i, name := range questions {
		r := x.known.Get(name)
		if name == fact.UserSignInError && r.Known() && !x.since.IsZero() && !r.At.After(x.since) {
			r = fact.Reading{Fact: name, Error: "the newest record is older than the last change"}
		}
		evidence[i] = r
	}
	x.Diagnosis = seen.Reading.With(evidence, seen.At)
}

// ask reads those of the facts that were not read in this run, those that a
// write of ours may have changed, and the sign-in log once for each attempt.
func (x *fixing) ask(ctx context.Context, names []fact.Name, seen Sighting) {
	var open []fact.Name
	for _, name := range names {
		known := slices.ContainsFunc(x.known, func(r fact.Reading) bool { return r.Fact == name })
		if name == fact.UserSignInError {
			known = known && x.logged.Equal(seen.At)
			x.logged = seen.At
		}
		if !known || slices.Contains(x.stale, name) {
			open = append(open, name)
		}
	}
	if len(open) == 0 {
		return
	}
	for _, r := range x.Tenant.Read(ctx, open...) {
		x.known = slices.DeleteFunc(x.known, func(old fact.Reading) bool { return old.Fact == r.Fact })
		x.known = append(x.known, r)
	}
	x.stale = slices.DeleteFunc(x.stale, func(name fact.Name) bool { return slices.Contains(open, name) })
}
