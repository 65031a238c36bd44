package cloudapi

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

const (
	throttledRetries = 3
	transientRetries = 2
	firstWait        = 500 * time.Millisecond
	longestWait      = 20 * time.Second // a longer Retry-After ends the attempt
)

// nextWait decides whether a request is sent once more, and after what time.
// A throttled request was not carried out, so a write may be repeated too;
// any other failure is retried for reads alone.
func nextWait(attempt int, read bool, f *Fault, header http.Header) (time.Duration, bool) {
	if f == nil {
		return 0, false
	}
	most := 0
	switch {
	case f.Kind == ErrThrottled:
		most = throttledRetries
	case f.transient && read:
		most = transientRetries
	}
	wait := firstWait << (attempt - 1)
	if asked, ok := retryAfter(header); ok {
		wait = asked
		if f.Kind == ErrThrottled {
			f.Next = "try again in " + max(asked, time.Second).Round(time.Second).String()
		}
	}
	return wait, attempt <= most && wait <= longestWait
}

// retryAfter reads the header in both of its forms.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(0, time.Until(at)), true
}

// Pause waits for d or until ctx ends.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
