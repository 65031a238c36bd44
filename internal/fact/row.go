package fact

import (
	"fmt"
	"slices"
)

// The APIs that hold the facts.
const (
	APIGraph    = "Microsoft Graph"
	APIExchange = "Exchange Online"
)

// A Row is what is known about one fact.
type Row struct {
	Name  Name
	Title string // "Authenticated SMTP on the mailbox"
	// Values are those that the fact may have. A fact whose value is free
	// text (the names of policies, the number of an error) lists only the
	// values with a meaning of their own and has Free as well.
	Values []Value
	// Free says a free value in words; %s stands for the value. Empty when
	// the fact has no other values than Values.
	Free string
	// Becomes lists the values that Microsoft turns into others by itself.
	Becomes []Promotion
	Scope   Scope
	API     string // APIGraph or APIExchange
	Read    Access
	// Write is nil for a fact that smtpmend never writes.
	Write *Access
}

// A Value is one value of a fact and its meaning in positive words.
type Value struct {
	Value string // "inherit"
	Words string // "follows the organisation"
}

// A Promotion is a change of value that Microsoft makes by itself.
type Promotion struct{ From, To string }

// Access is what a caller needs to read or write a fact.
type Access struct {
	Delegated   []string // permissions of an app that acts for a signed-in user, all needed
	Application []string // permissions of an app that acts on its own, all needed
	// Role is the least role that does, or those of which any does, in words. A
	// signed-in user needs one always; an app of its own needs one at Exchange
	// Online only.
	Role string
}

// Lookup returns the row of name, in Table or in Chain.
func Lookup(name Name) (Row, bool) {
	for _, table := range [][]Row{Table, Chain} {
		if i := slices.IndexFunc(table, func(r Row) bool { return r.Name == name }); i >= 0 {
			return table[i], true
		}
	}
	return Row{}, false
}

// Allows reports whether value is one that the fact may have.
func (r Row) Allows(value string) bool {
	return r.Free != "" && value != "" || r.listed(value) != ""
}

// Words says value in positive words: "on", "follows the organisation". A
// value that the fact may not have comes back in quotes.
func (r Row) Words(value string) string {
	if words := r.listed(value); words != "" {
		return words
	}
	if r.Free != "" && value != "" {
		return fmt.Sprintf(r.Free, value)
	}
	return fmt.Sprintf("%q", value)
}

// Holds reports whether the value found is the one wanted, or what Microsoft
// makes of it.
func (r Row) Holds(want, found string) bool {
	return found == want || slices.Contains(r.Becomes, Promotion{want, found})
}

func (r Row) listed(value string) string {
	for _, v := range r.Values {
		if v.Value == value {
			return v.Words
		}
	}
	return ""
}
