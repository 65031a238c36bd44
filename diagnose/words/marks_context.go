package words

import (
	"slices"
	"strings"
)

// notReplies are words after which three numbers with dots are a version or
// another system's status, not what the server said.
var notReplies = []string{
	"version", "ver", "v", "release", "php", "phpmailer", "wordpress", "exim", "postfix", "sendmail", "mailkit", "mimekit",
	"nodemailer", "swiftmailer", "python", "perl", "ruby", "java", "javamail", "node", "go", "kernel", "linux", "plugin",
	"mysql", "curl", "openssl", "net", "framework", "dsn", "status", "dovecot", "android", "ios", "windows",
}

// introduces are the words after which a bare code is the server's.
var introduces = []string{
	"said", "code", "got", "responsecode", "response", "reply", "replied", "error", "err", "auth", "server", "login", "rcvd",
	"received", "answered", "answer", "returned", "from", "message", "failed", "with", "smtp", "was", "is", "email", "r", "s", "rx", "data", "rejected",
}

// mayStand reports whether a status without a code at i can be a server's.
func mayStand(text string, i int) bool {
	before := strings.TrimRight(text[:i], " \t\"'`(")
	if before == "" || strings.HasSuffix(before, "/") && strings.HasSuffix(text[:i], "/") {
		return before == ""
	}
	word := lastWord(strings.TrimRight(before, ":=-#"))
	return !slices.Contains(notReplies, strings.ToLower(word))
}

// introduction is how far before a code what introduces it can begin.
const introduction = 200

// codeMayStand reports whether a code at i that no status follows can be a
// server's: at the start of a line, or after a word that introduces it, and
// with words behind it.
func codeMayStand(text string, i int) bool {
	if i+3 < len(text) && !strings.ContainsRune(" -:,)\"'}\n…;", rune(text[i+3])) && text[i+3] < 0x80 {
		return false
	}
	line := text[max(0, i-introduction):i]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	before := strings.TrimRight(line, " \t\"'`(#[")
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	if last == ']' || last == '}' {
		return false
	}
	if strings.IndexByte("><~*", last) >= 0 || last >= 0x80 {
		return true
	}
	trimmed := strings.TrimRight(before, ":=,;-><~ \"'`*")
	if trimmed == "" {
		return true
	}
	if last == ';' || last == ',' && strings.HasSuffix(line, "(") {
		return true
	}
	if expected(trimmed) {
		return false
	}
	word := strings.ToLower(lastWord(trimmed))
	if last == ':' && !isDigit(trimmed[len(trimmed)-1]) {
		return word != "port" && word != "line" && word != "size" && word != "pid"
	}
	return slices.Contains(introduces, word)
}

// expected reports whether words say that the code behind them is the one that
// should have come: Expected response code "235" but got code "535".
func expected(words string) bool {
	words = strings.TrimSuffix(squeeze(words), "code")
	return strings.HasSuffix(strings.TrimSuffix(words, "response"), "expected")
}

// lastWord returns the letters and digits at the end of s.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && isWord(s[i-1]) {
		i--
	}
	return s[i:]
}
