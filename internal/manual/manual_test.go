package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Each verb and topic has a page, a verb with its flags, and mandoc, where it is
// installed, finds nothing to say about any.
func TestPages(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "smtpmend")
	if out, err := exec.Command("go", "build", "-o", binary, "smtpmend/cmd/smtpmend").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pages := filepath.Join(dir, "man")
	if err := write(pages, binary); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string][]string{
		"smtpmend.1":         {`smtpmend \- mend mail submission`, `\fBfix\fR`, `.BR smtpmend\-undo (1)`, "it work, without a tenant"},
		"smtpmend-fix.1":     {`smtpmend\-fix \- make the one change`, `\fB\-\-yes\-tenant\-wide\fR`, `\fB\-\-yes\fR[=CAUSE,...]`, `\fB\-\-from\fR \fIADDRESS\fR`},
		"smtpmend-explain.1": {`\fB\-\-log\fR`}, "smtpmend-listen.1": {`\fB\-\-forward\fR`},
		"smtpmend-probe.1": {`\fB\-o,\fR \fB\-\-output\fR \fIformat\fR`}, "smtpmend-undo.1": {`\fB\-\-last\fR`},
		"smtpmend-environment.7": {"SMTPMEND_PASSWORD", `.BR smtpmend (1)`}, "smtpmend-exit-codes.7": {"our own trouble"},
	} {
		page, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil {
			t.Error(err)
		}
		for _, w := range words {
			if !strings.Contains(string(page), w) {
				t.Errorf("%s lacks %q:\n%s", name, w, page)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(pages, "*.[17]"))
	if err != nil || len(files) < 13 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	mandoc, err := exec.LookPath("mandoc")
	if err != nil {
		t.Log("mandoc is not installed: the pages are not checked by it")
		return
	}
	for _, file := range files {
		if out, err := exec.Command(mandoc, "-T", "lint", "-W", "warning", file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// Help that is laid out in another way is refused, not half written.
func TestUnknownHelp(t *testing.T) {
	for _, help := range []string{
		"", "About.\n", "About.\n\nUsage:\n  smtpmend\n",
		"Usage:\n  smtpmend\n\nFlags:\n  --lonely\n", "Usage:\n  smtpmend\nNew heading:\n  x\n",
	} {
		if p, err := parse(help); err == nil {
			t.Errorf("%q: %+v", help, p)
		}
	}
}

// Nothing of a text is roff's own.
func TestText(t *testing.T) {
	for line, want := range map[string]string{
		".TH x": `\&.TH x`, "'quoted'": `\&'quoted'`, `C:\temp -v`: `C:\etemp \-v`, "plain": "plain",
	} {
		if got := text(line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}
