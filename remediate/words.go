package remediate

import (
	"fmt"

	"smtpmend/internal/fact"
)

func driftFound(back Change, found fact.Reading) error {
	return worded{ErrDrift, fmt.Sprintf("%s reads %q now; the fix had made it %q, from %q", whose(back), found.Value, back.From, back.To)}
}

// worded is an error of a kind that its words do not repeat.
type worded struct {
	kind  error
	words string
}

func (w worded) Error() string { return w.words }
func (w worded) Unwrap() error { return w.kind }

// whose names the fact of a change to a person.
func whose(c Change) string {
	row, _ := fact.Lookup(c.Fact)
	return row.Title + " of " + c.Target
}
