package terminal

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

func TestAwaitGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	never := make(chan int)
	defer close(never)
	begun := make(chan struct{})
	go func() { <-begun; cancel() }()
	if _, err := Await(ctx, func() (int, error) { close(begun); return <-never, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n, err := Await(t.Context(), func() (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := Await(t.Context(), func() (int, error) { panic("here") }); err == nil {
		t.Error("a panic is lost")
	}
}

// A pipe that nobody writes to is given up, before it is open and after.
func TestReaderGivesUp(t *testing.T) {
	r, w := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	in := Reader(ctx, r)
	go io.WriteString(w, "some")
	b := make([]byte, 10)
	if n, err := in.Read(b); string(b[:n]) != "some" || err != nil {
		t.Errorf("%q, %v", b[:n], err)
	}
	time.AfterFunc(time.Millisecond, cancel)
	if n, err := in.Read(b); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := in.Read(b); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}

// After stop nothing is called any more.
func TestEvery(t *testing.T) {
	calls := make(chan time.Duration, 1000)
	stop := Every(time.Millisecond, func(passed time.Duration) { calls <- passed })
	first, second := <-calls, <-calls
	stop()
	stop()
	if first <= 0 || second <= first {
		t.Errorf("%s, then %s", first, second)
	}
	n := len(calls)
	time.Sleep(5 * time.Millisecond)
	if len(calls) != n {
		t.Error("called after stop")
	}
}
