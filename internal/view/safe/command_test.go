package safe

import "testing"

func TestCommand(t *testing.T) {
	for word, want := range map[string]string{
		"scanner@contoso.com": "scanner@contoso.com", "--yes=per-user-mfa": "--yes=per-user-mfa",
		"o'brien@contoso.com": `"o'brien@contoso.com"`, `C:\lab dir\j`: `"C:\lab dir\j"`, `C:\lab\j`: `"C:\lab\j"`,
		"a,b": `"a,b"`, "lab|dir": `"lab|dir"`, "größe": `"größe"`, "@splat": `"@splat"`,
		"=ls": `"=ls"`, "-a.b": `"-a.b"`, "-v": "-v", "--cloud-file": "--cloud-file", "a=b": "a=b", "./-x": "./-x",
		// What some shell reads inside double quotes is never written.
		"": "", "a&b@contoso.com": "", "$(x)": "", "`x`": "", `"`: "", "50%": "", "a!": "", "a^b": "", "line\nbreak": "",
		"“x”": "", "\u202ex": "", `dir\`: "", `\\server\share`: "",
	} {
		if got, ok := Word(word); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if line, ok := Command("smtpmend", "fix", "a&b@contoso.com"); line != "" || ok {
		t.Errorf("%q", line)
	}
}

// What a device or a server said is no part of a command but in these shapes.
func TestForeignWords(t *testing.T) {
	for s, want := range map[string]bool{
		"scanner@contoso.com": true, "a.b+c_d@x-y.example": true,
		"scanner’|&{//10.0.0.66/s/x.exe}#@contoso.com": false, "-x@contoso.com": false, "o'brien@contoso.com": false, "größe@contoso.com": false, "a b@contoso.com": false, "": false,
	} {
		if IsAddress(s) != want {
			t.Errorf("%q", s)
		}
	}
	for s, want := range map[string]string{
		"535 5.7.3 Authentication unsuccessful [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-26T08:15:44Z 08DF]": "535 5.7.3 Authentication unsuccessful",
		"535 5.7.3 no \"quotes\"": "", "535 $(reboot)": "", "535 größe": "", "--yes": "", "550 [a.b] more": "",
	} {
		if got := Phrase(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}
