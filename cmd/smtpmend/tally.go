package main

import (
	"fmt"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
)

// A tally counts verdicts by cause.
type tally struct {
	total int
	words []string // in the order of first sight
	of    map[string]int
}

func (t *tally) add(v diagnose.Verdict, cause catalogue.Code) {
	word := string(v)
	if cause != "" {
		word = string(cause)
	}
	if t.of == nil {
		t.of = map[string]int{}
	}
	if t.of[word]++; t.of[word] == 1 {
		t.words = append(t.words, word)
	}
	t.total++
}

// String is the tally on one line, "" for none.
func (t *tally) String() string {
	var all []string
	for _, word := range t.words {
		all = append(all, fmt.Sprintf("%d %s", t.of[word], word))
	}
	return strings.Join(all, ", ")
}
