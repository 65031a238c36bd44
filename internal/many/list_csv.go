package many

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"smtpmend/internal/secret"
)

// A column is one that a list may have. put takes over what stands in it, and
// returns what is wrong with that, "" for nothing.
type column struct {
	name string
	put  func(*Entry, string) string
}

var columns = []column{
	{"mailbox", func(e *Entry, cell string) string {
		if e.Mailbox = strings.TrimSpace(cell); !isAddress(e.Mailbox) {
			return "what stands in the column mailbox is no address; write it as name@domain"
		}
		return ""
	}},
	{"password", func(e *Entry, cell string) string { return e.take(cell, false) }},
	{"token", func(e *Entry, cell string) string { return e.take(strings.TrimSpace(cell), true) }},
	{"password-file", func(e *Entry, cell string) string {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
			return ""
		case e.Own():
			return twoSecrets
		case cell == "-":
			return "password-file names a file here, not standard input"
		}
		e.File = cell
		return ""
	}},
	{"server", func(e *Entry, cell string) string {
		e.Server = strings.TrimSpace(cell)
		return ""
	}},
	{"from", func(e *Entry, cell string) string {
		if e.From = strings.TrimSpace(cell); e.From != "" && !isAddress(e.From) {
			return "what stands in the column from is no address; write it as name@domain"
		}
		return ""
	}},
}

const twoSecrets = "it holds more than one of password, password-file and token; leave one of them"

// take takes over a password or token. One that begins or ends with a blank is
// more likely written with blanks around the separators, and would be refused
// as a wrong password.
func (e *Entry) take(text string, token bool) string {
	switch {
	case text == "":
		return ""
	case e.Own():
		return twoSecrets
	case strings.ContainsAny(text, "\n\x00"):
		return "a password or token is one line"
	case strings.TrimSpace(text) != text:
		return "the password begins or ends with a blank; write no blanks around the separators, and a password that really has one into a file of its own (password-file)"
	}
	e.Secret, e.Token = secret.New(text), token
	return ""
}

// separators are those between columns: of the standard, of Excel where the
// comma is in numbers, and of a pasted table.
const separators = ",;\t"

// headed reports whether line is a header, and what stands between its columns:
// named, where that is not 0.
func headed(line string, named rune) (rune, bool) {
	candidates := separators
	if named != 0 {
		candidates = string(named)
	}
	for _, sep := range candidates {
		r := csv.NewReader(strings.NewReader(line))
		r.Comma = sep
		header, err := r.Read()
		if err == nil && slices.ContainsFunc(header, func(cell string) bool { return columnName(cell) == "mailbox" }) {
			return sep, true
		}
	}
	return 0, false
}

// columnName is what a column of a header is called here.
func columnName(cell string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(cell)), "_", "-")
}

// readCSV reads a table whose first line is the header; before counts the
// lines above it.
func readCSV(text string, sep rune, before int) (List, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = sep, -1
	header, err := r.Read()
	if err != nil {
		return List{}, csvFault(err, before)
	}
	list, places, err := placesOf(header, before+1)
	if err != nil {
		return List{}, err
	}
	for {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			if len(list.Entries) == 0 {
				return List{}, &ListError{0, "names no mailbox below its header"}
			}
			return list, nil
		case err != nil:
			return List{}, csvFault(err, before)
		}
		if blank(row) {
			continue
		}
		line, _ := r.FieldPos(0)
		e, what := entryOf(row, places)
		switch e.Line = line + before; {
		case what != "":
			return List{}, &ListError{e.Line, what}
		case len(list.Entries) == maxMailboxes:
			return List{}, tooMany()
		}
		list.Entries = append(list.Entries, e)
	}
}

// placesOf says for each place of a row which column stands there, nil for one
// that is not read.
func placesOf(header []string, line int) (List, []*column, error) {
	list := List{Header: line}
	places := make([]*column, len(header))
	for i, cell := range header {
		name := columnName(cell)
		at := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		switch {
		case at < 0:
			if name != "" {
				list.Unread = append(list.Unread, strconv.Itoa(i+1))
			}
		case slices.Contains(places, &columns[at]):
			return List{}, nil, &ListError{line, "it names the column " + name + " twice"}
		default:
			places[i] = &columns[at]
		}
	}
	return list, places, nil
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// entryOf reads a row. Columns at its end may be missing; one too many is more
// likely a separator inside of a password.
func entryOf(row []string, places []*column) (e Entry, what string) {
	if len(row) > len(places) {
		return e, "it has more columns than the header; write what holds a separator in quotation marks"
	}
	for i, place := range places {
		if place == nil {
			continue
		}
		cell := ""
		if i < len(row) {
			cell = row[i]
		}
		if what := place.put(&e, cell); what != "" {
			return e, what
		}
	}
	return e, ""
}
