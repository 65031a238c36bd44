package view

import (
	"fmt"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// A Tally counts verdicts by cause, or by verdict where there is none.
type Tally struct {
	Total int
	Words []string // in the order of first sight
	Of    map[string]int
}

// Add counts one.
func (t *Tally) Add(v diagnose.Verdict, cause catalogue.Code) {
	word := string(v)
	if cause != "" {
		word = string(cause)
	}
	if t.Of == nil {
		t.Of = map[string]int{}
	}
	if t.Of[word]++; t.Of[word] == 1 {
		t.Words = append(t.Words, word)
	}
	t.Total++
}

// String is the tally on one line, "" for none.
func (t *Tally) String() string {
	var all []string
	for _, word := range t.Words {
		all = append(all, fmt.Sprintf("%d %s", t.Of[word], word))
	}
	return strings.Join(all, ", ")
}
