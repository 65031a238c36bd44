package web

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"smtpmend/internal/tenantsim/state"
)

// A spoiler is what a kind of fault makes of an answer.
type spoiler struct {
	kind string
	// changes: the right answer is changed, so the request is always served.
	changes bool
	spoil   func(c *Call, right Answer) Answer
}

// spoilers has one row for each kind of fault.
var spoilers = []spoiler{
	{"401", false, refusal("401")},
	{"403", false, refusal("403")},
	{"404", false, refusal("404")},
	{"429", false, refusal("429")},
	{"500", false, refusal("500")},
	{"503", false, refusal("503")},
	{"403-nul", false, func(*Call, Answer) Answer { return Gibberish() }},
	{"429-retry-after", false, func(c *Call, _ Answer) Answer {
		return c.throttled(strconv.Itoa(int(c.fault.Delay.Seconds())))
	}},
	{"429-date", false, func(c *Call, _ Answer) Answer {
		return c.throttled(time.Now().Add(c.fault.Delay.Duration).UTC().Format(http.TimeFormat))
	}},
	{"html", false, page(http.StatusOK, "Sign in to the network")},
	{"502-html", false, page(http.StatusBadGateway, "502 Bad Gateway")},
	{"empty", false, func(*Call, Answer) Answer { return Empty(http.StatusOK) }},
	{"error-200", false, func(c *Call, _ Answer) Answer {
		a := c.refuse("500")
		a.Status = http.StatusOK
		return a
	}},
	{"redirect", false, func(c *Call, _ Answer) Answer {
		return Answer{Status: http.StatusFound, Header: http.Header{"Location": {c.fault.Location}}}
	}},
	{"expired-token", false, func(c *Call, _ Answer) Answer {
		c.server.revoke(c.Bearer)
		return c.refuse("401")
	}},
	{"slow", true, func(_ *Call, right Answer) Answer { return right }}, // it has waited before
	{"truncated", true, func(_ *Call, right Answer) Answer { right.cut = true; return right }},
	{"reset", false, func(_ *Call, right Answer) Answer { right.reset = true; return right }},
	{"bad-gzip", true, badGzip},
	{"wrong-types", true, func(_ *Call, right Answer) Answer { return right.rewrite(mistypeAll) }},
	{"mistyped", true, func(c *Call, right Answer) Answer { return right.rewrite(mistypeKey(c.fault.Key)) }},
	{"without", true, func(c *Call, right Answer) Answer { return right.rewrite(dropKey(c.fault.Key)) }},
	{"foreign-next", true, func(c *Call, right Answer) Answer {
		return right.rewrite(goOnAt(cmp.Or(c.fault.Location, "https://elsewhere.example/next")))
	}},
	{"paging", true, func(c *Call, right Answer) Answer { return right.rewrite(c.onePerPage) }},
	// Whoever issues tokens asks whether these strike.
	{"token-of-another-tenant", true, func(_ *Call, right Answer) Answer { return right }},
	{state.RefusedFaultKind, false, refusal(state.RefusedFaultKind)},
	{"opaque-token", true, func(_ *Call, right Answer) Answer { return right }},
	// Whoever gives pages asks whether this strikes.
	{"expired-page", true, func(_ *Call, right Answer) Answer { return right }},
}

func refusal(status string) func(*Call, Answer) Answer {
	return func(c *Call, _ Answer) Answer { return c.refuse(status) }
}

// refuse is the answer with that status in the words of the API called.
func (c *Call) refuse(status string) Answer {
	if c.api == nil {
		return Empty(http.StatusNotFound)
	}
	return c.api.Refuse(c, status)
}

func (c *Call) throttled(retryAfter string) Answer {
	a := c.refuse("429")
	a.Header.Set("Retry-After", retryAfter)
	return a
}

// page is what something between client and service answers.
func page(status int, title string) func(*Call, Answer) Answer {
	body := []byte("<!DOCTYPE html><html><head><title>" + title + "</title></head><body>" + title + ".</body></html>")
	return func(*Call, Answer) Answer {
		return Answer{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: body}
	}
}

func badGzip(_ *Call, right Answer) Answer {
	right.Header.Set("Content-Encoding", "gzip")
	if right.Status == http.StatusNoContent { // which cannot have a body
		right.Status, right.Body = http.StatusOK, []byte("{}")
	}
	return right
}
