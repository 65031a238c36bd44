package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
)

// isSignInJSON knows an export of the sign-in log by its beginning: a record of
// Graph or of Azure Monitor, a list of them, or the tables of Log Analytics.
func isSignInJSON(sample []byte) bool {
	start := bytes.TrimLeft(sample, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false
	}
	low := bytes.ToLower(start)
	for _, sign := range []string{`"clientappused"`, `signinlogs"`, `"primaryresult"`, `auditlogs/signins`} {
		if bytes.Contains(low, []byte(sign)) {
			return true
		}
	}
	return false
}

// lists are the names under which exports hold their records.
var lists = []string{"value", "records", "results", "data", "items"}

// A signInReader reads an export as JSON, record by record.
type signInReader struct {
	*json.Decoder
	ration *rationed
	file   string
	c      *calendar
	fn     func(Event) error
	line   int
}

func readSignInJSON(_ *Reader, file string, in io.Reader, newest time.Time, fn func(Event) error) (int, error) {
	ration := &rationed{in: in, left: maxRecord}
	r := &signInReader{json.NewDecoder(ration), ration, file, &calendar{newest: newest}, fn, 1}
	var failed error
	for failed == nil {
		failed = r.value()
	}
	lines := r.ration.line(r.ration.read)
	var stopped *stopError
	switch {
	case errors.Is(failed, io.EOF):
		return lines, nil
	case errors.As(failed, &stopped):
		return lines, stopped.err
	}
	return lines, broken("JSON", r.line, failed)
}

// A stopError is one of fn's.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }

// value reads a value: a list of records, an object that holds one, or a record.
func (r *signInReader) value() error {
	r.ration.refill()
	t, err := r.Token()
	if err != nil {
		return err
	}
	r.line = r.ration.line(r.InputOffset() - 1)
	switch t {
	case json.Delim('['):
		return r.list(func() error { return r.value() })
	case json.Delim('{'):
		return r.object(r.line)
	}
	return nil
}

// list calls each for every element; its end is read, too.
func (r *signInReader) list(each func() error) error {
	for r.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err := r.Token()
	return noEOF(err)
}

// noEOF: inside a value the end of the file is none.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object reads an object whose brace was read.
func (r *signInReader) object(line int) error {
	fields := map[string]json.RawMessage{}
	var names []string // of the columns of a table
	listed := false
	for r.More() {
		t, err := r.Token()
		if err != nil {
			return noEOF(err)
		}
		name, _ := t.(string)
		switch {
		case name == "tables", isList(name):
			listed = true
			if err := r.value(); err != nil {
				return noEOF(err)
			}
			continue
		case name == "rows" && names != nil:
			listed = true
			if t, err := r.Token(); err != nil || t != json.Delim('[') {
				return errors.Join(errors.New("rows are no list"), noEOF(err))
			}
			if err := r.list(func() error { return r.row(names) }); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := r.Decode(&value); err != nil {
			return noEOF(err)
		}
		if name == "columns" {
			names = namesOf(value)
		}
		fields[columnName(name)] = value
	}
	if _, err := r.Token(); err != nil {
		return noEOF(err)
	}
	if listed {
		return nil
	}
	return r.record(fields, line)
}

func isList(name string) bool {
	for _, l := range lists {
		if strings.EqualFold(name, l) {
			return true
		}
	}
	return false
}

// namesOf reads the columns of a table of Log Analytics.
func namesOf(value json.RawMessage) []string {
	var all []struct{ Name, ColumnName string }
	if json.Unmarshal(value, &all) != nil {
		return nil
	}
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = columnName(c.Name + c.ColumnName)
	}
	return names
}

// row reads a row of a table.
func (r *signInReader) row(names []string) error {
	r.ration.refill()
	var raw json.RawMessage
	if err := r.Decode(&raw); err != nil {
		return noEOF(err)
	}
	r.line = r.ration.line(r.InputOffset() - int64(len(raw)))
	var cells []json.RawMessage
	if err := json.Unmarshal(raw, &cells); err != nil {
		return err
	}
	fields := map[string]json.RawMessage{}
	for i, name := range names {
		if i < len(cells) {
			fields[name] = cells[i]
		}
	}
	return r.record(fields, r.line)
}

// record makes an event of a record of a submission.
func (r *signInReader) record(fields map[string]json.RawMessage, line int) error {
	for _, inner := range []string{"properties", "status"} {
		addFields(fields, fields[inner], inner == "status")
	}
	cell := func(column string) string {
		for _, name := range columns[column] {
			if v := plainValue(fields[name]); v != "" {
				return v
			}
		}
		return ""
	}
	if !isSubmission(cell("app")) {
		return nil
	}
	e := signIn(cell, r.c, true)
	e.File, e.Line = r.file, line
	if err := r.fn(e); err != nil {
		return &stopError{err}
	}
	return nil
}

// addFields adds those of an object within, which Log Analytics writes as text.
func addFields(fields map[string]json.RawMessage, value json.RawMessage, over bool) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		value = json.RawMessage(text)
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(value, &inner) != nil {
		return
	}
	for name, v := range inner {
		if name = columnName(name); over || fields[name] == nil {
			fields[name] = v
		}
	}
	if status, ok := inner["status"]; ok && !over {
		fields["status"] = status
	}
}

// plainValue returns a text or a number as text.
func plainValue(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}
