package probe_test

import (
	"io"
	"net"
	"strings"
)

// The breaks. FIN comes without TLS's own leave, as where a connection is cut.
var breaks = map[string]breaking{
	"lines that differ and go on": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, "535-5.7.3 no\r\n"+good[:3]+"-more\r\n")
		return false
	},
	"200 lines of continuation": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, strings.Repeat(good[:3]+"-more\r\n", 200))
		return false
	},
	"cut in mid-line": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:len(good)-3])
		raw.CloseWrite()
		return false
	},
	"cut before the LF": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:len(good)-1])
		raw.CloseWrite()
		return false
	},
	"cut between lines": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:3]+"-more\r\n")
		raw.CloseWrite()
		return false
	},
	"a 421 that is cut": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, "421 4.3.2 Service not av")
		raw.CloseWrite()
		return false
	},
	"silence in mid-line": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:len(good)-3])
		return false
	},
	"nothing": func(c net.Conn, raw *net.TCPConn, good string) bool {
		raw.CloseWrite()
		return false
	},
	"two at once": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good+"250 2.0.0 and this\r\n")
		return false
	},
	"one and a half": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good+"250 2.0.0 and th")
		return false
	},
	"an empty line behind": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good+"\n")
		return false
	},
	"a refusal and more": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, "535 5.7.139 no\r\n250 2.0.0 and this\r\n")
		return false
	},
	"lines that differ": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, "535-5.7.3 no\r\n"+good)
		return false
	},
	"no SMTP": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nServer: x\r\n")
		return false
	},
	"continuation for ever": func(c net.Conn, raw *net.TCPConn, good string) bool {
		return forever(c, good[:3]+"-more\r\n")
	},
	"long lines for ever": func(c net.Conn, raw *net.TCPConn, good string) bool {
		return forever(c, good[:3]+"-"+strings.Repeat("x", 1900)+"\r\n")
	},
	"a line for ever": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:4])
		return forever(c, strings.Repeat("x", 4096))
	},
	"bare LF": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, strings.ReplaceAll(good, "\r\n", "\n"))
		return true
	},
	"NULs": func(c net.Conn, raw *net.TCPConn, good string) bool {
		io.WriteString(c, good[:4]+"\x00\x00"+good[4:])
		return true
	},
}

// forever says text until the client has gone.
func forever(c net.Conn, text string) bool {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return false
		}
	}
}
