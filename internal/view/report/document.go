// Package report writes an answer as a document that can be attached to a
// ticket: one file of HTML without a script or a request to anywhere, or one of
// Markdown.
//
// What stands in a document, and in which words, is package view's choice; all
// of it is made harmless here.
package report

import (
	"reflect"
	"time"

	"smtpmend/internal/view/safe"
)

// A Mood says how a document ends: it is a colour beside the words, never
// instead of them.
type Mood string

// The moods.
const (
	Good Mood = "good" // it works
	Bad  Mood = "bad"  // it does not, and why is known
	Open Mood = "open" // it does not, or that is not known, and why is open
)

// A Document is an answer to be kept. What is empty is left out.
type Document struct {
	Title   string
	About   []Pair // for whom, when, by which version
	Verdict string // one line
	Mood    Mood
	Said    []string // the server's words, a line each
	Text    []string // paragraphs that say why
	Choices []Table  // what may be the cause, where none is known

	Dialogues []Dialogue
	TLS       []Pair
	Evidence  []Reading
	Changes   []Change
	Charts    []Chart
	Tables    []Table

	Heading  string   // over the steps
	Steps    []string // what a person has to do
	Commands []string // PowerShell for the same
	Next     string
	Do       []string // command lines

	Ticket   []string // lines for a ticket
	Customer []string // sentences for whoever waits for it to work again

	Language string                   // of the texts, "" for English
	Say      func(text string) string // the document's own headings in it, nil for English
}

// T is a heading of the document in its language.
func (d Document) T(text string) string {
	if d.Say == nil {
		return text
	}
	return d.Say(text)
}

// A Pair is a name and what it is.
type Pair struct{ Name, Value string }

// A Dialogue is one attempt.
type Dialogue struct {
	Title  string
	Stages []Stage
}

// A Stage is a part of a dialogue.
type Stage struct {
	Name   string
	Took   time.Duration
	Failed bool   // it decided that the attempt failed
	Note   string // what it came to
	Lines  []string
}

// A Reading is a setting of the tenant.
type Reading struct{ Setting, Value, Why string }

// A Change is what became of a setting.
type Change struct{ What, Target, From, To, Scope, State, Approved, Undo string }

// A Chart counts by day, in two kinds.
type Chart struct {
	Title string
	Kinds [2]string
	Days  []Day
}

// A Day is one bar of a chart.
type Day struct {
	Name   string
	Counts [2]int
}

// A Table is any other list.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// harmless makes every text of v so, on one line.
func harmless(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		harmless(v.Elem())
	case reflect.String:
		v.SetString(safe.Text(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			harmless(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			harmless(v.Index(i))
		}
	}
}
