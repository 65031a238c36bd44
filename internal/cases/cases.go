// Package cases loads the texts in testdata/cases: what somebody's program
// printed, and what the words alone can honestly tell. It is for tests, and
// judges nothing itself.
package cases

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"smtpmend/diagnose/catalogue"
)

// A Case is one file of testdata/cases: a text as somebody's program printed
// it, and what the words alone can honestly tell.
type Case struct {
	Name   string
	Text   string
	Exempt string // why the text is not named although its author knew better
	Tagged bool   // the words are Microsoft's, and only the host behind them is not
	Want   Expectation
}

// An Expectation is the file "want" of a case. Wider are the causes that the
// words allow beyond those that were found behind them.
type Expectation struct {
	Verdict    string // of package words
	Cause      catalogue.Code
	Candidates []catalogue.Code
	Wider      []catalogue.Code
	Truth      catalogue.Code // what it was in the end, where that is known
}

// Load reads every case below dir, testdata/cases seen from the test's
// package.
func Load(t testing.TB, dir string) []Case {
	t.Helper()
	var cases []Case
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		archive, err := txtar.ParseFile(path.Join(dir, name))
		if err != nil {
			return err
		}
		cases = append(cases, readCase(t, name, archive))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 208 {
		t.Fatalf("%d cases in %s", len(cases), dir)
	}
	return cases
}

func readCase(t testing.TB, name string, archive *txtar.Archive) Case {
	t.Helper()
	if len(archive.Files) != 2 || archive.Files[0].Name != "text" || archive.Files[1].Name != "want" {
		t.Fatalf("%s: want the files text and want", name)
	}
	head := fields(t, name, string(archive.Comment), "source", "kind", "client", "phase", "exempt", "host", "true cause", "note")
	for _, key := range []string{"source", "kind", "client", "phase"} {
		if head[key] == "" {
			t.Errorf("%s: no %s", name, key)
		}
	}
	if kinds := []string{"observed", "documented", "composed", "sample", "fixture"}; !slices.Contains(kinds, head["kind"]) {
		t.Errorf("%s: kind %q is none of %q", name, head["kind"], kinds)
	}
	want := fields(t, name, string(archive.Files[1].Data), "verdict", "cause", "candidates", "wider", "true")
	return Case{
		Name:   name,
		Text:   strings.TrimSuffix(string(archive.Files[0].Data), "\n"),
		Exempt: head["exempt"],
		Tagged: head["host"] == "behind the words",
		Want: Expectation{
			Verdict:    want["verdict"],
			Cause:      catalogue.Code(want["cause"]),
			Candidates: codes(want["candidates"]),
			Wider:      codes(want["wider"]),
			Truth:      catalogue.Code(want["true"]),
		},
	}
}

// fields reads lines of "key: value".
func fields(t testing.TB, name, text string, known ...string) map[string]string {
	t.Helper()
	values := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok && strings.TrimSpace(line) != "" {
			t.Errorf("%s: %q is no field", name, line)
		}
		if ok && !slices.Contains(known, key) {
			t.Errorf("%s: the field %q is none of %q", name, key, known)
		}
		values[key] = value
	}
	return values
}

func codes(list string) []catalogue.Code {
	var all []catalogue.Code
	for _, word := range strings.Fields(list) {
		all = append(all, catalogue.Code(word))
	}
	return all
}

// Directory is where a case with this Expectation belongs.
func (e Expectation) Directory() string {
	if e.Verdict == "named" {
		return string(e.Cause)
	}
	return e.Verdict
}
