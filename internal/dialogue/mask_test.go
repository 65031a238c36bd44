package dialogue

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"smtpmend/internal/secret"
)

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestMasker(t *testing.T) {
	const password = "Tr0ub4dor&3 correct"
	names := []string{"scanner@contoso.com", "smtp.office365.com"}
	words := []string{"Microsoft ESMTP MAIL Service", "user is locked by your organization's security defaults policy"}
	for _, tt := range []struct{ name, secret, line, want string }{
		{"none", "", "535 you said x", "535 you said x"},
		{"as it is", password, "you said " + password + ".", "you said ****."},
		{"in upper case", password, "YOU SAID " + strings.ToUpper(password), "YOU SAID ****"},
		{"shortened", password, "you said Tr0ub4do...", "you said ****..."},
		{"seven of it", password, "you said Tr0ub4d...", "you said Tr0ub4d..."},
		{"in base64", password, "you said " + b64(password), "you said ****A=="},
		{"in base64, upper case", password, "you said " + strings.ToUpper(b64(password)), "you said ****A=="},
		{"in base64, shortened", password, "you said " + b64(password)[3:15], "you said ****"},
		{"in base64, behind two octets", password, b64("xy" + password + "z"), "eHl****eg=="},
		{"of PLAIN", password, "AUTH PLAIN " + b64("\x00a@b.example\x00"+password), "AUTH PLAIN AGFAYi5leGFtcGxlAF****Q="},
		{"of XOAUTH2", password, b64("user=a\x01auth=Bearer " + password + "\x01\x01"), "dXNlcj1hAWF1dGg9QmVhcmVyIF****QBAQ=="},
		{"in hex", password, "X" + hex.EncodeToString([]byte(password)), "X****"},
		{"in percent form", password, "?p=" + url.QueryEscape(password) + "&", "?p=****&"},
		{"all in percent form", "hunter22", "?p=%68%75%6E%74%65%72%32%32", "?p=****"},
		{"of another script, in upper case", "Übergrösse", "SAID ÜBERGRÖSSE", "SAID ****"},
		{"short", "hunter2", "you said hunter2 or HUNTER2, not hunter", "you said **** or ****, not hunter"},
		{"short, in base64", "hunter2", "you said " + b64("hunter2"), "you said ****g=="},
		{"very short", "ab", "the ab is about able ab", "the **** is about able ****"},
		{"the account's name", "scanner", "250 scanner@contoso.com ok", "250 scanner@contoso.com ok"},
		{"longer than the account's name", "scanner@contoso", "250 scanner@contoso.com ok", "250 scanner@contoso.com ok"},
		{"the account and more", "scanner@contoso.com1", "scanner@contoso.com and scanner@contoso.com1", "scanner@contoso.com and ****"},
		{"like the account in base64", "contoso.com", "AUTH LOGIN " + b64("scanner@contoso.com"), "AUTH LOGIN " + b64("scanner@contoso.com")},
		{"like the host", "smtp.office365", "smtp.office365.com ready", "smtp.office365.com ready"},
		{"like the greeting", "Microsoft2024", "220 x Microsoft ESMTP MAIL Service; Microsoft2024", "220 x Microsoft ESMTP MAIL Service; ****"},
		{"like the prompt", "Password123", "334 UGFzc3dvcmQ6", "334 UGFzc3dvcmQ6"},
		{"like the catalogue", "security defaults", "user is locked by your organization's security defaults policy.", "user is locked by your organization's security defaults policy."},
		{"around the catalogue", "x user is locked by your organization's security defaults policy y", "535 x user is locked by your organization's security defaults policy y", "535 ****user is locked by your organization's security defaults policy****"},
	} {
		m := NewMasker(secret.New(tt.secret), names, words)
		if got := m.Line(tt.line); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What a reply means stays, whatever the secret is.
func TestMaskedReplyKeepsItsCodes(t *testing.T) {
	m := NewMasker(secret.New("5.7.139"), nil, nil)
	reply := m.Reply(Parse([]string{"535-5.7.139 no", "535 5.7.139 5.7.139"}))
	if reply.Code != 535 || reply.Status != "5.7.139" || reply.Lines[0] != "535-5.7.139 no" || reply.Lines[1] != "535 5.7.139 ****" {
		t.Errorf("%+v", reply)
	}
	if line := m.Reply(&Reply{Lines: []string{"5.7.139"}, Partial: true}).Lines[0]; line != "****" {
		t.Errorf("half a reply: %q", line)
	}
}

// encodings are what a server may make of a secret.
var encodings = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return string(fold(s)) },
	strings.ToUpper,
	b64,
	func(s string) string { return b64("x" + s) },
	func(s string) string { return b64("xy" + s + "z") },
	func(s string) string { return strings.ToUpper(b64("xy" + s)) },
	func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("x" + s)) },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	url.QueryEscape,
	url.PathEscape,
	percent,
}

// No run of eight octets of the secret or of an encoding of it survives, the
// words that everybody knows left out, and nothing else is lost.
func FuzzMasker(f *testing.F) {
	f.Add("Tr0ub4dor&3", "you said ", ".", uint8(3), uint8(2), uint8(12), "Microsoft")
	f.Add("Tr0ub4dor&3", "", ".", uint8(5), uint8(0), uint8(99), "")
	f.Add("Microsoft2024", "Microsoft ", "Microsoft2", uint8(0), uint8(0), uint8(99), "Microsoft ESMTP")
	f.Add("aaaaaaaaaaaaaaaa", "aaaa", "aaaaaaa", uint8(5), uint8(1), uint8(50), "aaaaaaaaa")
	f.Add("ÄÖÜäöüß\xff", "", "\x00", uint8(2), uint8(0), uint8(40), "")
	f.Fuzz(func(t *testing.T, text, before, behind string, encoding, from, to uint8, known string) {
		if len(text)+len(before)+len(behind) > 300 {
			return // the check takes the square of it
		}
		encoded := encodings[int(encoding)%len(encodings)](text)
		piece := encoded[min(int(from), len(encoded)):min(max(int(from), int(to)), len(encoded))]
		m := NewMasker(secret.New(text), nil, []string{known})
		line := before + piece + behind
		masked := m.Line(line)
		if rest, ok := strings.CutPrefix(masked, before); text == "" && (!ok || rest != piece+behind) {
			t.Errorf("%q without a secret: %q", line, masked)
		}
		if len(text) < runLength {
			return
		}
		for _, part := range strings.Split(masked, secret.Mask) {
			folded := string(fold(part))
			for i := range len(folded) - runLength + 1 {
				run := folded[i : i+runLength]
				if !strings.Contains(m.known, run) && secretHolds(text, run) {
					t.Fatalf("%q is left in %q", run, masked)
				}
			}
		}
	})
}

// secretHolds reports whether a run stands in an encoding of a secret, apart
// from what depends on the octets around it.
func secretHolds(text, run string) bool {
	for _, encode := range []func(string) string{encodings[1], strings.ToUpper, encodings[8], url.QueryEscape, url.PathEscape, percent} {
		if strings.Contains(string(fold(encode(text))), run) {
			return true
		}
	}
	for skip := range 3 {
		// Whole groups of three octets, from each place where one may begin.
		if len(text) < skip {
			continue
		}
		rest := text[skip:]
		rest = rest[:len(rest)/3*3]
		if strings.Contains(string(fold(b64(rest))), run) {
			return true
		}
	}
	return false
}
