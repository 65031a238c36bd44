package words

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// prefixes are what logs put before every line.
var prefixes = []struct {
	can     func(string) bool // a quick no for most texts
	pattern func() *regexp.Regexp
}{
	{func(text string) bool { return strings.IndexByte(text, '|') > 0 }, pattern(`^[A-Za-z][\w.-]{0,60}\s*\| ?`)}, // docker compose
	{startsWith("[0123456789"), pattern(`^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?:?(?: std(?:err|out) F)?[ \t]`)},
	{startsWith("JFMASOND"), pattern(`^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S+: `)}, // syslog
	{startsWith(">"), pattern(`^(?:> ?)+`)}, // a quotation
}

// withoutPrefixes drops what stands before every line, so that a reply
// broken over lines reads as one.
func withoutPrefixes(text string) string {
	for _, prefix := range prefixes {
		if prefix.can(text) {
			text = withoutPrefix(text, prefix.pattern())
		}
	}
	return text
}

// startsWith returns a check of the first octet.
func startsWith(octets string) func(string) bool {
	return func(text string) bool {
		return text != "" && strings.IndexByte(octets, text[0]) >= 0 || strings.HasPrefix(strings.TrimLeft(text, " "), "\n")
	}
}

func withoutPrefix(text string, prefix *regexp.Regexp) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		at := prefix.FindStringIndex(line)
		switch {
		case at != nil:
			lines[i] = line[at[1]:]
		case strings.TrimSpace(line) != "":
			return text
		}
	}
	return strings.Join(lines, "\n")
}

// narrowest is the smallest width at which text is taken for broken hard.
const narrowest = 12

// unwrap joins the lines of a text that was broken at a column, in the middle
// of words and codes: all lines that are as long as the longest go on in the
// next one. A line that begins with a reply is left where it is.
func unwrap(text string) string {
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	widths := make([]int, len(lines))
	for i, line := range lines {
		widths[i] = utf8.RuneCountInString(line)
	}
	width := slices.Max(widths)
	alone := !slices.Contains(widths[slices.Index(widths, width)+1:], width)
	if width < narrowest || alone && len(lines) > 2 {
		return text
	}
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(line)
		if i+1 < len(lines) && (widths[i] < width || beginsReply(lines[i+1])) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// beginsReply reports whether a line begins with a reply, behind no more than
// the marks of a transcript.
func beginsReply(line string) bool {
	for i := range min(len(line), 32) {
		if _, ok := replyAt(line, i); ok {
			return true
		}
	}
	return line == ""
}
