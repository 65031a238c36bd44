package words

import (
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxText is how much of a text is read; of a longer one its two halves at
// either end.
const maxText = 256 << 10

var (
	ansiColour = pattern(`\x1b\[[0-9;]*[A-Za-z]`)
	softBreak  = pattern(`=\r?\n`) // quoted-printable
	htmlTag    = pattern(`(?i)</?(?:br|p|div|span|td|tr|th|table|b|i|em|strong|pre|code|li|ul|ol|wbr|font|a)(?:\s[^<>]*)?/?>`)
	// stringJoin is where a programming language joins two literals.
	stringJoin = pattern(`(["'])\s*\+?\s*\n\s*\+?\s*[bru]{0,2}(["'])`)
	jsonRune   = pattern(`\\u00[0-9a-fA-F]{2}`)
	escapes    = strings.NewReplacer(`\r\n`, "\n", `\\r\\n`, "\n", `\\n`, "\n", `\n`, "\n", `\r`, "\n", `\t`, "\t", `\"`, `"`, `\'`, `'`, `\/`, `/`)
	oddSpaces  = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\u00a0", " ", "\u200b", "", "\u00ad", "", "\ufeff", "", "’", "'", "‘", "'", "“", `"`, "”", `"`)
)

// pattern compiles expr when it is first needed; most texts need none of them.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// clean undoes what logs, mail clients and programming languages do to a
// text: escapes, entities, soft line breaks, colours, UTF-16's zero bytes. The
// result is valid UTF-8 with plain line feeds.
func clean(text string) string {
	if len(text) > maxText {
		text = text[:maxText/2] + "\n" + text[len(text)-maxText/2:]
	}
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "")
	}
	text = oddSpaces.Replace(text)
	if strings.IndexByte(text, '\x1b') >= 0 {
		text = ansiColour().ReplaceAllString(text, "")
	}
	if strings.Contains(text, "=\n") {
		text = softBreak().ReplaceAllString(text, "")
	}
	if strings.IndexByte(text, '\\') >= 0 {
		text = jsonRune().ReplaceAllStringFunc(text, fromJSONRune)
		text = escapes.Replace(text)
	}
	if strings.IndexByte(text, '&') >= 0 {
		text = strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")
	}
	if strings.Contains(text, "</") || strings.Contains(text, "/>") || strings.Contains(text, "<br") {
		text = htmlTag().ReplaceAllString(text, " ")
	}
	if strings.IndexByte(text, '\n') >= 0 && strings.ContainsAny(text, `"'`) {
		text = stringJoin().ReplaceAllString(text, " ")
	}
	return unwrap(text)
}

func fromJSONRune(s string) string {
	var r rune
	for _, c := range strings.ToLower(s[4:]) {
		r = r<<4 | rune(strings.IndexRune("0123456789abcdef", c))
	}
	return string(r)
}

// squeeze reduces text to what a phrase is recognised by: lower case, and no
// blanks, quotes, line ends or quoting marks, so that a line broken in the
// middle of a word reads as one.
func squeeze(text string) string {
	s, _ := squeezeTo(make([]byte, 0, len(text)), nil, text)
	return s
}

// squeezed is squeeze, with the offset in text of every octet it returns.
func squeezed(text string) (string, []int32) { return squeezeWithout(text, nil) }

// squeezeWithout is squeeze without the dropped parts, with the offset in text
// of every octet it returns.
func squeezeWithout(text string, dropped []span) (string, []int32) {
	var b strings.Builder
	at := make([]int32, 0, len(text))
	from := 0
	for _, d := range append(dropped, span{len(text), len(text)}) {
		if d.from < from {
			continue
		}
		part, places := squeezeTo(make([]byte, 0, d.from-from), make([]int32, 0, d.from-from), text[from:d.from])
		b.WriteString(part)
		for _, p := range places {
			at = append(at, p+int32(from))
		}
		from = d.to
	}
	return b.String(), at
}

// squeezeTo squeezes into b, and writes the offsets down where at is not nil.
func squeezeTo(b []byte, at []int32, text string) (string, []int32) {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if !Dropped(c) {
				if 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				}
				b = append(b, c)
				if at != nil {
					at = append(at, int32(i))
				}
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			size := len(b)
			b = utf8.AppendRune(b, unicode.ToLower(r))
			for range len(b) - size {
				if at != nil {
					at = append(at, int32(i))
				}
			}
		}
		i += n
	}
	return string(b), at
}

// Dropped reports whether c does not count where words are compared.
func Dropped(c byte) bool {
	switch c {
	case '"', '\'', '`', '\\', '>', '|', '*':
		return true
	}
	return c <= ' ' || c == 0x7f
}
