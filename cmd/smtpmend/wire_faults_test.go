package main

import (
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"strings"
	"time"

	"smtpmend/diagnose/catalogue"
)

// wirePassword is told by its look in every encoding.
const wirePassword = "Winter-Garden/2026+wire"

var wireBase64 = base64.StdEncoding.EncodeToString([]byte(wirePassword))

// What a server does when it has said its say.
type wireEnd int

const (
	goesOn   wireEnd = iota // with the dialogue
	hangsUp                 // FIN, under TLS without its own leave
	resets                  // RST
	silent                  // until the client leaves
	repeats                 // the same over and over, until the client leaves
	dribbles                // octet by octet, and goes on
	trickles                // an octet now and then, until the client leaves
)

// What a fault leaves of the reply.
type wireEffect int

const (
	breaks  wireEffect = iota // no reply counts
	refuses                   // the server says no
	mars                      // the reply counts as it was meant
	spoils                    // as mars, but a prompt is no base64 any more
	strays                    // a whole reply that does not belong there
)

// A wireFault is what a server does in place of its reply.
type wireFault struct {
	name   string
	says   func(good string) string
	end    wireEnd
	effect wireEffect
	// names are the causes that the words mean: one of them has to be named, or
	// left open among others, and no other may be named.
	names []catalogue.Code
	not   string      // the turns where it is no fault, by name
	tls   *tls.Config // for those of the handshake alone
}

// strike says in place of good, and reports whether the dialogue goes on.
func (f *wireFault) strike(conn net.Conn, raw *net.TCPConn, good string) bool {
	text := ""
	if f.says != nil {
		text = f.says(good)
	}
	if f.end == dribbles {
		for _, c := range []byte(text) {
			if _, err := conn.Write([]byte{c}); err != nil {
				return false
			}
			time.Sleep(time.Millisecond)
		}
		return true
	}
	_, err := io.WriteString(conn, text)
	for err == nil && (f.end == repeats || f.end == trickles) {
		if f.end == trickles {
			time.Sleep(100 * time.Millisecond)
			text = "x"
		}
		_, err = io.WriteString(conn, text)
	}
	switch f.end {
	case hangsUp:
		raw.CloseWrite()
	case resets:
		raw.SetLinger(0)
		raw.Close()
	}
	return f.end == goesOn
}

func says(text string) func(string) string { return func(string) string { return text } }

// into puts text at the end of the first line.
func into(text string) func(string) string {
	return func(good string) string { return strings.Replace(good, "\r\n", text+"\r\n", 1) }
}

func code(good string) string { return good[:min(3, len(good))] }

const prompts = "AUTH prompt 1, AUTH prompt 2"

var temporary = []catalogue.Code{catalogue.Temporary}

// The faults of a reply; those that speak are struck at the handshake too, in
// place of TLS.
var wireFaults = []wireFault{
	{name: "nothing, FIN", end: hangsUp},
	{name: "nothing, RST", end: resets},
	{name: "silence", end: silent},
	{name: "silence in mid-line", says: func(good string) string { return good[:len(good)*2/3] }, end: silent},
	{name: "half a line, FIN", says: func(good string) string { return good[:len(good)-3] }, end: hangsUp},
	{name: "half a line, RST", says: func(good string) string { return good[:len(good)-3] }, end: resets},
	{name: "a line of several, FIN", says: func(good string) string { return code(good) + "-more\r\n" }, end: hangsUp},
	{name: "continuation without end", says: func(good string) string { return code(good) + "-more\r\n" }, end: silent},
	{name: "two replies at once", says: func(good string) string { return good + "250 2.0.0 and this\r\n" }, end: goesOn},
	{name: "twice the same", says: func(good string) string { return good + good }, end: goesOn},
	{name: "the next reply in front", says: func(good string) string { return "250 2.1.0 Sender OK\r\n" + good }, end: goesOn},
	{name: "endless line", says: says(strings.Repeat("x", 4096)), end: repeats},
	{name: "endless continuation", says: func(good string) string { return code(good) + "-more\r\n" }, end: repeats},
	{name: "endless long continuation", says: func(good string) string { return code(good) + "-" + strings.Repeat("x", 1900) + "\r\n" }, end: repeats},
	{name: "endless drip", says: func(good string) string { return good[:min(4, len(good))] }, end: trickles},
	{name: "bare CR", says: func(good string) string { return strings.ReplaceAll(good, "\r\n", "\r") }, end: silent},
	{name: "no code", says: says("ready when you are\r\n"), end: goesOn},
	{name: "code 000", says: says("000 nought\r\n"), end: goesOn},
	{name: "code 999", says: says("999 too high\r\n"), end: goesOn},
	{name: "code 1000", says: says("1000 too long\r\n"), end: goesOn},
	{name: "differing codes", says: func(good string) string { return "535-5.7.3 no\r\n" + good }, end: goesOn},
	{name: "wrong separator", says: func(good string) string { return code(good) + "+2.0.0 ok\r\n" }, end: goesOn},
	{name: "empty line", says: says("\r\n"), end: goesOn},
	{name: "garbage", says: says("\x00\xff\xfe\x13\x37\x80garbage\x9b\r\n"), end: goesOn},
	{name: "HTTP", says: says("HTTP/1.1 400 Bad Request\r\nServer: proxy\r\nConnection: close\r\n\r\n"), end: hangsUp},
	{name: "TLS alert in plain text", says: says("\x15\x03\x01\x00\x02\x02\x28"), end: hangsUp},
	{name: "cut 421", says: says("421 4.3.2 Service not av"), end: hangsUp},

	{name: "bare LF", says: func(good string) string { return strings.ReplaceAll(good, "\r\n", "\n") }, effect: mars},
	{name: "slow drip", says: func(good string) string { return good }, end: dribbles, effect: mars},
	{name: "NULs", says: into("\x00\x00"), effect: spoils},
	{name: "8-bit text", says: into(" Gr\xfc\xdfe"), effect: spoils},
	{name: "hostile text", says: into(" " + hostile), effect: spoils},
	{name: "echo", says: into(" you said " + wirePassword), effect: spoils},
	{name: "echo in upper case", says: into(" you said " + strings.ToUpper(wireBase64)), effect: spoils},
	{name: "echo of base64", says: into(" you said " + wireBase64), effect: spoils},
	{name: "echo cut short", says: into(" you said " + wireBase64[3:20]), effect: spoils},

	{name: "4xx", says: says("451 4.7.0 Temporary server error. Please try again later. PRX2\r\n"), effect: refuses, names: temporary},
	{name: "450", says: says("450 4.0.0 not now\r\n"), effect: refuses},
	{name: "451 4.3.0", says: says("451 4.3.0 Temporary failure\r\n"), effect: refuses, names: temporary},
	{name: "5xx", says: says("554 5.0.0 no\r\n"), effect: refuses},
	{name: "5xx of two lines", says: says("554-5.0.0 no\r\n554 5.0.0 and no\r\n"), effect: refuses},
	{name: "500", says: says("500 5.3.3 Unrecognized command\r\n"), effect: refuses, not: "EHLO 2"}, // go-smtp says HELO then
	{name: "hostile refusal", says: says("554 5.0.0 " + hostile + "\r\n"), effect: refuses},
	{name: "echo in a refusal", says: says("554 5.0.0 " + wirePassword + " " + strings.ToLower(wireBase64) + "\r\n"), effect: refuses},
	{name: "421 4.3.2", says: says("421 4.3.2 Service not available\r\n"), end: hangsUp, effect: refuses, names: temporary},
	{name: "421 4.7.0", says: says("421 4.7.0 Too many errors on this connection, closing transmission channel\r\n"), end: hangsUp, effect: refuses},
	{name: "421 connections", end: hangsUp, effect: refuses, names: []catalogue.Code{catalogue.Temporary, catalogue.ConcurrentConnections, catalogue.Throttled},
		says: says("421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel\r\n")},

	{name: "334 out of place", says: says("334 VXNlcm5hbWU6\r\n"), effect: strays, not: prompts},
	{name: "garbage prompt", says: says("334 !not*base64!\r\n"), effect: strays},
	{name: "prompt for a passcode", says: says("334 " + base64.StdEncoding.EncodeToString([]byte("Passcode from your phone:")) + "\r\n"), effect: strays},
	{name: "second password prompt", says: says("334 UGFzc3dvcmQ6\r\n"), effect: strays, not: prompts},
	{name: "235 early", says: says("235 2.7.0 Authentication successful\r\n"), effect: strays, not: "AUTH result"},
	{name: "235 twice", says: says("235 2.7.0 Authentication successful\r\n235 2.7.0 Authentication successful\r\n")},
	{name: "354 early", says: says("354 go on\r\n"), effect: strays, not: "DATA"},
	{name: "221 early", says: says("221 2.0.0 bye\r\n"), end: hangsUp, effect: strays, not: "QUIT"},
}
