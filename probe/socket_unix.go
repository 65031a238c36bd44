//go:build unix

package probe

import (
	"errors"
	"io"
	"os"
	"syscall"
)

const readsNow = true

// readNow reads from a socket that does not block.
func readNow(fd uintptr, b []byte) (int, error) {
	n, err := syscall.Read(int(fd), b)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return 0, os.ErrDeadlineExceeded
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
