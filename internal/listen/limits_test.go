package listen

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/internal/front"
)

func TestEndsAfterCount(t *testing.T) {
	ended := make(chan struct{})
	cert, err := certificate()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	go func() {
		defer close(ended)
		err := Serve(context.Background(), l, Config{Count: 2, Report: func(*Report) { n++ },
			TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
		if err != nil {
			t.Error(err)
		}
	}()
	for range 2 {
		d := dial(t, l.Addr().String())
		d.line()
		d.cmd("QUIT")
	}
	<-ended
	if n != 2 {
		t.Errorf("%d sessions", n)
	}
}

// Half of 200 devices hold their connection without getting on; the others
// are served meanwhile.
func TestManyAtOnce(t *testing.T) {
	const n = 200
	addr, reports := start(t, func(c *Config) { c.Limits = front.Limits{Idle: 10 * time.Second} })
	for i := range n / 2 {
		d := dial(t, addr)
		if i%2 == 0 {
			continue
		}
		go func() {
			for _, b := range []byte("EHLO printer.contoso.com") {
				if _, err := d.conn.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
	}
	var all sync.WaitGroup
	for range n / 2 {
		d := dial(t, addr)
		all.Go(func() {
			d.line()
			d.startTLS(0)
			d.cmd(signIn...)
			if got := d.cmd(send(login)...); !strings.HasPrefix(got, "221 ") {
				t.Errorf("a device was disturbed: %q", got)
			}
		})
	}
	all.Wait()
	for range n / 2 {
		if r := <-reports; r.Verdict != diagnose.Healthy {
			t.Errorf("a device was disturbed: %+v", r)
		}
	}
}

// One limit each, and the reply that a device gets there.
func TestLimitsArePolite(t *testing.T) {
	addr, _ := start(t, func(c *Config) { c.Limits = front.Limits{PerPeer: 2, Commands: 3, MessageBytes: 1000} })
	d := dial(t, addr)
	d.line()
	if got := d.cmd("NOOP " + strings.Repeat("x", 3000)); !strings.HasPrefix(got, "421 4.7.0 Line too long") {
		t.Errorf("a long line: %q", got)
	}
	d.conn.Close()
	many := dial(t, addr)
	many.line()
	if got := many.cmd("NOOP", "NOOP", "NOOP", "NOOP"); !strings.HasPrefix(got, "421 4.7.0 Too many") {
		t.Errorf("too many commands: %q", got)
	}
	addr, _ = start(t, func(c *Config) { c.Limits = front.Limits{PerPeer: 1, MessageBytes: 1000} })
	only := dial(t, addr)
	only.line()
	if got := dial(t, addr).line(); !strings.HasPrefix(got, "421 4.3.2") {
		t.Errorf("one too many from a peer: %q", got)
	}
	only.startTLS(0)
	only.cmd(signIn...)
	only.cmd(send(login)[:3]...)
	if got := only.cmd(strings.Repeat("0123456789\r\n", 200) + "."); !strings.HasPrefix(got, "552 5.3.4") {
		t.Errorf("a large message: %q", got)
	}
}

// What a device has not done when listen ends, it may have been about to do.
func TestCutOffIsNoFault(t *testing.T) {
	for _, tt := range []struct {
		name    string
		do      func(*device)
		verdict diagnose.Verdict
		seen    Observation
	}{
		{"after EHLO", func(d *device) { d.cmd("EHLO printer") }, diagnose.Unknown, CutOff},
		{"after the handshake", func(d *device) { d.startTLS(0) }, diagnose.Unknown, CutOff},
		{"before the sign-in", func(d *device) { d.startTLS(0); d.cmd("EHLO printer") }, diagnose.Unknown, CutOff},
		{"in the sign-in", func(d *device) { d.startTLS(0); d.cmd(signIn[:2]...) }, diagnose.Unknown, CutOff},
		{"after a refusal", func(d *device) { d.startTLS(0); d.cmd("EHLO printer", plain) }, diagnose.Named, WrongMechanism},
		{"in the message", func(d *device) { d.startTLS(0); d.cmd(signIn...); d.cmd(send(login)[:3]...) }, diagnose.Healthy, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			addr, reports := startUntil(ctx, t, nil)
			d := dial(t, addr)
			d.line()
			tt.do(d)
			stop()
			r := <-reports
			if r.Verdict != tt.verdict || tt.seen != "" && !slices.Equal(r.Observations, []Observation{tt.seen}) {
				t.Errorf("%s %s", r.Verdict, r.Observations)
			}
		})
	}
}
