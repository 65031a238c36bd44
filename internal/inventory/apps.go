package inventory

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxApps bounds the e-mail app usage report.
const maxApps = 256 << 20

// apps is the e-mail app usage report: who sent mail with an SMTP client,
// however it signed in. Users without a licence are not in it.
type apps struct {
	byName map[string]bool // by the sign-in name, in lower case
}

// errConcealed: the tenant has the names in its reports concealed.
const errConcealed = lacking("the names in it are concealed, so it cannot be joined to mailboxes; to see them, an administrator clears that setting in the Microsoft 365 admin centre: Settings, Org settings, Reports")

// readApps reads the report, whose columns are those of Microsoft's reference.
// A program's column lists the versions that were seen, "Undetermined" where
// none is known, and is empty for a program that was not used. Whether a
// submission with OAuth counts is not said: both are taken for use.
func readApps(r io.Reader) (*apps, error) {
	t, err := newTable(r, maxApps, "user principal name")
	if err != nil {
		return nil, err
	}
	name, used, gone := t.column("user principal name"), t.column("smtp app"), t.column("is deleted")
	if used < 0 {
		return nil, fmt.Errorf("it has no column %q; its columns are %q", "SMTP App", shortened(strings.Join(t.columns, ", ")))
	}
	a := &apps{byName: map[string]bool{}}
	for {
		line, err := t.line()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return nil, err
		}
		principal := strings.ToLower(at(line, name))
		switch {
		case principal == "", strings.EqualFold(at(line, gone), "true"):
		case !strings.Contains(principal, "@"):
			return nil, errConcealed
		default:
			a.byName[strings.Clone(principal)] = someUse(at(line, used))
		}
	}
}

func someUse(cell string) bool {
	switch strings.ToLower(strings.Trim(cell, "[] ")) {
	case "", "no", "false", "0":
		return false
	}
	return true
}

// take is what the report says of any of the names, nil where it has none.
func (a *apps) take(names []string) *bool {
	var answer *bool
	for _, name := range names {
		if used, listed := a.byName[strings.ToLower(name)]; listed && (answer == nil || used) {
			answer = &used
		}
	}
	return answer
}
