package logs

import (
	"slices"
	"sync"

	"smtpmend/diagnose/words"
)

// Hints are what a line must hold, squeezed, before it is worth reading: the
// beginnings of the table's phrases, its statuses, and some words with which
// mail servers report a refusal. They are searched for all at once (Aho and
// Corasick, Communications of the ACM 18(6), 1975), byte by byte, and what
// squeeze drops is skipped over.
type hints struct {
	class   [256]uint8
	next    []uint32 // by state and class; states are counted in stride
	stride  uint32
	accepts uint32 // states from here on are the ends of hints
}

const (
	skipped uint8 = iota // bytes that leave the state as it is
	inNone               // bytes that stand in no hint
	classes              // the first class of a byte of its own
)

// reportWords stand in lines in which a mail server says what another said.
var reportWords = []string{"said:", "smtperrorfromremote", "diagnostic-code:smtp"}

var tableHints = sync.OnceValue(func() *hints { return newHints(append(words.Hints(), reportWords...)) })

// in goes on from state with b and reports whether a hint ends in it.
func (h *hints) in(b []byte, state uint32) (bool, uint32) {
	next, class, accepts := h.next, &h.class, h.accepts
	for _, c := range b {
		state = next[state+uint32(class[c])]
		if state >= accepts {
			return true, state
		}
	}
	return false, state
}

// end returns the offset behind the first hint in b, -1 when there is none.
func (h *hints) end(b []byte) int {
	next, class, accepts := h.next, &h.class, h.accepts
	var state uint32
	for i, c := range b {
		state = next[state+uint32(class[c])]
		if state >= accepts {
			return i + 1
		}
	}
	return -1
}

// newHints builds the automaton of phrases, which are squeezed ASCII.
func newHints(phrases []string) *hints {
	h := &hints{stride: uint32(classes)}
	for c := range h.class {
		h.class[c] = inNone
		if c >= 0x80 || words.Dropped(byte(c)) {
			h.class[c] = skipped
		}
	}
	for _, p := range phrases {
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
	h.link(grow(phrases, &h.class, h.stride))
	return h
}

// A node is a state while the automaton is built; 0 in to means none.
type node struct {
	to   []uint32
	fail uint32
	ends bool
}

// grow builds the tree of all phrases.
func grow(phrases []string, class *[256]uint8, stride uint32) []node {
	nodes := []node{{to: make([]uint32, stride)}}
	for _, p := range phrases {
		at := uint32(0)
		for i := range len(p) {
			c := class[p[i]]
			if nodes[at].to[c] == 0 {
				nodes[at].to[c] = uint32(len(nodes))
				nodes = append(nodes, node{to: make([]uint32, stride)})
			}
			at = nodes[at].to[c]
		}
		nodes[at].ends = true
	}
	return nodes
}

// link turns the tree into a table: where a phrase cannot go on, the longest
// end of it that begins another does. States that end a hint come last.
func (h *hints) link(nodes []node) {
	order := []uint32{0}
	for i := 0; i < len(order); i++ {
		n := &nodes[order[i]]
		n.ends = n.ends || nodes[n.fail].ends
		for c := uint32(classes); c < h.stride; c++ {
			child, other := n.to[c], uint32(0)
			if order[i] != 0 {
				other = nodes[n.fail].to[c]
			}
			if child == 0 {
				n.to[c] = other
				continue
			}
			nodes[child].fail = other
			order = append(order, child)
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return rankOfNode(nodes[a]) - rankOfNode(nodes[b]) })
	place := make([]uint32, len(nodes))
	for i, n := range order {
		place[n] = uint32(i) * h.stride
	}
	h.next = make([]uint32, len(nodes)*int(h.stride))
	h.accepts = uint32(len(h.next))
	for i, n := range order {
		at := uint32(i) * h.stride
		if nodes[n].ends {
			h.accepts = min(h.accepts, at)
		}
		h.next[at+uint32(skipped)] = at
		h.next[at+uint32(inNone)] = place[0]
		for c := uint32(classes); c < h.stride; c++ {
			h.next[at+c] = place[nodes[n].to[c]]
		}
	}
}

func rankOfNode(n node) int {
	if n.ends {
		return 1
	}
	return 0
}
