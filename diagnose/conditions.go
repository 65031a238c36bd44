package diagnose

import (
	"slices"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A truth is an answer of three values: what could not be read, or does not
// settle the matter, is neither yes nor no.
type truth int

const (
	unread truth = iota
	no
	yes
)

func termIn(t catalogue.Term, ev fact.Evidence) truth {
	r := ev.Get(t.Fact)
	switch {
	case !r.Known(), slices.Contains(t.Open, r.Value):
		return unread
	case len(t.Values) == 0 && r.Value != fact.None, slices.Contains(t.Values, r.Value):
		return yes
	}
	return no
}

// conditionIn reports whether all terms hold: one that fails decides, whatever
// could not be read.
func conditionIn(c catalogue.Condition, ev fact.Evidence) truth {
	all := yes
	for _, t := range c {
		switch termIn(t, ev) {
		case no:
			return no
		case unread:
			all = unread
		}
	}
	return all
}

// shownIn reports whether the tenant shows c; what no setting shows is unread.
func shownIn(c catalogue.Cause, ev fact.Evidence) truth {
	if len(c.Shown) == 0 {
		return unread
	}
	answer := no
	for _, condition := range c.Shown {
		switch conditionIn(condition, ev) {
		case yes:
			return yes
		case unread:
			answer = unread
		}
	}
	return answer
}

// stands reports whether the tenant shows the cause.
func stands(code catalogue.Code, ev fact.Evidence) truth { return shownIn(row(code), ev) }

// Shows reports whether any setting of the tenant shows the cause.
func Shows(code catalogue.Code) bool { return len(row(code).Shown) > 0 }

// Blockers lists what the tenant shows for certain to stand in the way, in
// the order of the catalogue. What only a password meets is left out for a
// token.
func Blockers(ev fact.Evidence, mechanism string) []catalogue.Code {
	var all []catalogue.Code
	for _, c := range catalogue.All() {
		if shownIn(c, ev) == yes && c.MetBy(mechanism) {
			all = append(all, c.Code)
		}
	}
	return all
}

// row is the catalogue's, empty for no cause.
func row(code catalogue.Code) catalogue.Cause {
	c, _ := catalogue.Lookup(code)
	return c
}

// Showing lists the settings that make up the cause where the tenant shows it.
func Showing(code catalogue.Code, ev fact.Evidence) fact.Evidence {
	for _, condition := range row(code).Shown {
		if conditionIn(condition, ev) != yes {
			continue
		}
		var all fact.Evidence
		for _, t := range condition {
			all = append(all, ev.Get(t.Fact))
		}
		return all
	}
	return nil
}
