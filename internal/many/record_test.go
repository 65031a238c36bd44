package many

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func resultLine(mailbox string) []byte {
	line, err := json.Marshal(map[string]any{"schema": 1, "mailbox": mailbox, "verdict": "healthy", "probe": map[string]string{"started": "x", "outcome": "accepted"}})
	if err != nil {
		panic(err)
	}
	return append([]byte(first), line[bytes.Index(line, []byte(`"mailbox"`)):]...) // in the order in which it is printed
}

func startLine(mailbox string) []byte {
	return fmt.Appendf(nil, `{"schema":1,"mailbox":%q,"started":"2026-11-26T10:00:00Z"}`, mailbox)
}

// written is the record of a run that was killed with two attempts under way.
func written(t *testing.T, path string) {
	t.Helper()
	r, err := OpenRecord(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, do := range []error{
		r.Begin(startLine("a@x.com")), r.Begin(startLine("B@x.com")), r.Add(resultLine("a@x.com")), r.Begin(startLine("c@x.com")), r.Add(resultLine("c@x.com")), r.Begin(startLine("d\u202e@x.com")),
	} {
		if do != nil {
			t.Fatal(do)
		}
	}
}

func TestRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.jsonl")
	written(t, path)
	r, err := OpenRecord(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"a@x.com", "c@x.com"}, {"B@x.com", "d\u202e@x.com"}}, [][]string{r.Results(), r.Open()}); diff != "" {
		t.Error(diff)
	}
	if at := []int{r.Line("a@x.com"), r.Line("C@X.com"), r.Line("b@x.com")}; !slices.Equal(at, []int{3, 5, 0}) {
		t.Errorf("the results stand in lines %v", at)
	}
	if line, err := r.Result("C@X.com"); err != nil || !bytes.Equal(bytes.TrimSpace(line), resultLine("c@x.com")) {
		t.Errorf("%v, %s", err, line)
	}
	if _, err := r.Result("b@x.com"); err == nil || r.Has("b@x.com") {
		t.Error("a result that is none")
	}
	if _, err := OpenRecord(path); !errors.Is(err, ErrBusy) {
		t.Errorf("a second run beside this one: %v", err)
	}
	if err := errors.Join(r.Begin(startLine("b@x.com")), r.Add(resultLine("b@x.com")), r.Add([]byte(`{"schema":1,"summary":[]}`)), r.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if r, err = OpenRecord(path); err != nil || len(r.Results()) != 3 || len(r.Open()) != 1 {
		t.Errorf("after the second run: %v", err)
	}
}

// Cut off anywhere, and gone on with, and cut off anywhere again: every result
// that was whole is kept, every attempt that was begun is known, and nothing
// is in the way of going on.
func TestRecordCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "whole.jsonl")
	written(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, behind := range []string{"", "\x00\x00\x00"} {
		for cut := range len(whole) + 1 {
			if cut%7 > 0 && behind != "" {
				continue
			}
			path := filepath.Join(dir, fmt.Sprint(cut, len(behind)))
			text := append(slices.Clone(whole[:cut]), behind...)
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			want, before := 0, 0
			for line := range strings.SplitSeq(string(whole[:cut]), "\n") {
				if json.Valid([]byte(line)) {
					before++
					want += strings.Count(line, `"verdict"`)
				}
			}
			r, err := OpenRecord(path)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if len(r.Results()) != want || len(r.Results())*2+len(r.Open()) != before {
				t.Fatalf("cut at %d: %v, %v of %d lines", cut, r.Results(), r.Open(), before)
			}
			if err := errors.Join(r.Begin(startLine("e@x.com")), r.Add(resultLine("e@x.com")), r.Close()); err != nil {
				t.Fatal(err)
			}
			if r, err = OpenRecord(path); err != nil || !r.Has("e@x.com") || len(r.Results()) < want+1 {
				t.Fatalf("cut at %d and gone on with: %v", cut, err)
			}
			r.Close()
		}
	}
}

// What is not ours is left alone: not a byte is written to it.
func TestNoRecord(t *testing.T) {
	dir := t.TempDir()
	tests := map[string]string{
		"a list":             "a@x.com\nb@x.com\n",
		"a list of one":      "a@x.com",
		"a table":            "mailbox,password\na@x.com,p\n",
		"other JSON":         `{"name":"lab"}` + "\n",
		"another schema":     `{"schema":2,"mailbox":"a@x.com","verdict":"healthy"}` + "\n",
		"a probe":            `{"schema":1,"mailbox":"a@x.com","outcome":"refused","started":"2026-11-26T10:00:00Z"}` + "\n",
		"an inventory":       `{"schema":1,"mailbox":"a@x.com","upn":"a@x.com","affected":true}` + "\n",
		"an explanation":     `{"schema":1,"verdict":"named","cause":"throttled"}` + "\n",
		"no mailbox":         `{"schema":1,"mailbox":"a\nb@x.com","verdict":"healthy"}` + "\n",
		"wrong in a line":    `{"schema":1,"mailbox":"a@x.com","verdict":"healthy"}}` + "\n",
		"JSON over lines":    "{\n  \"schema\": 1\n}\n",
		"a list behind":      `{"schema":1,"mailbox":"a@x.com","verdict":"healthy"}` + "\nb@x.com",
		"a line without end": first + strings.Repeat("x", maxLine),
	}
	for name, text := range tests {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenRecord(path)
		left, _ := os.ReadFile(path)
		if !errors.Is(err, ErrRecord) || string(left) != text || len(err.Error()) > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "aim"), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, dir} {
		if _, err := OpenRecord(path); err == nil {
			t.Errorf("%s was opened", path)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "aim")); err == nil {
		t.Error("a file was made behind a link")
	}
	if _, err := OpenRecord(filepath.Join(dir, "missing", "run.jsonl")); err == nil {
		t.Error("a file in a folder that is missing")
	}
}

// A counting file tells what was done with it, in order.
type countingFile struct {
	*os.File
	done string
}

func (f *countingFile) Write(b []byte) (int, error) { f.done += "w"; return f.File.Write(b) }
func (f *countingFile) Sync() error                 { f.done += "s"; return f.File.Sync() }

// An announcement is on disk before the attempt, and with it the results before
// it; a result alone waits for the next.
func TestRecordOnDisk(t *testing.T) {
	r, err := OpenRecord(filepath.Join(t.TempDir(), "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	f := &countingFile{File: r.file.(*os.File)}
	r.file = f
	if err := errors.Join(r.Begin(startLine("a@x.com")), r.Add(resultLine("a@x.com")), r.Begin(startLine("b@x.com")), r.Sync(), r.Add(resultLine("b@x.com")), r.Close()); err != nil {
		t.Fatal(err)
	}
	if want := "ws" + "w" + "ws" + "s" + "w" + "s"; f.done != want {
		t.Errorf("%s, want %s", f.done, want)
	}
}

// After a write that failed nothing follows it.
func TestRecordFull(t *testing.T) {
	r, err := OpenRecord(filepath.Join(t.TempDir(), "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Begin(startLine("a@x.com")); err != nil {
		t.Fatal(err)
	}
	good := r.file
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	r.file = full
	if err := r.Begin(startLine("b@x.com")); err == nil {
		t.Error("a full disk was not told")
	}
	r.file = good
	if err := errors.Join(r.Add(resultLine("a@x.com")), r.Begin(startLine("b@x.com"))); err == nil {
		t.Error("something followed a write that failed")
	}
}

// Whatever a file holds: it is refused untouched, or opened, and then a result
// that is added is found again.
func FuzzRecord(f *testing.F) {
	f.Add(resultLine("a@x.com"))
	f.Add([]byte(`{"schema":1,"mailbox":"a@x.com","started":"2026-11-26T10:00:00Z"}` + "\n" + `{"schema":1,"mai`))
	f.Add([]byte(`{"schema":1,"summary":[]}` + "\n\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "run.jsonl")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := OpenRecord(path)
		if err != nil {
			if left, _ := os.ReadFile(path); !bytes.Equal(left, text) {
				t.Fatal("a file that is refused was changed")
			}
			return
		}
		kept := r.Results()
		for _, m := range kept {
			line, err := r.Result(m)
			if err != nil || !json.Valid(line) || !isAddress(m) {
				t.Fatalf("%s: %v, %q", m, err, line)
			}
		}
		if err := errors.Join(r.Begin(startLine("new@x.com")), r.Add(resultLine("new@x.com")), r.Close()); err != nil {
			t.Fatal(err)
		}
		if r, err = OpenRecord(path); err != nil || !r.Has("new@x.com") || len(r.Results()) < len(kept) {
			t.Fatalf("gone on with: %v", err)
		}
		r.Close()
	})
}
