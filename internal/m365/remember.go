package m365

import (
	"context"
	"errors"
	"sync"
)

// mayPass reports whether the same question may have an answer a moment later.
func mayPass(err error) bool {
	for _, passing := range []error{ErrThrottled, ErrUnreachable, ErrCrash, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// remembered is an answer that is asked for once a run. A failure that may
// pass is not remembered.
type remembered[T any] struct {
	mu    sync.Mutex
	known bool
	value T
	err   error
}

func (m *remembered[T]) get(ask func() (T, error)) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.known {
		m.value, m.err = ask()
		m.known = !mayPass(m.err)
	}
	return m.value, m.err
}
