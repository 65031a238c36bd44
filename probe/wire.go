package probe

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// errNotSaid is what go-smtp's client gets for a line that the probe does not
// let it say.
var errNotSaid = errors.New("probe: a line that is not said")

// A wire is a connection that records what go-smtp's Client sends and hears,
// and hands it whole replies only, each to a command that asked for it. The
// client drops most of the dialogue (the greeting, the texts of good replies,
// the command that failed) and acts on a line that the connection cut off.
// Deadlines are the probe's, so the client's are ignored.
//
// A wire belongs to the goroutine of its session; only timeUp may come from
// another one.
type wire struct {
	net.Conn
	raw    net.Conn // below TLS; carries the deadlines
	stage  *Stage   // where exchanges are recorded; nil records nothing
	hide   *dialogue.Masker
	reader dialogue.Reader
	last   *Reply  // the newest whole reply as it came, secrets included
	heard  int     // octets from the server, TLS not counted
	breach *breach // how the server left the order, once it has: nothing is said any more
	astray bool    // a command has no whole reply, so the next would not be its own

	line   []byte    // of the client, until its end
	open   *Exchange // the line sent last, until its reply is whole
	sentAt time.Time
	ready  []byte // a whole reply, or the rest of it, that the client has not read yet

	auth    bool // AUTH is under way
	masked  bool // the next line is recorded as ****
	secret  bool // the next line holds the secret
	spent   bool // the secret went out; it never does again
	message bool // a message body is being sent
	noted   bool // the bare LF is in the notes

	mu    sync.Mutex
	limit time.Time // of reads, as until has set it
	over  bool      // the time of the dialogue is up
}

func (*wire) SetDeadline(time.Time) error      { return nil }
func (*wire) SetReadDeadline(time.Time) error  { return nil }
func (*wire) SetWriteDeadline(time.Time) error { return nil }

// Read hands the client a whole reply to the line that it has sent.
func (w *wire) Read(b []byte) (int, error) {
	if len(w.ready) == 0 {
		reply, err := w.await()
		if err != nil {
			return 0, err
		}
		w.hand(reply)
	}
	n := copy(b, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

// Write sends what the client says, a command in one piece, and records it.
func (w *wire) Write(b []byte) (int, error) {
	switch {
	case w.breach != nil:
		return 0, w.breach
	case w.message:
		if w.open == nil {
			w.ask("(message)")
		}
		return w.Conn.Write(b)
	}
	w.line = append(w.line, b...)
	if !bytes.HasSuffix(w.line, []byte("\n")) {
		return len(b), nil // a long token comes without its line end
	}
	line := w.line
	w.line = nil
	return len(b), w.say(line)
}

// say sends one line. The "*" with which go-smtp's client answers a final 535
// stays here: Microsoft 365 takes five seconds to refuse it, and its reply
// would stand behind the true one. So does a secret that was sent before.
func (w *wire) say(line []byte) error {
	text := strings.TrimRight(string(line), "\r\n")
	masked, holdsSecret := w.masked, w.secret
	w.masked, w.secret = false, false
	switch {
	case w.auth && text == "*":
		return errNotSaid
	case holdsSecret && w.spent:
		return sasl.ErrUnexpectedServerChallenge
	}
	w.spent = w.spent || holdsSecret
	switch {
	case !masked:
		w.ask(w.hide.Line(text))
	case dialogue.Verb(text) == "AUTH":
		w.ask(dialogue.MaskCommand(text, true))
	default:
		w.ask(secret.Mask)
	}
	_, err := w.Conn.Write(line)
	return err
}

func (w *wire) ask(line string) { w.open, w.sentAt = &Exchange{Sent: line}, time.Now() }

// exchange sends one line, or none for the greeting, and returns the reply as
// it came. With a breach the reply is there too, where it was whole before.
func (w *wire) exchange(line string) (*Reply, error) {
	w.sentAt = time.Now()
	if line == "" {
		w.open = &Exchange{}
	} else if _, err := w.Write([]byte(line + "\r\n")); err != nil {
		return nil, err
	}
	return w.await()
}

// hand gives the client a reply to read. It wants a separator behind each code
// and counts the line end.
func (w *wire) hand(reply *Reply) {
	w.ready = []byte(strings.Join(dialogue.Lines(reply.Code, reply.Texts()), "\n") + "\n")
}

// until bounds the reads to come; the zero time is no bound. Once the time of
// the dialogue is up, it stays so.
func (w *wire) until(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit = t
	if !w.over {
		w.raw.SetReadDeadline(t)
	}
}

// timeUp ends every wait on the connection at once.
func (w *wire) timeUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.raw.SetDeadline(longAgo)
}

// restart lifts every bound, those that a TLS handshake has set included.
func (w *wire) restart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over, w.limit = false, time.Time{}
	w.raw.SetDeadline(time.Time{})
}
