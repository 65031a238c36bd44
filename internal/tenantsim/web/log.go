package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"smtpmend/internal/secret"
)

// A Request is one that the HTTPS server got, in the order of arrival.
type Request struct {
	// Tenant is the GUID of the tenant that was called, "" for none that is
	// served.
	Tenant string
	API    string // login, graph, exchange, or "" for a path that is nobody's
	Method string
	Path   string // with the query, unescaped
	Cmdlet string // of Exchange
	Anchor string // X-AnchorMailbox, of Exchange
	// Writes is whether it asks for a change of the tenant.
	Writes bool
	// Body is without passwords, secrets and codes.
	Body string
	// Status is 0 while the request is not answered, and when it never got
	// an answer.
	Status int
}

// A Moment is when a Hook runs.
type Moment string

const (
	Before Moment = "before" // nothing has happened yet
	After  Moment = "after"  // the effect, unless a fault prevented it, is there; the answer is not sent
)

// A Hook sees each request at both moments. It runs in the request's
// goroutine and may call
// the Server.
type Hook func(Request, Moment)

// OnRequest sets the hook; nil removes it.
func (s *Server) OnRequest(h Hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = h
}

// Requests returns the requests so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Writes returns those requests that asked for a change.
func (s *Server) Writes() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return !r.Writes })
}

// note logs a request and returns its place in the log.
func (s *Server) note(r Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, r)
	return len(s.log) - 1
}

func (s *Server) noteStatus(i, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log[i].Status = status
}

func (s *Server) tell(r Request, m Moment) {
	s.mu.Lock()
	hook := s.hook
	s.mu.Unlock()
	if hook != nil {
		hook(r, m)
	}
}

// secretFields are the keys of form and JSON bodies that hold secrets.
var secretFields = []string{
	"client_secret", "client_assertion", "password", "refresh_token", "device_code", "code", "code_verifier",
}

// maskBody returns the body with its secrets replaced.
func maskBody(contentType string, body []byte) string {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return "(not a form)"
		}
		for _, key := range secretFields {
			if form.Has(key) {
				form.Set(key, secret.Mask)
			}
		}
		text, _ := url.QueryUnescape(form.Encode())
		return text
	}
	var fields map[string]any
	if len(body) == 0 || json.Unmarshal(body, &fields) != nil {
		return string(body)
	}
	for _, key := range secretFields {
		if _, ok := fields[key]; ok {
			fields[key] = secret.Mask
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return "(not JSON)"
	}
	return string(text)
}
