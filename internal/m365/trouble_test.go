package m365

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A trouble is one way in which an admin API fails to answer.
type trouble struct {
	name  string
	serve func(w http.ResponseWriter, r *http.Request)
	says  string // part of the sentence
	kind  error
	next  string // part of the next step; "access" for the permission and role

	sends   int  // most requests for a read
	repeats int  // most requests for a write; 0 for one
	lost    bool // a write may have taken effect all the same
}

func respond(status int, contentType, body string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func troubles(elsewhere string) []trouble {
	const js = "application/json"
	nul := strings.Repeat("\x00", 4096)
	page := "<!DOCTYPE html><html><title>Blocked</title>"
	return []trouble{
		{name: "401", serve: respond(401, js, `{"error":{"code":"InvalidAuthenticationToken","message":"Access token is empty."}}`), says: "status 401 (InvalidAuthenticationToken", next: "sign in", sends: 2, repeats: 2},
		{name: "403 with words", serve: respond(403, js, `{"error":{"code":"AccessDenied","message":"You cannot perform the requested operation, required scopes are missing in the token."}}`), says: "AccessDenied", kind: ErrPermission, next: "access"},
		{name: "403 of NUL bytes", serve: respond(403, js, nul, "Content-Encoding", "gzip"), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "403 without message", serve: respond(403, js, `{"error":{"code":"Forbidden"}}`), says: "Forbidden", kind: ErrPermission, next: "access"},
		{name: "403 of another shape", serve: respond(403, js, `{"odata.error":{"code":"x"}}`), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "403 empty object", serve: respond(403, js, `{}`), says: "status 403 and no reason", kind: ErrPermission, next: "access"},
		{name: "400", serve: respond(400, js, `{"error":{"code":"BadRequest","message":"Invalid Operation"}}`), says: `BadRequest: "Invalid Operation"`, kind: ErrRefused, next: "report it"},
		{name: "404", serve: respond(404, js, `{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist."}}`), says: "Request_ResourceNotFound", kind: ErrRefused, next: "check the mailbox's name"},
		{name: "429 with Retry-After", serve: respond(429, js, `{}`, "Retry-After", "1"), says: "takes no more requests", kind: ErrThrottled, next: "try again in 1 second", sends: 4, repeats: 4},
		{name: "429 without Retry-After", serve: respond(429, js, ``), says: "takes no more requests", kind: ErrThrottled, next: "try again", sends: 4, repeats: 4},
		{name: "429 for an hour", serve: respond(429, js, ``, "Retry-After", "3600"), says: "takes no more requests", kind: ErrThrottled, next: "try again in 1 hour"},
		{name: "429 for a day", serve: respond(429, js, ``, "Retry-After", "86400"), says: "takes no more requests", kind: ErrThrottled, next: "try again in 1 day"},
		{name: "429 until the year 2999", serve: respond(429, js, ``, "Retry-After", "Fri, 01 Jan 2999 00:00:00 GMT"), says: "takes no more requests", kind: ErrThrottled, next: " days"},
		{name: "429 beyond the clock", serve: respond(429, js, ``, "Retry-After", "99999999999999999999"), says: "takes no more requests", kind: ErrThrottled, next: " days"},
		{name: "concurrency", serve: respond(400, "text/plain", "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"), says: "takes no more requests", kind: ErrThrottled, next: "try again", sends: 4, repeats: 4},
		{name: "500", serve: respond(500, js, `{"error":{"code":"InternalServerError","message":"oops"}}`), says: `status 500 (InternalServerError: "oops")`, kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "503", serve: respond(503, js, ``, "Retry-After", "1"), says: "status 503", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "502 HTML", serve: respond(502, "text/html", page), says: "a web page came back instead of data (status 502)", kind: ErrUnreachable, next: "proxy", sends: 3, lost: true},
		{name: "503 for a day", serve: respond(503, js, ``, "Retry-After", "86400"), says: "status 503", kind: ErrUnreachable, next: "try again in 1 day", lost: true},
		{name: "error inside 200", serve: respond(200, js, `{"error":{"code":"X","message":"something broke"},"value":[]}`), says: `came with an error (X: "something broke")`, kind: ErrRefused, next: "try again later", lost: true},
		{name: "another type", serve: respond(200, js, `"text"`), says: "not the JSON of this API", kind: ErrUnreachable, next: "proxy", lost: true},
		{name: "HTML", serve: respond(200, "text/html", page), says: "a web page came back instead of data (status 200)", kind: ErrUnreachable, next: "proxy", lost: true},
		{name: "HTML 403", serve: respond(403, "text/html; charset=utf-8", page), says: "a web page came back instead of data (status 403)", kind: ErrUnreachable, next: "proxy"},
		{name: "empty", serve: respond(200, js, ``), says: "the answer was empty", kind: ErrUnreachable, next: "try again", lost: true},
		{name: "cut short", serve: respond(200, js, `{"value":[{"isEna`), says: "cut short", kind: ErrUnreachable, next: "proxy", lost: true},
		{name: "broken off", serve: respond(200, js, `{"value":`, "Content-Length", "5000"), says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "gzip that is none", serve: respond(200, js, `{"value":[]}`, "Content-Encoding", "gzip"), says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 3, lost: true},
		{name: "slow", serve: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, says: "no complete answer within", kind: ErrUnreachable, next: "try again", lost: true},
		// Many more than our own three: net/http repeats a GET as long as it finds closed connections.
		{name: "reset", serve: reset, says: "the connection broke", kind: ErrUnreachable, next: "try again", sends: 100, lost: true},
		{name: "redirect elsewhere", serve: respond(302, js, ``, "Location", elsewhere+"/steal"), says: "which is not a host of the cloud", kind: ErrOutsideCloud, next: "check the endpoints"},
		{name: "redirect to plain HTTP", serve: respond(307, js, ``, "Location", strings.Replace(elsewhere, "https:", "http:", 1)), says: "which is not a host of the cloud", kind: ErrOutsideCloud, next: "check the endpoints"},
		{name: "redirect nowhere", serve: respond(302, js, ``), says: "without saying where", kind: ErrOutsideCloud, next: "proxy"},
	}
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	if tcp, ok := conn.(interface{ NetConn() net.Conn }).NetConn().(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// elsewhere is a server that is not the cloud's; nothing may arrive there.
func elsewhere(t *testing.T) string {
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request left the cloud: %s %s, Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(s.Close)
	return s.URL
}
