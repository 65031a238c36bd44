package logs

import "bytes"

// continues reports whether a line goes on with the record: a folded line, or,
// where the record holds a hint, the next line of a multi-line reply and the
// rest of one that was broken.
func (s *scan) continues(line []byte) bool {
	if !s.hint && line[0] != ' ' && line[0] != '\t' {
		return false // most lines
	}
	line = bytes.TrimRight(line, "\r\n")
	last := bytes.TrimRight(s.record[s.last:], "\r\n")
	words := bytes.TrimLeft(line, " \t")
	switch {
	case len(words) == 0:
		return false
	case indent(line) > indent(s.record):
		return !s.hint || !opensReply(words)
	case !s.hint:
		return false
	case goesOn(last) > 0:
		return replyCode(words) == goesOn(last)
	case bytes.Contains(last, []byte("5.7.57 ")) && bytes.HasPrefix(words, []byte("Error: 535 ")):
		return true // the reason, which .NET and Microsoft put on a line of its own
	case bytes.HasSuffix(last, []byte("=")):
		return len(last) >= brokenAt // quoted-printable
	case last[0] == '>' && line[0] == '>':
		return broken(unquote(last), unquote(line))
	}
	return broken(last, line)
}

// unquote drops the marks of a quotation in a mail.
func unquote(line []byte) []byte { return bytes.TrimLeft(line, "> ") }

// indent counts the blanks at the start of a line.
func indent(line []byte) int {
	n := 0
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') {
		n++
	}
	return n
}

// replyCode returns the code with which a line begins, behind the marks of a
// transcript, 0 when it begins with none.
func replyCode(line []byte) int {
	line = bytes.TrimPrefix(bytes.TrimLeft(line, " \t<>~*-="), []byte("S: "))
	if len(line) < 4 || !isDigit(line[0]) || !isDigit(line[1]) || !isDigit(line[2]) || line[3] != ' ' && line[3] != '-' {
		return 0
	}
	return int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
}

// goesOn returns the code of a reply whose last line is yet to come: "535-".
func goesOn(line []byte) int {
	code := replyCode(line)
	if code == 0 {
		return 0
	}
	if i := bytes.IndexByte(line, '-'); i < 3 || !isDigit(line[i-1]) || i > 10 {
		return 0
	}
	return code
}

// opensReply reports whether a line begins with a code and a status: it is a
// reply of its own, even where it is indented.
func opensReply(words []byte) bool {
	return replyCode(words) >= 400 && len(words) > 6 && isDigit(words[4]) && words[5] == '.'
}

// brokenAt is the narrowest column at which logs are broken.
const brokenAt = 40

// broken reports whether line looks like the rest of last: last is long and
// ends inside a sentence, and line does not begin like a line of a log.
func broken(last, line []byte) bool {
	if len(last) < brokenAt || len(line) == 0 {
		return false
	}
	end := last[len(last)-1]
	if !isWord(end) && end != ',' && end != ' ' && end != '/' && end != '.' && end != '-' {
		return false
	}
	if bytes.HasPrefix(line, []byte("http")) {
		return true
	}
	n := 0
	for n < len(line) && isLetter(line[n]) {
		n++
	}
	if n == 0 || end == '.' {
		return false
	}
	if line[0] >= 'a' {
		return n == len(line) || bytes.IndexByte([]byte(" .,;)"), line[n]) >= 0
	}
	return plain(line[:min(len(line), 16)])
}

// plain reports whether words are those of a sentence: no time, no host, no
// label.
func plain(words []byte) bool {
	for _, c := range words {
		if !isLetter(c) && bytes.IndexByte([]byte(" .,'"), c) < 0 {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isWord(c byte) bool   { return isDigit(c) || isLetter(c) || c == '_' }
