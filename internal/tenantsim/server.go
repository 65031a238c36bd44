package tenantsim

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A call is a request on its way through the simulator.
type call struct {
	tenant *Tenant
	state  *State // as of the request's arrival; must not be changed
	r      *http.Request
	log    Request
	path   string // below the API's root
	query  url.Values
	body   []byte
	claims Claims // of the bearer token, once it was accepted
}

// An answer is what goes back.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    bool // the connection ends in the middle of the body
	reset  bool // the connection is reset instead
}

func jsonAnswer(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps, slices and plain values only
	}
	return answer{status: status, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: body}
}

func newHTTPServer(t *Tenant, certs []tls.Certificate) *http.Server {
	s := &http.Server{
		Handler:           t,
		TLSConfig:         &tls.Config{Certificates: certs},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
		Protocols:         new(http.Protocols),
	}
	s.Protocols.SetHTTP1(true) // a single connection can be reset
	return s
}

// ServeHTTP implements http.Handler: log, hook, fault, effect, hook, answer.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := t.newCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	i := t.note(c.log)
	t.tell(c.log, Before)
	a := t.respond(c)
	t.tell(c.log, After)
	if !a.reset {
		t.noteStatus(i, a.status)
	}
	a.write(w)
}

func (t *Tenant) respond(c *call) answer {
	f := t.fault(c.log)
	if f == nil {
		return c.route()
	}
	if f.Kind == "slow" {
		c.sleep(f.Delay.Duration)
	}
	var right answer
	if f.AfterEffect || f.Kind == "slow" || f.Kind == "truncated" {
		right = c.route()
	}
	return f.spoil(c, right)
}

// sleep waits until the client gives up at the latest.
func (c *call) sleep(d time.Duration) {
	if d == 0 {
		d = 30 * time.Second
	}
	select {
	case <-time.After(d):
	case <-c.r.Context().Done():
	}
}

const maxBody = 1 << 20

func (t *Tenant) newCall(r *http.Request) (*call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		body, err = gunzip(body)
	}
	if err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	c := &call{tenant: t, state: t.current(), r: r, query: r.URL.Query(), body: body, path: r.URL.Path}
	c.log = Request{Method: r.Method, Path: r.URL.Path, Body: maskBody(r.Header.Get("Content-Type"), body)}
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		c.log.Path += "?" + query
	}
	c.identify()
	return c, nil
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxBody))
}

// identify finds out which API is meant and whether it is to write.
func (c *call) identify() {
	switch {
	case strings.HasPrefix(c.path, graphPath+"/"):
		c.log.API = "graph"
		c.path = strings.TrimPrefix(c.path, graphPath)
		c.log.Writes = c.r.Method != http.MethodGet && !strings.HasSuffix(c.path, "/checkMemberGroups")
	case strings.HasPrefix(c.path, exchangePath+"/"):
		c.log.API = "exchange"
		c.path = strings.TrimPrefix(c.path, exchangePath)
		c.log.Cmdlet = cmdletName(c.body)
		c.log.Writes = c.log.Cmdlet != "" && !strings.HasPrefix(strings.ToLower(c.log.Cmdlet), "get-")
	case strings.Contains(c.path, "/oauth2/") || strings.Contains(c.path, "/.well-known/") || strings.HasPrefix(c.path, "/common/"):
		c.log.API = "login"
	}
}

func (c *call) route() answer {
	switch c.log.API {
	case "graph":
		return c.graph()
	case "exchange":
		return c.exchange()
	case "login":
		return c.login()
	}
	return answer{status: http.StatusNotFound, header: http.Header{}}
}

func (a answer) write(w http.ResponseWriter) {
	if a.reset {
		resetConnection(w)
		return
	}
	for key, values := range a.header {
		w.Header()[key] = values
	}
	if a.cut {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)+1))
		a.body = a.body[:len(a.body)/2]
	}
	w.WriteHeader(a.status)
	w.Write(a.body)
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
