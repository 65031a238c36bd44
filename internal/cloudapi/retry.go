package cloudapi

import (
	"context"
	"errors"
	"fmt"
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
		wait, f.RetryAfter = asked, asked
		f.Next = "try again in " + human(asked)
	}
	return wait, attempt <= most && wait <= longestWait
}

// retryAfter reads the header in both of its forms. A number that is too big
// for the clock is a wait without end.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := header.Get("Retry-After")
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, 1<<31)) * time.Second, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(0, time.Until(at)), true
}

// human is a wait in the words of people, rounded up to one unit: "45 seconds",
// "10 minutes", "2 hours", "1 day".
func human(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	unit := units[len(units)-1]
	for _, u := range units {
		if d >= u.size {
			unit = u
			break
		}
	}
	n := d / unit.size
	if d%unit.size != 0 {
		n++
	}
	if n <= 1 {
		return "1 " + unit.name
	}
	return fmt.Sprintf("%d %ss", n, unit.name)
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
