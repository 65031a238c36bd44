package diagnose

import (
	"bufio"
	"errors"
	"io"
)

// Scan reads a log as a stream and calls fn for every refusal in it, with the
// number of the line (from 1) in which it begins. Memory is bounded whatever
// the length of the lines. Lines that say nothing about mail submission, and
// lines that report success, give no call. An error of fn ends the scan and is
// returned; so is an error of r other than io.EOF.
func Scan(r io.Reader, fn func(line int, d Diagnosis) error) error {
	br := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := br.ReadString('\n')
		if d := Text(line); d.Verdict != Unknown && d.Verdict != Healthy {
			if err := fn(n, d); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
