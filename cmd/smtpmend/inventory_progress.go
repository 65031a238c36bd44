package main

import (
	"fmt"
	"sync"
	"time"

	"smtpmend/internal/view/safe"
)

// A telling says on standard error how far the lists have been read: on a
// terminal in one line that changes, elsewhere now and then. Several readers
// tell at once.
type telling struct {
	*app
	mu       sync.Mutex
	last     time.Time
	standing bool // the line is there
}

// How often it is said what has been read, on a terminal and elsewhere.
const (
	readEvery = 200 * time.Millisecond
	noteEvery = 10 * time.Second
)

func (t *telling) read(what string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	every := noteEvery
	if t.rewinds() {
		every = readEvery
	}
	now := time.Now()
	if now.Sub(t.last) < every {
		return
	}
	if t.last = now; !t.rewinds() {
		t.app.note("read %s", t.language.Count(n, what, what))
		return
	}
	fmt.Fprint(t.Err, safe.Rewind, t.app.t("read %s; Ctrl-C ends it", t.language.Count(n, what, what)))
	t.standing = true
}

// note says a sentence, on a line of its own.
func (t *telling) note(sentence string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
	t.app.note(sentence)
}

// clear takes the line off the terminal.
func (t *telling) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
}

func (t *telling) erase() {
	if t.standing {
		fmt.Fprint(t.Err, safe.Rewind)
	}
	t.standing = false
}
