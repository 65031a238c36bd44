// Package view is what a person or a program gets to see: every answer as a
// value, of which text and JSON are views, and the table of what comes next.
// What came from outside passes through package safe on its way.
//
// It decides nothing: what a reply means is package diagnose's judgement, what
// may be changed package remediate's, and where an answer goes, with which exit
// code, the command's.
package view

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"smtpmend/internal/view/safe"
)

// An Answer is what a verb has to say, as a value: text and JSON are views of
// it.
type Answer interface {
	envelope() Envelope
	// text sets the answer, with as many steps and notes as there is room for;
	// with room for everything it is all that is known.
	text(p *page, room int)
}

// A tabular is an answer that is a table as well, the names of its columns
// first.
type tabular interface{ table() [][]string }

// A Form is how an answer is to be printed.
type Form struct {
	JSON    bool // as one line of JSON, which is always all that is known
	CSV     bool // as a table, where the answer is one; else as text
	Verbose bool // all that is known, else what fits a screen
	Colour  bool
	Language
}

// Print writes the answer to w. The error is w's.
func Print(w io.Writer, a Answer, f Form) error {
	table, isTable := a.(tabular)
	switch {
	case f.JSON:
		line, err := a.envelope().MarshalJSON()
		if err != nil {
			return err
		}
		return safe.Encoded(w, append(line, '\n'))
	case f.CSV && isTable:
		return safe.CSV(w, table.table())
	}
	p := f.page()
	if f.Verbose {
		a.text(p, everything)
	} else {
		p.onOneScreen(a.text)
	}
	_, err := p.WriteTo(w)
	return err
}

// An Envelope is an answer in JSON: the body's own keys behind the schema, and
// last what went wrong and the next command.
type Envelope struct {
	Body  any    // an object
	Error string // the sentence that the text shows, "" for none
	Next  string // the command to type now, "" for none
	// Bare is set for events and summaries, which nothing follows from.
	Bare bool
}

// MarshalJSON implements json.Marshaler.
func (e Envelope) MarshalJSON() ([]byte, error) {
	parts := []any{e.Body}
	if !e.Bare {
		parts = append(parts, struct {
			Error string `json:"error,omitempty"`
			Next  string `json:"next"`
		}{e.Error, e.Next})
	}
	members := [][]byte{[]byte(schema)}
	for _, part := range parts {
		object, err := marshal(part)
		if err != nil {
			return nil, err
		}
		own := bytes.TrimSuffix(bytes.TrimPrefix(object, []byte("{")), []byte("}"))
		own = bytes.TrimPrefix(own, []byte(schema+",")) // a record that says it itself
		if len(own) > 0 {
			members = append(members, own)
		}
	}
	return slices.Concat([]byte("{"), bytes.Join(members, []byte(",")), []byte("}")), nil
}

// schema is the version of all answers in JSON, which only ever grow.
const schema = `"schema":1`

// marshal leaves <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// stopped is reason, with words for Ctrl-C.
func stopped(err error) string {
	if errors.Is(err, context.Canceled) {
		return "Interrupted."
	}
	return reason(err)
}

// reason is the text of err, "" for none.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
