package safe

import (
	"bytes"
	"io"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The colours of a Page, as SGR parameters.
const (
	Bold  = "1"
	Faint = "2"
	Red   = "31"
	Green = "32"
	plain = "0"
)

// Rewind begins a line that takes the place of the one before, on a terminal.
const Rewind = "\r\x1b[K"

// A Net is the last thing before a terminal: whatever was printed without Text
// has its raw characters replaced here. Line ends pass, and with Colour the
// sequences that a page is coloured with. It may be written to from several
// goroutines, a line at a time.
type Net struct {
	W      io.Writer
	Colour bool
	Status bool // lets Rewind pass

	mu   sync.Mutex
	held []byte // the beginning of a character or sequence
}

// Write implements io.Writer. It reports all of b as written when W took all
// of what became of it.
func (n *Net) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	line := append(n.held, b...)
	n.held = nil
	out := make([]byte, 0, len(line))
	for len(line) > 0 {
		if k := printable(line); k > 0 {
			out, line = append(out, line[:k]...), line[k:]
			continue
		}
		if k := n.sequence(line); k > 0 {
			out, line = append(out, line[:k]...), line[k:]
			continue
		}
		if !utf8.FullRune(line) {
			n.held = append(n.held, line...)
			break
		}
		r, size := utf8.DecodeRune(line)
		if r == '\n' || r == '\t' || !raw(r) || r == utf8.RuneError && size > 1 {
			out = append(out, line[:size]...)
		} else {
			out = utf8.AppendRune(out, unicode.ReplacementChar)
		}
		line = line[size:]
	}
	if _, err := n.W.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// printable is how much of the start of line is printable ASCII.
func printable(line []byte) (n int) {
	for n < len(line) && line[n] >= ' ' && line[n] < 0x7f {
		n++
	}
	return n
}

// sequence is the length of the colour sequence at the start of line, 0 where
// there is none or none is wanted.
func (n *Net) sequence(line []byte) int {
	if n.Status && bytes.HasPrefix(line, []byte(Rewind)) {
		return len(Rewind)
	}
	if !n.Colour {
		return 0
	}
	for _, sgr := range []string{Bold, Faint, Red, Green, plain} {
		if s := "\x1b[" + sgr + "m"; len(line) >= len(s) && string(line[:len(s)]) == s {
			return len(s)
		}
	}
	return 0
}
