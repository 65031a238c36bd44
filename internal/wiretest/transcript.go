package wiretest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"smtpmend/internal/dialogue"
)

// A Line is one line of a dialogue, without its CR LF.
type Line struct {
	Server bool
	Text   string
}

// A Transcript is a dialogue in its order, written down as lines that begin
// with "S:" or "C:".
type Transcript []Line

// ParseTranscript reads a transcript. Empty lines and lines that begin with "#" are
// passed over; any other that begins with neither "S:" nor "C:" is an error
// that names its number.
func ParseTranscript(text string) (Transcript, error) {
	var t Transcript
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r")
		side, rest, ok := strings.Cut(line, ":")
		rest = strings.TrimPrefix(rest, " ")
		switch {
		case strings.TrimSpace(line) == "", strings.HasPrefix(line, "#"):
		case ok && side == "S":
			t = append(t, Line{true, rest})
		case ok && side == "C":
			t = append(t, Line{false, rest})
		default:
			return nil, fmt.Errorf(`line %d begins with neither "S:" nor "C:"`, i+1)
		}
	}
	return t, nil
}

// String writes t as ParseTranscript reads it.
func (t Transcript) String() string {
	var b strings.Builder
	for _, l := range t {
		side := "C: "
		if l.Server {
			side = "S: "
		}
		b.WriteString(side + l.Text + "\n")
	}
	return b.String()
}

// Server returns the lines of the server alone.
func (t Transcript) Server() []string {
	var lines []string
	for _, l := range t {
		if l.Server {
			lines = append(lines, l.Text)
		}
	}
	return lines
}

// ErrOutOfStep is what Play returns when the client says another command than
// the transcript's.
var ErrOutOfStep = errors.New("the client said something else")

// Play speaks the server's lines over conn and reads a line for each of the
// client's. Of those only the command word has to be the same, and nothing of
// a line that answers a challenge. When the server has agreed to STARTTLS,
// upgrade returns the connection to go on with. Play ends with the
// transcript, or when the client leaves.
func Play(t Transcript, conn io.ReadWriter, upgrade func() (io.ReadWriter, error)) error {
	in := bufio.NewReader(conn)
	challenged, starting := false, false
	for _, l := range t {
		if l.Server {
			if _, err := io.WriteString(conn, l.Text+"\r\n"); err != nil {
				return err
			}
			challenged = strings.HasPrefix(l.Text, "334")
			if starting && strings.HasPrefix(l.Text, "220") {
				up, err := upgrade()
				if err != nil {
					return err
				}
				conn, in = up, bufio.NewReader(up)
			}
			starting = false
			continue
		}
		said, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		if !challenged && dialogue.Verb(said) != dialogue.Verb(l.Text) {
			return fmt.Errorf("%w: %q, not %q", ErrOutOfStep, dialogue.Verb(said), dialogue.Verb(l.Text))
		}
		starting = dialogue.Verb(said) == "STARTTLS"
	}
	return nil
}
