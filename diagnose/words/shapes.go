package words

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	utf16 "golang.org/x/text/encoding/unicode"
)

// replaced returns an undoing that replaces what expr matches in texts that
// hold one of the signs, which blanks part; only blanks are a sign themselves.
func replaced(sign string, expr func() *regexp.Regexp, by string) func(string) string {
	signs := strings.Fields(sign)
	if len(signs) == 0 {
		signs = []string{sign}
	}
	return func(text string) string {
		if !containsAny(text, signs) {
			return text
		}
		return expr().ReplaceAllString(text, by)
	}
}

// fromUTF16 decodes what Windows writes into files. Without a byte order mark
// the zero bytes of plain text tell the order. The result is valid UTF-8.
func fromUTF16(text string) string {
	var zeros [2]int // at even places, and at odd ones
	sample := min(len(text), 1000)
	for i := range sample {
		if text[i] == 0 {
			zeros[i%2]++
		}
	}
	order, more, fewer := utf16.BigEndian, zeros[0], zeros[1]
	if fewer > more {
		order, more, fewer = utf16.LittleEndian, fewer, more
	}
	marked := strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff")
	if !marked && (more <= 2*fewer || more <= sample/8) {
		return strings.ToValidUTF8(text, "")
	}
	decoded, _ := utf16.UTF16(order, utf16.UseBOM).NewDecoder().String(text) // puts marks for what is none
	return decoded
}

var oddSpaces = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\x00", "", "\u00a0", " ", "\u200b", "", "\u00ad", "", "\ufeff", "", "’", "'", "‘", "'", "“", `"`, "”", `"`)

// plainSpaces leaves most texts alone.
func plainSpaces(text string) string {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' || c >= 0x80 {
			return oddSpaces.Replace(text)
		}
	}
	return text
}

// quotedOctet is an encoded octet of quoted-printable that is not ASCII, or
// "=" itself, which is always encoded.
var quotedOctet = pattern(`=(?:3D|20\n|[C-F89AB][0-9A-F](?:=[89AB][0-9A-F])*)`)

func fromQuotedPrintable(text string) string {
	if strings.IndexByte(text, '=') < 0 {
		return text
	}
	return quotedOctet().ReplaceAllStringFunc(strings.ReplaceAll(text, "=\n", ""), func(s string) string {
		return decoded(s, strings.ReplaceAll(s, "=", "%"))
	})
}

// decoded decodes percent signs; where that gives no text it returns s.
func decoded(s, percent string) string {
	text, err := url.PathUnescape(percent)
	if err != nil || !utf8.ValidString(text) {
		return s
	}
	return text
}

var percentOctets = pattern(`%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*`)

func fromPercent(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	return percentOctets().ReplaceAllStringFunc(text, func(s string) string { return decoded(s, s) })
}

// plusses is a word in which IIS wrote "+" for blanks.
var plusses = pattern(`\S+[A-Za-z0-9,.;]\+[A-Za-z]\S*\+\S+`)

func fromPlus(text string) string {
	switch n := strings.Count(text, "+"); {
	case n > 0 && !strings.Contains(text, " "):
		return strings.ReplaceAll(text, "+", " ")
	case n < 3:
		return text
	}
	return plusses().ReplaceAllStringFunc(text, func(s string) string { return strings.ReplaceAll(s, "+", " ") })
}

var (
	jsonRune = pattern(`(?i)\\u[0-9a-f]{4}`)
	escapes  = strings.NewReplacer(`\r\n`, "\n", `\\r\\n`, "\n", `\\n`, "\n", `\n`, "\n", `\N`, "\n", `\r`, "\n", `\R`, "\n", `\t`, "\t", `\T`, "\t", `\"`, `"`, `\'`, `'`, `\/`, `/`, `\\`, `\`)
)

func fromEscapes(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	for range 2 { // JSON within JSON
		text = escapes.Replace(jsonRune().ReplaceAllStringFunc(text, func(s string) string {
			r, _, _, _ := strconv.UnquoteChar(strings.ToLower(s), 0) // the pattern's
			return string(r)
		}))
	}
	return text
}
