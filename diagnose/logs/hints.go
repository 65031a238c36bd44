package logs

import (
	"strings"
	"sync"

	"smtpmend/diagnose/words"
)

// Hints are what a line must hold, squeezed, before it is worth reading: the
// beginnings of the table's phrases, its statuses, and some words with which
// mail servers report a refusal. They are searched for all at once (Aho and
// Corasick, Communications of the ACM 18(6), 1975), byte by byte, and what
// squeeze drops is skipped over.
type hints struct {
	class  [256]uint8
	next   []uint32 // by state and class; states are counted in stride
	stride uint32
}

const (
	skipped uint8 = iota // bytes that leave the state as it is
	inNone               // bytes that stand in no hint
	classes              // the first class of a byte of its own
)

// found is the state behind every hint.
const found = ^uint32(0)

var tableHints = sync.OnceValue(func() *hints { return newHints(words.Hints()) })

// find goes on from state, and returns the offset behind the first hint in b,
// -1 when there is none, and the state to go on from.
func (h *hints) find(b []byte, state uint32) (int, uint32) {
	next, class := h.next, &h.class
	for i, c := range b {
		if state = next[state+uint32(class[c])]; state == found {
			return i + 1, 0
		}
	}
	return -1, state
}

// newHints builds the automaton of phrases, in which blanks do not count.
func newHints(phrases []string) *hints {
	h := &hints{stride: uint32(classes)}
	for c := range h.class {
		h.class[c] = inNone
		if c >= 0x80 || words.Dropped(byte(c)) {
			h.class[c] = skipped
		}
	}
	for i, p := range phrases {
		p = strings.ReplaceAll(p, " ", "")
		phrases[i] = p
		for i := range len(p) {
			if h.class[p[i]] == inNone {
				h.class[p[i]] = uint8(h.stride)
				h.stride++
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		h.class[c] = h.class[c-'A'+'a']
	}
	h.next = make([]uint32, h.stride)
	for _, p := range phrases {
		h.grow(p)
	}
	h.link()
	return h
}

// grow adds a phrase to the tree of states, in which 0 stands for none.
func (h *hints) grow(phrase string) {
	at := uint32(0)
	for i := range len(phrase) {
		to := at + uint32(h.class[phrase[i]])
		switch {
		case h.next[to] == found:
			return // another begins this one
		case i+1 == len(phrase):
			h.next[to] = found
		case h.next[to] == 0:
			h.next[to] = uint32(len(h.next))
			h.next = append(h.next, make([]uint32, h.stride)...)
		}
		at = h.next[to]
	}
}

// link turns the tree into a table, the shorter beginnings first: where one
// cannot go on, the longest end of it that begins another phrase does.
func (h *hints) link() {
	ends := make(map[uint32]uint32) // by state, the state of that end
	order := []uint32{0}
	for len(order) > 0 {
		state := order[0]
		order = order[1:]
		h.next[state+uint32(skipped)] = state
		for c := uint32(classes); c < h.stride; c++ {
			to, other := &h.next[state+c], uint32(0)
			if state != 0 {
				other = h.next[ends[state]+c]
			}
			switch {
			case *to == 0, other == found:
				*to = other
			case *to != found:
				ends[*to] = other
				order = append(order, *to)
			}
		}
	}
}
