package safe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON writes v as one line of JSON. Characters that Text replaces stand in it
// as \uXXXX, so that a terminal shows nothing of them and a reader loses none.
func JSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	return Encoded(w, b.Bytes())
}

// Encoded writes a line of JSON as JSON does.
func Encoded(w io.Writer, line []byte) error {
	_, err := w.Write(escaped(line))
	return err
}

// escaped replaces what must not stand raw. Outside strings JSON holds nothing
// but printable ASCII and the line's end, so every other one is in a string.
func escaped(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for len(line) > 0 {
		plain := printable(line)
		out, line = append(out, line[:plain]...), line[plain:]
		if len(line) == 0 {
			break
		}
		r, n := utf8.DecodeRune(line)
		switch {
		case r == '\n' || !raw(r) || r == utf8.RuneError && n > 1: // U+FFFD itself
			out = append(out, line[:n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		line = line[n:]
	}
	return out
}
