package front

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

// startTLS answers STARTTLS and shakes hands. What the client sent behind
// the command in the clear is dropped (RFC 3207 section 5).
func (c *conn) startTLS(string) Reply {
	if c.session.TLS != nil || c.session.Hello == "" {
		return badSequence
	}
	c.say(startTLSNow)
	c.r.Reset(c.raw)
	c.handshake()
	return Reply{}
}

// implicitTLS waits for the handshake with which a client has to begin, or,
// where that is wanted, until it is clear that the client waits instead.
func (c *conn) implicitTLS() {
	if wait := c.server.cfg.PlainGreeting; wait > 0 {
		c.raw.SetReadDeadline(time.Now().Add(wait))
		if _, err := c.r.Peek(1); os.IsTimeout(err) {
			c.session.PlainInstead = true
			return
		}
	}
	c.handshake()
}

// startsTLS waits for the client's first bytes and reports whether they begin
// a TLS handshake instead of a command: a record of the type handshake (RFC
// 8446 section 5.1), or a ClientHello as in SSL 2.0, which old clients that
// know TLS as well begin with (RFC 5246 appendix E.2).
func (c *conn) startsTLS() bool {
	if c.session.TLS != nil || c.ready() != nil {
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
	c.session.TLSAtOnce, c.hungUp = true, true
	cfg := &tls.Config{GetConfigForClient: c.offered(errors.New("TLS before STARTTLS"))}
	err := tls.Server(c.below(), cfg).HandshakeContext(c.server.ctx)
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		c.session.TLSError = err // all that is known of a ClientHello as in SSL 2.0
	}
}

// handshake makes the connection a TLS connection, or hangs up. The state of
// the dialogue starts anew (RFC 3207 section 4.2).
func (c *conn) handshake() {
	cfg := c.server.cfg.TLS.Clone()
	cfg.GetConfigForClient = c.offered(nil)
	c.raw.SetDeadline(c.deadline())
	below := c.below()
	t := tls.Server(below, cfg)
	start := time.Now()
	if err := t.HandshakeContext(c.server.ctx); err != nil {
		c.session.Handshake(time.Since(start), "The handshake failed: "+err.Error()+".")
		c.session.TLSError, c.session.TLSAlert = err, below.alert()
		c.hungUp = true
		return
	}
	c.session.Handshake(time.Since(start), "")
	below.most = 0
	state := t.ConnectionState()
	c.session.TLS, c.session.Hello, c.accepted = &state, "", accepted{}
	c.speakOver(t)
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

// offered takes note of a ClientHello; a handshake goes on where refuse is nil.
func (c *conn) offered(refuse error) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		versions := hello.SupportedVersions
		if len(versions) == 0 {
			versions = []uint16{versionSSL30}
		}
		c.session.ClientHello = &ClientHello{
			ServerName: strings.Clone(hello.ServerName[:min(len(hello.ServerName), maxServerName)]),
			Versions:   slices.Clone(versions[:min(len(versions), maxOffered)]),
			Ciphers:    slices.Clone(hello.CipherSuites[:min(len(hello.CipherSuites), maxOffered)]),
		}
		return nil, refuse
	}
}

// below is the connection for TLS to run on, with what came of it already.
func (c *conn) below() *tail { return &tail{Conn: c.raw, r: c.r, most: maxHandshake} }

// tail remembers the last bytes that came. OpenSSL 3.0 answers a certificate
// that it does not trust with an alert in plain text where TLS 1.3 wants it
// encrypted, and crypto/tls reports only that it could not be decrypted.
type tail struct {
	net.Conn
	r     io.Reader
	bytes [7]byte
	most  int // octets that may come, 0 for any number
	came  int
}

var errLongHandshake = errors.New("the handshake is longer than 32 KiB")

func (t *tail) Read(p []byte) (int, error) {
	if t.most > 0 && t.came > t.most {
		return 0, errLongHandshake
	}
	n, err := t.r.Read(p)
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
