package logs

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
)

// signInHeader returns the separator and the names of the columns of an export
// of the sign-in log as CSV; ok is false for other files.
func signInHeader(sample []byte) (comma rune, names []string, ok bool) {
	first, _, _ := strings.Cut(string(sample), "\n")
	for _, comma = range []rune{',', ';', '\t'} {
		r := csv.NewReader(strings.NewReader(first))
		r.Comma, r.LazyQuotes = comma, true
		cells, err := r.Read()
		if err != nil {
			continue
		}
		names = names[:0]
		for _, c := range cells {
			names = append(names, columnName(c))
		}
		has := func(column string) bool {
			return slices.ContainsFunc(columns[column], func(n string) bool { return slices.Contains(names, n) })
		}
		if has("app") && has("user") {
			return comma, names, true
		}
	}
	return 0, nil, false
}

func isSignInCSV(sample []byte) bool {
	_, _, ok := signInHeader(sample)
	return ok
}

func readSignInCSV(_ *Reader, file string, in io.Reader, newest time.Time, fn func(Event) error) (int, error) {
	sample := peek(in)
	comma, names, _ := signInHeader(sample)
	c := &calendar{newest: newest, dayFirst: dayComesFirst(sample)}
	place := map[string]int{}
	for column, all := range columns {
		place[column] = -1
		for _, name := range all {
			if i := slices.Index(names, name); i >= 0 {
				place[column] = i
				break
			}
		}
	}
	header, _, _ := strings.Cut(string(sample), "\n")
	utc := strings.Contains(strings.ToUpper(header), "UTC")
	ration := &rationed{in: in, left: maxRecord}
	r := csv.NewReader(ration)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	line := 0
	for first := true; ; first = false {
		ration.refill()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return max(line, ration.line(ration.read)-1), nil
		}
		if err != nil {
			return line, broken("CSV", line+1, err)
		}
		line, _ = r.FieldPos(0)
		cell := func(column string) string {
			if i := place[column]; i >= 0 && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		if first || !isSubmission(cell("app")) {
			ration.line(r.InputOffset())
			continue
		}
		e := signIn(cell, c, utc)
		e.File, e.Line = file, line
		if err := fn(e); err != nil {
			return line, err
		}
		ration.line(r.InputOffset())
	}
}
