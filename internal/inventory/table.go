package inventory

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A table reads an export line by line and finds its columns by name. Portals
// write UTF-8 or UTF-16, with a mark at the beginning or without, and separate
// by what the language of the browser has it: comma, semicolon or tab.
type table struct {
	*csv.Reader
	columns []string // names, in lower case without blanks around them
}

// maxLine bounds the fields of a line, headLines what may stand above the
// header.
const (
	maxFields = 512
	headLines = 10
)

// newTable reads up to the header: the first line that has a column of that
// name, or one whose name begins with it.
func newTable(r io.Reader, most int64, first string) (*table, error) {
	text := transform.NewReader(&limited{r, most}, unicode.BOMOverride(unicode.UTF8.NewDecoder()))
	peek := &peeked{Reader: text}
	separator, err := peek.separator()
	if err != nil {
		return nil, err
	}
	t := &table{Reader: csv.NewReader(peek)}
	t.Comma, t.FieldsPerRecord, t.LazyQuotes, t.ReuseRecord = separator, -1, true, true
	var seen []string
	for range headLines {
		line, err := t.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		t.columns = nil
		for _, name := range line {
			t.columns = append(t.columns, strings.ToLower(strings.TrimSpace(name)))
		}
		if t.column(first) >= 0 {
			return t, nil
		}
		if seen == nil {
			seen = slices.Clone(t.columns)
		}
	}
	return nil, fmt.Errorf("it has no column %q; its first line holds %q", first, shortened(strings.Join(seen, ", ")))
}

// column is the place of the column of that name, or else of one that begins
// with it; -1 for none.
func (t *table) column(name string) int {
	name = strings.ToLower(name)
	if i := slices.Index(t.columns, name); i >= 0 {
		return i
	}
	return slices.IndexFunc(t.columns, func(c string) bool { return strings.HasPrefix(c, name) })
}

// line reads the next line that holds anything.
func (t *table) line() ([]string, error) {
	for {
		line, err := t.Read()
		if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, fmt.Errorf("line %d is no line of a table", syntax.StartLine)
		}
		if err != nil {
			return nil, err
		}
		if len(line) > maxFields {
			return nil, fmt.Errorf("a line has %d fields", len(line))
		}
		if slices.ContainsFunc(line, func(f string) bool { return strings.TrimSpace(f) != "" }) {
			return line, nil
		}
	}
}

// at is the line's field in that column, "" where it has none.
func at(line []string, column int) string {
	if column < 0 || column >= len(line) {
		return ""
	}
	return strings.TrimSpace(line[column])
}

// number is where the last line began, from 1.
func (t *table) number() int {
	line, _ := t.FieldPos(0)
	return line
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > 160 {
		return string(runes[:160]) + "..."
	}
	return text
}

// errTooLarge ends what is larger than it may be.
var errTooLarge = errors.New("it is larger than what is read of such a table")

// limited ends with an error instead of a silent end.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLarge
	}
	n, err := l.Reader.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// peeked lets the separator be seen before the table is read.
type peeked struct {
	io.Reader
	head []byte
}

// separator is the one that stands most often in the beginning, outside of
// quotes.
func (p *peeked) separator() (rune, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(p.Reader, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, err
	}
	p.head = head[:n]
	best, most := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		quoted, count := false, 0
		for _, r := range string(p.head) {
			if r == '"' {
				quoted = !quoted
			}
			if r == s && !quoted {
				count++
			}
		}
		if count > most {
			best, most = s, count
		}
	}
	return best, nil
}

func (p *peeked) Read(b []byte) (int, error) {
	if len(p.head) == 0 {
		return p.Reader.Read(b)
	}
	n := copy(b, p.head)
	p.head = p.head[n:]
	return n, nil
}
