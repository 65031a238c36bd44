package front

import (
	"bufio"
	"crypto/tls"
)

// startTLS answers STARTTLS and shakes hands. What the client sent behind
// the command in the clear is dropped (RFC 3207 section 5).
func (c *conn) startTLS() {
	c.say(Reply{Code: 220, Status: "2.0.0", Text: "SMTP server ready"})
	c.handshake()
}

// handshake makes the connection a TLS connection, or hangs up. The state of
// the dialogue starts anew (RFC 3207 section 4.2).
func (c *conn) handshake() {
	cfg := c.server.tls.Clone()
	cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		c.session.ClientHello = &ClientHello{
			ServerName: hello.ServerName,
			Versions:   hello.SupportedVersions,
			Ciphers:    hello.CipherSuites,
		}
		return nil, nil
	}
	c.raw.SetDeadline(c.waitUntil())
	t := tls.Server(c.raw, cfg)
	if err := t.HandshakeContext(c.server.ctx); err != nil {
		c.session.TLSError = err
		c.hungUp = true
		return
	}
	state := t.ConnectionState()
	c.session.TLS = &state
	c.session.Hello = ""
	c.greeted = false
	c.tls.Store(t)
	c.r = bufio.NewReader(t)
}
