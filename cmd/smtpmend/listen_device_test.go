package main

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// A lineDevice speaks line by line, as no library would.
type lineDevice struct {
	conn net.Conn
	r    *bufio.Reader
}

// dialFrom connects from one of the addresses of loopback and reads the
// greeting.
func dialFrom(t *testing.T, from, addr string) (d *lineDevice, greeting string) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", addr)
	if err != nil {
		t.Skip("this system has no further addresses of loopback: ", err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	d = &lineDevice{conn, bufio.NewReader(conn)}
	return d, d.line()
}

// dialTLS is dialFrom as far as the handshake.
func dialTLS(t *testing.T, from, addr string) *lineDevice {
	t.Helper()
	d, _ := dialFrom(t, from, addr)
	d.cmd("EHLO printer", "STARTTLS")
	conn := tls.Client(d.conn, &tls.Config{InsecureSkipVerify: true})
	if err := conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	return &lineDevice{conn, bufio.NewReader(conn)}
}

// line is the last line of a reply, "" once there is none.
func (d *lineDevice) line() string {
	for {
		line, err := d.r.ReadString('\n')
		if err != nil || len(line) < 4 || line[3] != '-' {
			return strings.TrimSpace(line)
		}
	}
}

func (d *lineDevice) cmd(lines ...string) (reply string) {
	for _, line := range lines {
		io.WriteString(d.conn, line+"\r\n") // a server that hung up shows in the reply
		reply = d.line()
	}
	return reply
}

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
