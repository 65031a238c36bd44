package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each module that smtpmend is built of stands in the text, also what only
// Windows needs, and Go.
func TestWrite(t *testing.T) {
	var text bytes.Buffer
	if err := write(&text, "smtpmend/cmd/smtpmend"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nGo go1.", "Redistribution and use in source and binary forms", "Apache License",
		"\ngithub.com/emersion/go-smtp v", "\ngithub.com/microsoftgraph/msgraph-sdk-go v",
		"\ngithub.com/inconshreveable/mousetrap v",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("it lacks %q", want)
		}
	}
	if strings.Contains(text.String(), "\nsmtpmend ") {
		t.Error("it holds smtpmend's own")
	}
	if err := write(&text, "smtpmend/cmd/none"); err == nil {
		t.Error("a package that is not there has licences")
	}
}

func TestLicensed(t *testing.T) {
	for name, tt := range map[string]struct {
		files []string
		want  string // what is printed but for the rule; "" where that is an error
	}{
		"one":              {[]string{"LICENSE", "main.go"}, "m v1, LICENSE\n\nLICENSE\n\n"},
		"with more":        {[]string{"License.txt", "NOTICE", "PATENTS"}, "m v1, License.txt\n\nLicense.txt\n\nm v1, NOTICE\n\nNOTICE\n\nm v1, PATENTS\n\nPATENTS\n\n"},
		"another spelling": {[]string{"LICENCE.md"}, "m v1, LICENCE.md\n\nLICENCE.md\n\n"},
		"two":              {[]string{"LICENSE-APACHE", "UNLICENSE"}, "m v1, LICENSE-APACHE\n\nLICENSE-APACHE\n\nm v1, UNLICENSE\n\nUNLICENSE\n\n"},
		"copying":          {[]string{"COPYING"}, "m v1, COPYING\n\nCOPYING\n\n"},
		"none":             {[]string{"README"}, ""},
		"a notice alone":   {[]string{"NOTICE.txt"}, ""},
		"something else":   {[]string{"licenses.go", "license_test.go"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, f), []byte(f+"\r\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var b bytes.Buffer
			err := licensed(&b, "m v1", dir)
			if (err == nil) != (tt.want != "") {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(b.String(), strings.Repeat("=", 72)+"\n", ""); err == nil && got != tt.want {
				t.Errorf("printed %q, want %q", got, tt.want)
			}
		})
	}
}
