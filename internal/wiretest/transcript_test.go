package wiretest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func corpus(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("../../testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no transcripts: %v", err)
	}
	var texts []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}

func TestParseRoundTrip(t *testing.T) {
	for _, text := range corpus(t) {
		parsed, err := ParseTranscript(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseTranscript(parsed.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parsed, again); diff != "" {
			t.Error(diff)
		}
	}
}

func TestParseNamesTheLine(t *testing.T) {
	_, err := ParseTranscript("S: 220 hello\nwhat is this\n")
	if err == nil || err.Error() != `line 2 begins with neither "S:" nor "C:"` {
		t.Errorf("got %v", err)
	}
}

func FuzzParseTranscript(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text)
	}
	f.Add("C:\r\r")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := ParseTranscript(text)
		if err != nil {
			return
		}
		again, err := ParseTranscript(parsed.String())
		if err != nil {
			t.Fatalf("what String wrote is refused: %v", err)
		}
		if diff := cmp.Diff(parsed, again); diff != "" {
			t.Error(diff)
		}
	})
}
