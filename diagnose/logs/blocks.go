package logs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"runtime"
)

// blockSize is how much of a log is searched at once.
const blockSize = 256 << 10

// A block is a piece of a log that ends with a line end, with the lines that the
// filter let through. One without a line end is a part of a longer line.
type block struct {
	data  []byte
	marks []mark
	lines int // line ends
	open  bool
	found chan struct{} // closed when marks are there
}

// blocks reads in ahead and has each block searched, as many at a time as there
// are cores, and calls each with them in order. An error of each ends it.
func blocks(in *bufio.Reader, each func(*block) error) error {
	if whole, err := readWhole(in); whole != nil || err != nil {
		return readSmall(whole, err, each)
	}
	workers := runtime.GOMAXPROCS(0)
	work, ordered := make(chan *block, workers), make(chan *block, workers)
	stop, ended := make(chan struct{}), make(chan struct{})
	free := make(chan *block, 3*workers+3)
	for range workers {
		go search(work)
	}
	var failed error
	go func() {
		defer close(ended)
		defer close(ordered)
		defer close(work)
		failed = cut(in, free, func(b *block) bool {
			select {
			case ordered <- b:
				work <- b
				return true
			case <-stop:
				return false
			}
		})
	}()
	for b := range ordered {
		<-b.found
		if err := each(b); err != nil {
			close(stop)
			for b := range ordered {
				<-b.found
			}
			<-ended
			return err
		}
		select {
		case free <- b:
		default:
		}
	}
	<-ended
	return failed
}

// readWhole returns a file that is one block, nil for a longer one.
func readWhole(in *bufio.Reader) ([]byte, error) {
	if _, err := in.Peek(in.Size()); err == nil {
		return nil, nil
	}
	whole, err := io.ReadAll(in)
	return whole, err
}

// readSmall searches a small file at once; what came before an error counts.
func readSmall(whole []byte, failed error, each func(*block) error) error {
	if len(whole) > 0 {
		b := &block{data: whole, found: make(chan struct{})}
		b.search()
		if err := each(b); err != nil {
			return err
		}
	}
	return failed
}

func (b *block) search() {
	b.marks = theFilter().marks(b.data, b.marks[:0])
	b.lines = bytes.Count(b.data, []byte("\n"))
	close(b.found)
}

func search(work <-chan *block) {
	for b := range work {
		b.search()
	}
}

// cut reads blocks and hands them on, until that says no.
func cut(in io.Reader, free <-chan *block, hand func(*block) bool) error {
	var rest []byte
	for {
		b := newBlock(free)
		n := copy(b.data[:blockSize], rest)
		read, err := io.ReadFull(in, b.data[n:blockSize])
		b.data = b.data[:n+read]
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			if len(b.data) > 0 {
				hand(b)
			}
			return nil
		}
		rest = rest[:0]
		end := bytes.LastIndexByte(b.data, '\n') + 1
		if err != nil { // what came before it counts
			if len(b.data) > 0 {
				hand(b)
			}
			return err
		}
		if b.open = end == 0; !b.open {
			rest = append(rest, b.data[end:]...)
			b.data = b.data[:end]
		}
		if !hand(b) {
			return nil
		}
	}
}

func newBlock(free <-chan *block) *block {
	var b *block
	select {
	case b = <-free:
	default:
		b = &block{data: make([]byte, blockSize)}
	}
	b.data, b.open, b.found = b.data[:blockSize], false, make(chan struct{})
	return b
}
