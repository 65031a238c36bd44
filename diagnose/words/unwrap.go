package words

import (
	"strings"
	"unicode/utf8"
)

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
	width, full := widest(lines)
	if width < narrowest || full < 2 && len(lines) > 2 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i, line := range lines {
		b.WriteString(line)
		if i+1 == len(lines) {
			break
		}
		if utf8.RuneCountInString(line) < width || beginsReply(lines[i+1]) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// widest returns the length of the longest line in characters, and how many
// lines are as long.
func widest(lines []string) (width, full int) {
	for _, line := range lines {
		switch n := utf8.RuneCountInString(line); {
		case n > width:
			width, full = n, 1
		case n == width:
			full++
		}
	}
	return width, full
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
