package front

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"time"
)

// startTLS answers STARTTLS and shakes hands. What the client sent behind
// the command in the clear is dropped (RFC 3207 section 5).
func (c *conn) startTLS(string) Reply {
	if c.session.TLS != nil || !c.greeted {
		return badSequence
	}
	c.say(startTLSNow)
	c.handshake(c.raw)
	return Reply{}
}

// versionSSL30 is not among the versions that crypto/tls knows: it lists none
// for a client that has nothing newer.
const versionSSL30 = 0x0300

// Bounds on what is kept of a ClientHello, and on the octets of a whole
// handshake, of which crypto/tls would take 64 KiB a message. Clients know
// some 100 cipher suites at most, and a ClientHello has less than 4 KiB.
const (
	maxServerName = 255
	maxOffered    = 200
	maxHandshake  = 32 << 10
)

func (c *conn) offered(hello *tls.ClientHelloInfo) {
	versions := hello.SupportedVersions
	if len(versions) == 0 {
		versions = []uint16{versionSSL30}
	}
	c.session.ClientHello = &ClientHello{
		ServerName: strings.Clone(hello.ServerName[:min(len(hello.ServerName), maxServerName)]),
		Versions:   slices.Clone(versions[:min(len(versions), maxOffered)]),
		Ciphers:    slices.Clone(hello.CipherSuites[:min(len(hello.CipherSuites), maxOffered)]),
	}
}

// implicitTLS waits for the handshake with which a client has to begin, or,
// where that is wanted, until it is clear that the client waits instead.
func (c *conn) implicitTLS() {
	wait := c.server.cfg.PlainGreeting
	if wait > 0 {
		c.raw.SetReadDeadline(time.Now().Add(wait))
		_, err := c.r.Peek(1)
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			c.session.PlainInstead = true
			c.r.Reset(c.raw) // forgets the timeout
			return
		}
	}
	c.handshake(buffered{c.raw, c.r})
}

// startsTLS waits for the client's first bytes and reports whether they begin
// a TLS handshake instead of a command: a record of the type handshake (RFC
// 8446 section 5.1), or a ClientHello as in SSL 2.0, which old clients that
// know TLS as well begin with (RFC 5246 appendix E.2).
func (c *conn) startsTLS() bool {
	if c.commands > 0 || c.session.TLS != nil || c.ready() != nil {
		return false
	}
	first, err := c.r.Peek(1)
	if err == nil && first[0] >= 0x80 {
		first, err = c.r.Peek(3)
	}
	if err != nil {
		c.session.Unfinished = len(first)
		c.broke(err)
		return false
	}
	return first[0] == 22 || first[0] >= 0x80 && first[2] == 1
}

// tlsAtOnce reads what a client offers that starts TLS where it must not yet.
func (c *conn) tlsAtOnce() {
	c.session.TLSAtOnce = true
	c.hungUp = true
	refuse := func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		c.offered(hello)
		return nil, errors.New("TLS before STARTTLS")
	}
	err := tls.Server(buffered{c.raw, c.r}, &tls.Config{GetConfigForClient: refuse}).HandshakeContext(c.server.ctx)
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		c.session.TLSError = err // all that is known of a ClientHello as in SSL 2.0
	}
}

// buffered is a connection whose first bytes were read already.
type buffered struct {
	net.Conn
	r *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.r.Read(p) }

// handshake makes the connection a TLS connection, or hangs up. The state of
// the dialogue starts anew (RFC 3207 section 4.2).
func (c *conn) handshake(below net.Conn) {
	cfg := c.server.tls.Clone()
	cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		c.offered(hello)
		return nil, nil
	}
	c.raw.SetDeadline(c.waitUntil())
	tail := &tail{Conn: below, most: maxHandshake}
	t := tls.Server(tail, cfg)
	start := time.Now()
	err := t.HandshakeContext(c.server.ctx)
	c.session.TLSTook = max(1, time.Since(start)) // clocks may stand still meanwhile
	if err != nil {
		c.session.Handshake(c.session.TLSTook, "The handshake failed: "+err.Error()+".")
		c.session.TLSError, c.session.TLSAlert = err, tail.alert()
		c.hungUp = true
		return
	}
	c.session.Handshake(c.session.TLSTook, "")
	tail.most = 0
	state := t.ConnectionState()
	c.session.TLS = &state
	c.session.Hello = ""
	c.greeted, c.signedIn, c.accepted = false, false, accepted{}
	c.wire = t
	c.r = bufio.NewReaderSize(t, c.server.readerSize())
}

// tail remembers the last bytes that came. OpenSSL 3.0 answers a certificate
// that it does not trust with an alert in plain text where TLS 1.3 wants it
// encrypted, and crypto/tls reports only that it could not be decrypted.
type tail struct {
	net.Conn
	bytes [7]byte
	most  int // octets that may come, 0 for any number
	came  int
}

var errLongHandshake = errors.New("the handshake is longer than 32 KiB")

func (t *tail) Read(p []byte) (int, error) {
	if t.most > 0 && t.came > t.most {
		return 0, errLongHandshake
	}
	n, err := t.Conn.Read(p)
	t.came += n
	last := append(t.bytes[:len(t.bytes):len(t.bytes)], p[max(0, n-len(t.bytes)):n]...)
	copy(t.bytes[:], last[len(last)-len(t.bytes):])
	return n, err
}

// alert is what the record of an alert at the end says, 0 where there is none.
func (t *tail) alert() uint8 {
	const recordTypeAlert = 21
	if b := t.bytes; b[0] == recordTypeAlert && b[1] == 3 && b[3] == 0 && b[4] == 2 {
		return b[6]
	}
	return 0
}
