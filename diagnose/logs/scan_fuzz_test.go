package logs

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/words"
	"smtpmend/internal/cases"
)

// FuzzScan: no log makes Scan panic, the numbers of the lines rise and are of
// the log, and how it arrives makes no difference.
func FuzzScan(f *testing.F) {
	for _, c := range cases.Load(f, casesDir) {
		f.Add([]byte(routineLine+c.Text+"\n"), uint16(0))
	}
	f.Add([]byte(strings.Repeat("x 5.7.139 ", 8000)), uint16(7))
	f.Fuzz(func(t *testing.T, log []byte, size uint16) {
		log = append([]byte(routineLine+"\n"), log...) // else it may be another format
		var format *FormatError
		if err := Scan(bytes.NewReader(log), func(int, words.Meaning) error { return nil }); errors.As(err, &format) {
			return
		}
		whole := scanAll(t, bytes.NewReader(log))
		last := 1
		for _, h := range whole {
			if h.Line < last || h.Line > bytes.Count(log, []byte("\n"))+1 {
				t.Errorf("line %d after line %d", h.Line, last)
			}
			last = h.Line
		}
		if diff := cmp.Diff(whole, scanAll(t, &pieceReader{log, int(size)%4096 + 1})); diff != "" {
			t.Errorf("(-whole +pieces):\n%s", diff)
		}
	})
}

// A pieceReader gives at most size bytes at a time.
type pieceReader struct {
	left []byte
	size int
}

func (r *pieceReader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.size)], r.left)
	r.left = r.left[n:]
	return n, nil
}
