package diagnose

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// A testCase is one file of testdata/cases: a text as somebody's program
// printed it, and what the words alone can honestly tell.
type testCase struct {
	name   string
	text   string
	exempt string // why the text is not named although its author knew better
	tagged bool   // the words are Microsoft's, and only the host behind them is not
	want   expectation
}

// An expectation is the file "want" of a case. wider are the causes that the
// words allow beyond those that were found behind them.
type expectation struct {
	verdict    Verdict
	cause      Code
	candidates []Code
	wider      []Code
	truth      Code // what it was in the end, where that is known
}

const casesDir = "../testdata/cases"

func loadCases(t testing.TB) []testCase {
	t.Helper()
	var cases []testCase
	err := fs.WalkDir(os.DirFS(casesDir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		archive, err := txtar.ParseFile(path.Join(casesDir, name))
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
		t.Fatalf("%d cases in %s", len(cases), casesDir)
	}
	return cases
}

func readCase(t testing.TB, name string, archive *txtar.Archive) testCase {
	t.Helper()
	if len(archive.Files) != 2 || archive.Files[0].Name != "text" || archive.Files[1].Name != "want" {
		t.Fatalf("%s: want the files text and want", name)
	}
	head := fields(t, name, string(archive.Comment))
	for _, key := range []string{"source", "kind", "client"} {
		if head[key] == "" {
			t.Errorf("%s: no %s", name, key)
		}
	}
	want := fields(t, name, string(archive.Files[1].Data))
	return testCase{
		name:   name,
		text:   strings.TrimSuffix(string(archive.Files[0].Data), "\n"),
		exempt: head["exempt"],
		tagged: head["host"] == "behind the words",
		want: expectation{
			verdict:    Verdict(want["verdict"]),
			cause:      Code(want["cause"]),
			candidates: codes(want["candidates"]),
			wider:      codes(want["wider"]),
			truth:      Code(want["true"]),
		},
	}
}

// fields reads lines of "key: value".
func fields(t testing.TB, name, text string) map[string]string {
	t.Helper()
	values := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok && strings.TrimSpace(line) != "" {
			t.Errorf("%s: %q is no field", name, line)
		}
		values[key] = value
	}
	return values
}

func codes(list string) []Code {
	var all []Code
	for _, word := range strings.Fields(list) {
		all = append(all, Code(word))
	}
	return all
}

// directory is where a case with this expectation belongs.
func (e expectation) directory() string {
	if e.verdict == Named {
		return string(e.cause)
	}
	return string(e.verdict)
}

func TestCases(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.name, func(t *testing.T) {
			if dir := path.Dir(c.name); dir != c.want.directory() {
				t.Errorf("is in %s, belongs in %s", dir, c.want.directory())
			}
			d := Text(c.text)
			if c.exempt != "" {
				if d.Verdict != Unsure || !slices.Contains(d.Candidates, c.want.cause) {
					t.Errorf("exempt from being named, so it must be unsure with %s among the candidates: %+v", c.want.cause, d)
				}
				return
			}
			if d.Verdict != c.want.verdict || d.Cause != c.want.cause {
				t.Errorf("got %s %s, want %s %s\nreply %+v", d.Verdict, d.Cause, c.want.verdict, c.want.cause, d.Reply)
			}
			all := slices.Concat(c.want.candidates, c.want.wider)
			if diff := cmp.Diff(slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(d.Candidates))); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
			if strange := c.want.truth != "" && d.Verdict == Unsure && !slices.Contains(d.Candidates, c.want.truth); strange && isCause(c.want.truth) {
				t.Errorf("the true cause %s is not among %v", c.want.truth, d.Candidates)
			}
			if d.Verdict == OtherProvider && (d.Cause != "" || len(d.Candidates) > 0) {
				t.Errorf("another provider's words got a cause of Microsoft's: %+v", d)
			}
		})
	}
}

// isCause is false for "other-provider", which is what some texts with
// Microsoft's words turned out to be.
func isCause(c Code) bool {
	_, ok := Lookup(c)
	return ok
}

// TestNamedShare holds the share of the texts that ought to be named and are.
func TestNamedShare(t *testing.T) {
	due, named := 0, 0
	for _, c := range loadCases(t) {
		if c.want.verdict != Named {
			continue
		}
		due++
		if d := Text(c.text); d.Verdict == Named && d.Cause == c.want.cause {
			named++
		}
	}
	if share := float64(named) / float64(due); share < 0.98 {
		t.Errorf("%d of %d are named", named, due)
	}
}
