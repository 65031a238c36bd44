package terminal

import (
	"context"
	"io"
	"os"
)

// Open opens a file to be read, or gives up when ctx ends: a pipe waits for
// somebody who writes.
func Open(ctx context.Context, name string) (*os.File, error) {
	return Await(ctx, func() (*os.File, error) { return os.Open(name) })
}

// Reader reads r until ctx ends. A reading that is under way then goes on, and
// what it brings is lost.
func Reader(ctx context.Context, r io.Reader) io.Reader { return &reader{ctx, r, nil} }

type reader struct {
	ctx  context.Context
	r    io.Reader
	room []byte // is read into, since the caller's is its own again when ctx ends
}

// Read implements io.Reader.
func (r *reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	if len(r.room) < len(b) {
		r.room = make([]byte, len(b))
	}
	room := r.room[:len(b)]
	n, err := Await(r.ctx, func() (int, error) { return r.r.Read(room) })
	return copy(b, room[:n]), err
}
