package many

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"smtpmend/internal/secret"
)

// What is read of a list at most.
const (
	maxList      = 64 << 20 // bytes
	maxMailboxes = 200_000
)

// An Entry is one mailbox, with what a list says of it.
type Entry struct {
	Mailbox string
	// Secret is the password, or with Token a token; empty for none. With File
	// it stands in that file.
	Secret secret.Secret
	Token  bool
	File   string
	// Server is HOST:PORT as it was written, From an address; "" for the
	// default.
	Server, From string
	// Line is where it stands in the list, from 1; 0 for one that stands in
	// none.
	Line int
}

// Own reports whether the entry brings a password or token of its own.
func (e Entry) Own() bool { return !e.Secret.Empty() || e.File != "" }

// A List is what stands in a file of mailboxes.
type List struct {
	Entries []Entry
	// Header is the line of the header, from 1; 0 where there is none. Unread are
	// the columns that have no meaning here, by their places in it from 1: what
	// stands there may be a password.
	Header int
	Unread []string
}

// A ListError says what is wrong with a list. Its text never holds what stands
// in the list, which may be a password in the wrong place.
type ListError struct {
	Line int // 0 for the list as a whole
	What string
}

func (e *ListError) Error() string {
	if e.Line == 0 {
		return "the list " + e.What
	}
	return fmt.Sprintf("line %d of the list: %s", e.Line, e.What)
}

// ReadList reads a list: an address a line, or CSV whose first line names the
// columns. Blank lines do not count, nor do lines before the first mailbox or
// header that begin with "#", as PowerShell's Export-Csv writes one. The error is a
// *ListError, or that of r.
func ReadList(r io.Reader) (List, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxList+1))
	switch {
	case err != nil:
		return List{}, err
	case len(raw) > maxList:
		return List{}, &ListError{0, fmt.Sprintf("is longer than %d MB", maxList>>20)}
	}
	text, err := decoded(raw)
	if err != nil {
		return List{}, err
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	skipped, separator := preamble(lines)
	if skipped == len(lines) {
		return List{}, &ListError{0, "names no mailbox"}
	}
	if sep, ok := headed(lines[skipped], separator); ok {
		return readCSV(strings.Join(lines[skipped:], "\n"), sep, skipped)
	}
	return readLines(lines, skipped)
}

// decoded takes the text out of UTF-8 or UTF-16, with or without a byte order
// mark. Another encoding would turn the letters of a password into others, and
// the wrong password would be sent.
func decoded(raw []byte) (string, error) {
	text, order := raw, unicode.BigEndian
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), len(raw) > 1 && raw[0] != 0 && raw[1] == 0:
		order = unicode.LittleEndian
		fallthrough
	case bytes.HasPrefix(raw, []byte("\xfe\xff")), len(raw) > 1 && raw[0] == 0:
		text, _ = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(raw) // what is none becomes U+FFFD
	case !utf8.Valid(raw):
		return "", &ListError{1 + bytes.Count(raw[:invalid(raw)], []byte("\n")), `it is not UTF-8; save the list as "CSV UTF-8"`}
	}
	if bytes.ContainsRune(text, 0) || bytes.ContainsRune(text, utf8.RuneError) {
		return "", &ListError{0, `holds characters that were lost when it was saved; save it as "CSV UTF-8"`}
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}

// invalid is the place of the first byte that is no UTF-8.
func invalid(raw []byte) int {
	at := 0
	for at < len(raw) {
		r, n := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	return at
}

// preamble counts the lines before the first that counts, and returns the
// separator that Excel's "sep=;" among them names, 0 for none.
func preamble(lines []string) (skipped int, separator rune) {
	for ; skipped < len(lines); skipped++ {
		if sep, ok := strings.CutPrefix(strings.ToLower(lines[skipped]), "sep="); ok && len(sep) == 1 {
			separator = rune(sep[0])
			continue
		}
		if line := strings.TrimSpace(lines[skipped]); line != "" && line[0] != '#' {
			break
		}
	}
	return skipped, separator
}

// readLines reads an address a line.
func readLines(lines []string, from int) (List, error) {
	var list List
	for i, line := range lines[from:] {
		at := from + i + 1
		switch line = strings.TrimSpace(line); {
		case line == "":
			continue
		case len(list.Entries) == maxMailboxes:
			return List{}, tooMany()
		case isAddress(line):
			list.Entries = append(list.Entries, Entry{Mailbox: line, Line: at})
		case strings.ContainsAny(line, ",;\t"):
			return List{}, &ListError{at, "it has several columns and no header stands above them; begin the list with one, such as mailbox,password"}
		case len(list.Entries) == 0 && !strings.Contains(line, "@"):
			return List{}, &ListError{at, "it is neither an address nor a header with a column called mailbox"}
		default:
			return List{}, &ListError{at, "it is not an address; write one name@domain a line"}
		}
	}
	return list, nil
}

func tooMany() error {
	return &ListError{0, fmt.Sprintf("names more than %d mailboxes; divide it", maxMailboxes)}
}

// isAddress reports whether s is a plain address.
func isAddress(s string) bool {
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s
}

// csvFault says what a csv.ParseError means; its own text names lines of the
// part that was read.
func csvFault(err error, before int) error {
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return err
	}
	what := "the columns cannot be told apart"
	switch {
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		what = `a quotation mark stands in the middle of a column; write "" for each one, and the whole column in quotation marks`
	}
	return &ListError{parse.StartLine + before, what}
}
