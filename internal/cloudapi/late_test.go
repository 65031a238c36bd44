package cloudapi

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smtpmend/internal/endpoint"
)

// hanging is a service that takes requests and does not answer them.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// An API that does not answer is told of after five seconds, once, and given up
// after its time.
func TestLateAnswerIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		var told []string
		var when []time.Duration
		a, err := NewAuthority(Options{
			Cloud:     endpoint.Cloud{Name: "lab", Login: "https://login.example"},
			Transport: hanging{}, Progress: func(text string) {
				mu.Lock()
				defer mu.Unlock()
				told, when = append(told, text), append(when, time.Since(start))
			},
			Pause: func(context.Context, time.Duration) error { return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = a.TenantID(t.Context(), "contoso.com"); err == nil || !strings.Contains(err.Error(), "no complete answer within 1m") {
			t.Errorf("%v", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(told) != 1 || when[0] != 5*time.Second || !strings.Contains(told[0], "Entra sign-in (login.example) has not answered for 5 seconds") || !strings.Contains(told[0], "1 minute at most") {
			t.Errorf("told %q at %v", told, when)
		}
	})
}
