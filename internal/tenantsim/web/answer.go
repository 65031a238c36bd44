package web

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
)

// An Answer is what goes back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	cut    bool // the connection ends in the middle of the body
	reset  bool // the connection is reset instead
}

// JSON is an answer that holds v, which must be made of maps, slices and
// plain values.
func JSON(status int, v any) Answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps, slices and plain values only
	}
	return Answer{Status: status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: body}
}

// Empty is an answer without a body.
func Empty(status int) Answer { return Answer{Status: status, Header: http.Header{}} }

// Gibberish is Exchange's refusal of a cmdlet that the caller's roles do not
// allow or that does not exist: NUL bytes that claim to be gzip.
func Gibberish() Answer {
	return Answer{Status: http.StatusForbidden, Body: make([]byte, 4096),
		Header: http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}}
}

func (a Answer) write(w http.ResponseWriter) {
	if a.reset {
		resetConnection(w)
		return
	}
	for key, values := range a.Header {
		w.Header()[key] = values
	}
	if a.cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)+1))
		a.Body = a.Body[:len(a.Body)/2]
	}
	w.WriteHeader(a.Status)
	w.Write(a.Body)
	if a.cut {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// resetConnection ends the TCP connection with RST.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := conn.(*tls.Conn); ok {
		if tcp, ok := t.NetConn().(*net.TCPConn); ok {
			tcp.SetLinger(0)
			tcp.Close() // below TLS, which would send an alert first
		}
	}
	conn.Close()
}
