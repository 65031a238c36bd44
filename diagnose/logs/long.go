package logs

import "bytes"

// What is read of a long line: the octets around each hint. Hints that stand
// close together are read as one.
const (
	beforeHint  = 1 << 10
	afterHint   = 2 << 10
	excerptSize = 8 << 10
)

// long takes the part of a line that is longer than a block, up to its end or
// that of data, and returns where that is.
func (s *scanner) long(data []byte, n int) (end int) {
	s.close()
	if !s.inLong {
		s.inLong, s.longFrom = true, n
	}
	end = bytes.IndexByte(data, '\n') + 1
	part := data
	if end > 0 {
		part = data[:end-1]
	}
	s.held = append(s.held, part...)
	rest := s.excerpts(s.longFrom, s.held, end > 0)
	if end == 0 {
		s.held = append(s.held[:0], rest...)
		return len(data)
	}
	s.held, s.inLong = s.held[:0], false
	return end
}

// excerpts makes records of what stands around the hints in part of a line, and
// returns what has to be seen again with the next part.
func (s *scanner) excerpts(n int, part []byte, end bool) (rest []byte) {
	hints := tableHints()
	for from := 0; ; {
		more, _ := hints.find(part[from:], 0)
		if more < 0 {
			return part[max(from, len(part)-beforeHint):]
		}
		hint := from + more
		start := max(from, hint-beforeHint)
		for more > 0 && hint-start < excerptSize {
			more, _ = hints.find(part[hint:min(hint+afterHint, len(part))], 0)
			hint += max(more, 0)
		}
		stop := hint + afterHint
		if stop > len(part) && !end {
			return part[start:]
		}
		excerpt := bytes.TrimRight(part[start:min(stop, len(part))], "\r\n")
		l := line{text: excerpt, dialect: clients}
		s.begin(excerpt, l, n, &session{})
		s.close()
		from = hint
	}
}
