package cloudapi

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

func TestOwns(t *testing.T) {
	root, err := url.Parse("https://outlook.office365.com")
	if err != nil {
		t.Fatal(err)
	}
	a := &api{root: root, regional: true, aliases: []string{"alias.example"}}
	tests := map[string]bool{
		"https://outlook.office365.com/x":           true,
		"https://OUTLOOK.office365.com/x":           true,
		"https://eur01.outlook.office365.com/x":     true,
		"https://alias.example/x":                   true,
		"http://outlook.office365.com/x":            false,
		"https://outlook.office365.com:8443/x":      false,
		"https://a.b.outlook.office365.com/x":       false,
		"https://evil-outlook.office365.com/x":      false,
		"https://outlook.office365.com.evil.test/x": false,
		"https://outlook.office365.com@evil.test/x": false,
		"https://.outlook.office365.com/x":          false,
		"https://127.0.0.1/x":                       false,
	}
	for text, want := range tests {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.owns(u); got != want {
			t.Errorf("owns(%s) = %v", text, got)
		}
	}
}

// The waits between attempts are bounded and end with the context.
func TestWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if err := Pause(ctx, 20*time.Second); err != nil || time.Since(start) != 20*time.Second {
			t.Errorf("pause: %v after %v", err, time.Since(start))
		}
		if err := Pause(ctx, time.Hour); err == nil || time.Since(start) != time.Minute {
			t.Errorf("pause: %v after %v", err, time.Since(start))
		}
		total := time.Duration(0)
		for attempt := 1; ; attempt++ {
			wait, again := nextWait(attempt, true, &Fault{Kind: ErrThrottled}, http.Header{"Retry-After": {"20"}})
			if !again {
				break
			}
			total += wait
		}
		if total != time.Minute {
			t.Errorf("a throttled request waits for %v in all", total)
		}
		at := time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat)
		if wait, ok := retryAfter(http.Header{"Retry-After": {at}}); !ok || wait != 7*time.Second {
			t.Errorf("Retry-After %s: %v, %v", at, wait, ok)
		}
	})
}

func TestWaitsInTheWordsOfPeople(t *testing.T) {
	for after, want := range map[string]string{
		"0": "1 second", "1": "1 second", "45": "45 seconds", "60": "1 minute", "600": "10 minutes", "601": "11 minutes",
		"3600": "1 hour", "86400": "1 day", "100000": "2 days", "99999999999999999999": "24856 days",
	} {
		f := &Fault{Kind: ErrThrottled}
		nextWait(1, true, f, http.Header{"Retry-After": {after}})
		if f.Next != "try again in "+want {
			t.Errorf("Retry-After %s: %q, want %q", after, f.Next, want)
		}
	}
}
