package front

import (
	"crypto/tls"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// What clients of another age begin TLS with.
var (
	ssl2Hello = "\x80\x1c\x01\x03\x01" + "\x00\x03\x00\x00\x00\x10" + "\x00\x00\x05" + strings.Repeat("c", 16)
	ssl3Hello = "\x16\x03\x00\x00\x2d" + "\x01\x00\x00\x29\x03\x00" + strings.Repeat("r", 32) + "\x00" + "\x00\x02\x00\x35" + "\x01\x00"
)

// helloTo sends a ClientHello where a port expects it, or at once.
func helloTo(t *testing.T, hello string, implicit, atOnce bool) *Session {
	t.Helper()
	cfg, sessions := ended(t)
	cfg.ImplicitTLS = implicit
	c := dial(t, start(t, cfg))
	if !implicit {
		c.line()
	}
	if !implicit && !atOnce {
		c.cmd("EHLO printer")
		c.cmd("STARTTLS")
	}
	c.send(hello)
	io.Copy(io.Discard, c.conn)
	c.conn.Close()
	return <-sessions
}

func TestOldClientHellos(t *testing.T) {
	for _, where := range []struct {
		name             string
		implicit, atOnce bool
	}{{"STARTTLS", false, false}, {"implicit", true, false}, {"at once", false, true}} {
		t.Run(where.name, func(t *testing.T) {
			s := helloTo(t, ssl2Hello, where.implicit, where.atOnce)
			record, ok := errors.AsType[tls.RecordHeaderError](s.TLSError)
			if !ok || string(record.RecordHeader[:]) != ssl2Hello[:5] || s.TLSAtOnce != where.atOnce || s.ClientHello != nil {
				t.Errorf("as in SSL 2.0: %v, at once %v, %+v", s.TLSError, s.TLSAtOnce, s.ClientHello)
			}
			s = helloTo(t, ssl3Hello, where.implicit, where.atOnce)
			if s.ClientHello == nil || !slices.Equal(s.ClientHello.Versions, []uint16{0x0300}) || s.TLSAtOnce != where.atOnce {
				t.Errorf("SSL 3.0: at once %v, %+v", s.TLSAtOnce, s.ClientHello)
			}
			if _, ok := errors.AsType[tls.RecordHeaderError](s.TLSError); ok || s.TLSError == nil != where.atOnce {
				t.Errorf("SSL 3.0: %v", s.TLSError)
			}
		})
	}
}

// Bytes that only begin like a ClientHello are text, whole or not.
func TestNoClientHello(t *testing.T) {
	for _, sent := range []string{"\x80", "\x80\x1c", "\x80\x1c\x02\r\n", "\xc3\xa9\r\n", "Q", ""} {
		cfg, sessions := ended(t)
		c := dial(t, start(t, cfg))
		c.line()
		c.send(sent)
		c.conn.(interface{ CloseWrite() error }).CloseWrite()
		io.Copy(io.Discard, c.r)
		s := <-sessions
		unfinished := len(sent)
		if strings.HasSuffix(sent, "\n") {
			unfinished = 0
		}
		if s.TLSAtOnce || s.Unfinished != unfinished || s.End != EndLeft {
			t.Errorf("%q: at once %v, %d bytes unfinished, ended %q", sent, s.TLSAtOnce, s.Unfinished, s.End)
		}
	}
}
