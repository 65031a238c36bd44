package dialogue

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// prompts are what Microsoft 365 asks for at AUTH LOGIN, "Username:" and
// "Password:", in base64 as they go over the wire.
var prompts = []string{"VXNlcm5hbWU6", "UGFzc3dvcmQ6"}

// forms are a text and its usual encodings, folded, the longest first.
func forms(text string) []string {
	all := []string{text, strings.ToUpper(text), strings.ToLower(text),
		hex.EncodeToString([]byte(text)), url.QueryEscape(text), url.PathEscape(text), percent(text)}
	for offset := range 3 {
		core := inBase64(text, offset)
		all = append(all, core, strings.NewReplacer("+", "-", "/", "_").Replace(core))
	}
	for i, form := range all {
		all[i] = string(fold(form))
	}
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.DeleteFunc(slices.Compact(all), func(form string) bool { return form == "" })
}

// inBase64 is what of a text's base64 does not depend on what stands around
// it, where offset octets stand before it in the last group of three.
func inBase64(text string, offset int) string {
	b := append(make([]byte, offset), text...)
	return base64.RawStdEncoding.EncodeToString(b)[(offset*8+5)/6 : len(b)*8/6]
}

// percent writes each octet of a text as RFC 3986 section 2.1 does those that
// have to be.
func percent(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}

// fold writes ASCII letters in lower case; every octet keeps its place.
func fold(text string) []byte {
	folded := []byte(text)
	for i, c := range folded {
		if c >= 'A' && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return folded
}
