package words

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// replaced returns an undoing that replaces what expr matches in texts that
// hold sign.
func replaced(sign string, expr func() *regexp.Regexp, by string) func(string) string {
	return func(text string) string {
		if !strings.Contains(text, sign) {
			return text
		}
		return expr().ReplaceAllString(text, by)
	}
}

// replacedRunes returns an undoing that puts blanks for characters between
// first and last.
func replacedRunes(first, last rune) func(string) string {
	return func(text string) string {
		return strings.Map(func(r rune) rune {
			if first <= r && r <= last {
				return ' '
			}
			return r
		}, text)
	}
}

// fromUTF16 decodes what Windows writes into files. Without a byte order mark
// the zero bytes of plain text tell the order. The result is valid UTF-8.
func fromUTF16(text string) string {
	even, odd := 0, 0
	for i := range min(len(text), 1000) {
		switch {
		case text[i] != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	little := strings.HasPrefix(text, "\xff\xfe") || odd > 2*even && odd > len(text)/8
	big := strings.HasPrefix(text, "\xfe\xff") || even > 2*odd && even > len(text)/8
	if !little && !big {
		return strings.ToValidUTF8(text, "")
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		a, b := uint16(text[2*i]), uint16(text[2*i+1])
		if little {
			a, b = b, a
		}
		units[i] = a<<8 | b
	}
	return string(utf16.Decode(units))
}

var oddSpaces = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\x00", "", "\u00a0", " ", "\u200b", "", "\u00ad", "", "\ufeff", "", "’", "'", "‘", "'", "“", `"`, "”", `"`)

// quotedOctet is an encoded octet of quoted-printable that is not ASCII, or
// "=" itself, which is always encoded.
var quotedOctet = pattern(`(?:=[C-F89AB][0-9A-F])+|=3D|=20\n`)

func fromQuotedPrintable(text string) string {
	if !hasOctets(text, '=') && !strings.Contains(text, "=\n") {
		return text
	}
	text = strings.ReplaceAll(text, "=\n", "")
	return quotedOctet().ReplaceAllStringFunc(text, func(s string) string {
		return decoded(s, strings.ReplaceAll(strings.ReplaceAll(s, "=20\n", "%20%0A"), "=", "%"))
	})
}

// hasOctets reports whether mark stands before two hexadecimal digits somewhere.
func hasOctets(text string, mark byte) bool {
	for i := 0; ; {
		j := strings.IndexByte(text[i:], mark)
		if j < 0 || i+j+2 >= len(text) {
			return false
		}
		i += j + 1
		if isHex(text[i]) && isHex(text[i+1]) {
			return true
		}
	}
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// decoded decodes percent signs; where that gives no text it returns s.
func decoded(s, percent string) string {
	text, err := url.PathUnescape(percent)
	if err != nil || !utf8.ValidString(text) {
		return s
	}
	return text
}

var percentOctets = pattern(`(?:%[0-9A-Fa-f]{2})+`)

func fromPercent(text string) string {
	if n := strings.Count(text, "%"); n == 0 || n < 3 && strings.Contains(text, " ") {
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
			var r rune
			for _, c := range strings.ToLower(s[2:]) {
				r = r<<4 | rune(strings.IndexRune("0123456789abcdef", c))
			}
			return string(r)
		}))
	}
	return text
}

func fromEntities(text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	return strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")
}

var (
	blockTag = pattern(`(?i)</?(?:br|p|div|tr|pre|li)(?:\s[^<>]*)?/?>`)
	htmlTag  = pattern(`(?i)</?(?:span|td|th|table|b|i|em|strong|code|ul|ol|wbr|font|a)(?:\s[^<>]*)?/?>`)
)

func fromTags(text string) string {
	if !strings.Contains(text, "</") && !strings.Contains(text, "/>") && !strings.Contains(strings.ToLower(text), "<br") {
		return text
	}
	return htmlTag().ReplaceAllString(blockTag().ReplaceAllString(text, "\n"), " ")
}

// literals is where a programming language joins two of them.
var literals = pattern(`(?i)(["'])\s*\+?\s*\n\s*\+?\s*[bru]{0,2}(["'])`)

func fromLiterals(text string) string {
	if strings.IndexByte(text, '\n') < 0 || !strings.ContainsAny(text, `"'`) {
		return text
	}
	return literals().ReplaceAllString(text, " ")
}
