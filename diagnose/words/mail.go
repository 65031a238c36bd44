package words

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// mailWords tell that a text is about the submission of mail; of mail is
// fetched by, otherWords.
var (
	mailWords  = []string{"smtp", "mail", "starttls", ":587", ":465", ":25 ", "port 587", "port=587", "port 465", "port 25"}
	otherWords = []string{"imap", "pop3", ":993", ":995", ":143", ":110"}
)

// neutral are words that say nothing about what was asked, where they stand
// before the words of a network client. So are names of errors.
var neutral = []string{
	"alert", "because", "algorithm", "inner", "number", "protocol", "componentmodel", "cause", "call", "cert", "certificate", "chain", "client", "code", "curl", "connect", "connection", "dial", "fatal", "failed", "get", "handshake",
	"java", "javax", "level", "message", "net", "received", "reason", "remote", "routines", "security", "self", "signed", "socket", "sslv3", "system",
	"tcp", "the", "time", "timeout", "tls", "tlsv1", "unable", "verify", "version", "was", "wrong", "library", "function", "record", "kind", "lettre", "sun", "authentication",
}

// nameOfError matches what languages call their errors.
var nameOfError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)err|exception|ssl|schannel|gnutls|sspi`)
})

// otherPort matches an address with a port of three or four digits behind it.
var otherPort = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\d\]]:\d{3,4}\b`) })

// aboutMail reports whether words that every network client uses are meant of
// a submission: beside a word of mail, or where nothing before them on their
// line, and no port, names something else.
func (r *reading) aboutMail(row *row) bool {
	text := strings.ToLower(r.text)
	if containsAny(text, mailWords) {
		return strings.Contains(text, "smtp") || !containsAny(text, otherWords)
	}
	if otherPort().MatchString(text) {
		return false
	}
	line, start := r.lineOf(row)
	if row.want >= 0 && len(r.places[row.want]) > 0 {
		line = line[:max(0, int(r.at[r.places[row.want][0].from])-start)]
	}
	return !slices.ContainsFunc(strings.FieldsFunc(line, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }), func(word string) bool {
		lower := strings.ToLower(word)
		return len(word) > 3 && !slices.Contains(neutral, lower) && !nameOfError().MatchString(word) && strings.IndexFunc(word, unicode.IsDigit) < 0
	})
}
