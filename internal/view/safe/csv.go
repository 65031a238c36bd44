package safe

import (
	"encoding/csv"
	"io"
	"strings"
)

// CSV writes rows as RFC 4180 has them. A cell that a spreadsheet would take
// for a formula begins with an apostrophe, which it shows as text (owasp.org,
// "CSV Injection"); characters that must not be seen are replaced as by Text.
func CSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			if cells[i] = Text(cell); strings.ContainsRune("=+-@|%", first(cells[i])) {
				cells[i] = "'" + cells[i]
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// first is the first character of s but for blanks, a letter where there is
// none.
func first(s string) rune {
	for _, r := range s {
		if r != ' ' {
			return r
		}
	}
	return 'a'
}
