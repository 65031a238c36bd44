//go:build peers

package peers

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/wiretest"
)

// A front answers as Microsoft 365 did in a recorded dialogue and waits with
// each reply. It is not package front, from which a reply leaves line by line
// and would be waited with as often.
type front struct {
	net.Listener
	tls   *tls.Config
	delay time.Duration
	// dialogues has what each client said, once it has left.
	dialogues chan []string

	greeting, hello, start, helloTLS, prompt, refusal string
}

// newFront listens on loopback until the test ends.
func newFront(t *testing.T, cert tls.Certificate, delay time.Duration) *front {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { l.Close() })
	f := &front{
		Listener: l, delay: delay, dialogues: make(chan []string, 1),
		tls: &tls.Config{Certificates: []tls.Certificate{cert}},
	}
	f.learn(t, "../../testdata/transcripts/2024-10-login-refused.txt")
	go f.serve()
	return f
}

// learn takes the replies from the transcript of a refused AUTH LOGIN.
func (f *front) learn(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	check(t, err)
	script, err := wiretest.ParseTranscript(string(text))
	check(t, err)
	var replies []string
	open := ""
	for _, line := range script.Server() {
		open += line + "\r\n"
		if line[3] == ' ' {
			replies, open = append(replies, open), ""
		}
	}
	into := []*string{&f.greeting, &f.hello, &f.start, &f.helloTLS, &f.prompt, &f.refusal}
	if len(replies) != len(into) {
		t.Fatalf("%s holds %d replies, want %d", file, len(replies), len(into))
	}
	for i, reply := range replies {
		*into[i] = reply
	}
}

// serve has one dialogue after the other.
func (f *front) serve() {
	for {
		conn, err := f.Accept()
		if err != nil {
			return
		}
		conn.SetDeadline(time.Now().Add(patience))
		d := &talk{front: f, conn: conn}
		d.talk()
		conn.Close()
		f.dialogues <- d.lines
	}
}

// A talk is the dialogue with one client.
type talk struct {
	*front
	conn     net.Conn
	in       *bufio.Reader
	lines    []string
	inTLS    bool
	userNext bool // the client's next line is its user name
}

// talk ends when the client leaves.
func (d *talk) talk() {
	d.in = bufio.NewReader(d.conn)
	d.say(d.greeting)
	for {
		line, err := d.in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		d.lines = append(d.lines, line)
		d.say(d.reply(line))
	}
}

// say waits for the delay and sends a whole reply.
func (d *talk) say(reply string) {
	time.Sleep(d.delay)
	io.WriteString(d.conn, reply) // that the client has left shows at the next read
	if reply == d.start {
		d.conn, d.inTLS = tls.Server(d.conn, d.tls), true
		d.in = bufio.NewReader(d.conn)
	}
}

func (d *talk) reply(line string) string {
	verb, rest, _ := strings.Cut(strings.ToUpper(line), " ")
	switch {
	case d.userNext:
		d.userNext = false
		return d.prompt
	case verb == "EHLO" && d.inTLS:
		return d.helloTLS
	case verb == "EHLO":
		return d.hello
	case verb == "STARTTLS":
		return d.start
	case verb == "AUTH" && rest == "LOGIN":
		d.userNext = true
		return "334 VXNlcm5hbWU6\r\n"
	case verb == "AUTH":
		return d.prompt
	case verb == "QUIT":
		return "221 2.0.0 Service closing transmission channel\r\n"
	}
	return d.refusal
}
