package dialogue

import (
	"fmt"
	"strings"
)

// Parse reads code and enhanced status code off the lines of one reply. Lines
// that differ in the code are no reply (RFC 5321 section 4.2.1): nobody can say
// which of them counts.
func Parse(lines []string) *Reply {
	reply := &Reply{Lines: lines}
	for i, line := range lines {
		code := replyCode(line)
		if code == 0 || i > 0 && code != reply.Code {
			return &Reply{Lines: lines}
		}
		reply.Code = code
		if status := statusOf(line); status != "" {
			reply.Status = status
		}
	}
	return reply
}

// BeginsReply reports whether text may be the beginning of a reply line.
func BeginsReply(text string) bool {
	const shortest = "200 "
	if len(text) < len(shortest) {
		text += shortest[len(text):]
	}
	return replyCode(text) != 0
}

// replyCode returns the three-digit code that line begins with, 200 to 599,
// or 0.
func replyCode(line string) int {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' {
		return 0
	}
	if len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0
	}
	code := 0
	for _, c := range []byte(line[:3]) {
		if c < '0' || c > '9' {
			return 0
		}
		code = code*10 + int(c-'0')
	}
	return code
}

// statusOf returns the enhanced status code behind the code of a reply line,
// "" for none.
func statusOf(line string) string {
	if word, _, _ := strings.Cut(AfterCode(line), " "); word != "" && isStatus(word, line[0]) {
		return word
	}
	return ""
}

// isStatus reports whether word is an enhanced status code (RFC 3463: class,
// subject and detail of one to three digits) that may stand in a reply whose
// code begins with class. Microsoft answers 451 with 5.7.3, so the class
// need not be the same.
func isStatus(word string, class byte) bool {
	parts := strings.Split(word, ".")
	if len(parts) != 3 || len(parts[0]) != 1 || !strings.Contains("245", parts[0]) {
		return false
	}
	if (class < '4') != (parts[0] == "2") {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) < 1 || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

// AfterCode returns a line of a reply without its code and separator.
func AfterCode(line string) string { return line[min(4, len(line)):] }

// Refuses reports whether the reply refuses a command, for now or for good.
func (r *Reply) Refuses() bool { return r.Code >= 400 }

// Line joins the lines of the reply by blanks.
func (r *Reply) Line() string { return strings.Join(r.Lines, " ") }

// Texts are the lines of the reply without their codes.
func (r *Reply) Texts() []string {
	texts := make([]string, len(r.Lines))
	for i, line := range r.Lines {
		texts[i] = AfterCode(line)
	}
	return texts
}

// Lines writes a reply, one line for each text (RFC 5321 section 4.2.1).
func Lines(code int, texts []string) []string {
	lines := make([]string, len(texts))
	for i, text := range texts {
		separator := "-"
		if i == len(texts)-1 {
			separator = " "
		}
		lines[i] = fmt.Sprintf("%03d%s%s", code, separator, text)
	}
	return lines
}

// Capability reports whether a reply to EHLO lists a capability, and returns
// the words behind it in upper case. Of several lines for one capability all
// count. Exchange of old wrote "AUTH=".
func (r *Reply) Capability(keyword string) (words []string, listed bool) {
	for _, text := range r.Texts()[min(1, len(r.Lines)):] {
		text = strings.Replace(strings.ToUpper(text), "AUTH=", "AUTH ", 1)
		if fields := strings.Fields(text); len(fields) > 0 && fields[0] == keyword {
			words, listed = append(words, fields[1:]...), true
		}
	}
	return words, listed
}
