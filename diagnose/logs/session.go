package logs

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

// A session is what a log has told of who submits in it.
type session struct {
	name      string // as the log gives it
	login     string
	from      string
	device    string
	hello     string
	server    string
	mechanism string
	greeted   bool
	refused   bool
	awaits    int // 1 where the name of a sign-in by LOGIN comes next
}

// mailbox is the login; else, or where that is no address, MAIL FROM.
func (s *session) mailbox() string {
	if !strings.Contains(s.login, "@") && s.from != "" {
		return strings.ToLower(s.from)
	}
	return strings.ToLower(s.login)
}

// sessions keeps the sessions that were heard of last: at least maxSessions/2,
// at most maxSessions.
type sessions struct{ now, before map[string]*session }

const maxSessions = 32 << 10

func newSessions() *sessions { return &sessions{now: map[string]*session{}} }

// of returns the session of that key, a new one where there is none.
func (t *sessions) of(key []byte) *session {
	if s := t.now[string(key)]; s != nil {
		return s
	}
	s := t.before[string(key)]
	if s == nil {
		s = &session{}
	}
	t.set(string(key), s)
	return s
}

func (t *sessions) set(key string, s *session) {
	if len(t.now) >= maxSessions/2 {
		t.before, t.now = t.now, make(map[string]*session, maxSessions/2)
	}
	t.now[key] = s
}

// sessionOf returns the session to which a line belongs: the one that it names,
// or the one under way in its process or thread.
func (s *scanner) sessionOf(l *line) *session {
	if l.dialect.whole {
		return &session{}
	}
	key := append(s.key[:0], l.dialect.name...)
	key = append(append(key, 0), l.host...)
	if l.session != nil {
		key = append(append(key, 1), l.session...)
	} else {
		key = append(append(append(append(append(key, 2), l.program...), 0), l.thread...), l.device...)
	}
	s.key = key
	sess := s.sessions.of(key)
	if (sess.greeted || sess.refused) && l.dialect.spoken && l.dialect != oauthProxy && beginsSession(l.text, sess) {
		sess = &session{}
		s.sessions.set(string(key), sess)
	}
	if sess.name == "" {
		switch {
		case l.session != nil:
			sess.name = string(l.session)
		case l.dialect.spoken && l.thread != nil:
			sess.name = string(l.thread)
		}
	}
	return sess
}

// beginsSession reports whether a line opens a new connection.
func beginsSession(text []byte, sess *session) bool {
	words, who := spokenBy(text)
	if isGreeting(words) {
		return who != byClient && sess.greeted
	}
	if sess.refused && who != byServer && (indexFold(words[:min(len(words), 5)], "EHLO ") == 0 || indexFold(words[:min(len(words), 5)], "HELO ") == 0) {
		return true
	}
	for _, b := range connects {
		if indexFold(text[:min(len(text), 80)], b) >= 0 {
			return true
		}
	}
	return false
}

// connects are the words among begins with which a client opens a connection.
var connects = []string{"connection: opening", "=== trying", "trying to connect", "[ client connected", "connect smtp."}

// isGreeting: "220 host ...", not "220 2.0.0 Ready to start TLS".
func isGreeting(words []byte) bool {
	return len(words) > 4 && string(words[:3]) == "220" && (words[3] == ' ' || words[3] == '-') && isLetter(words[4]) &&
		bytes.IndexByte(firstWord(words[4:]), '.') > 0
}

func firstWord(b []byte) []byte {
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[:i]
	}
	return b
}

// learn takes from a line who submits.
func (s *scanner) learn(sess *session, l *line) {
	for _, c := range l.dialect.clues {
		v := c.value(l.text)
		if v == "" {
			continue
		}
		switch c.tells {
		case login:
			if i := strings.IndexByte(v, ':'); i >= 0 && l.dialect == exim { // A=login:name
				v = v[i+1:]
			}
			if sess.login == "" && v != "" {
				sess.login = strings.Clone(v)
			}
		case from:
			if strings.Contains(v, "@") {
				sess.from = strings.Clone(v)
			}
		case device:
			if sess.device == "" && (l.dialect != sendmail || bytes.Contains(l.text, []byte("from=<"))) {
				sess.device = clientIn(v)
			}
		case hello:
			if strings.Trim(v, "[]") != "" && isHello(v) {
				sess.hello = strings.Trim(v, "[]")
			}
		}
	}
	switch {
	case l.dialect == exim:
		learnExim(sess, l.text)
	case l.dialect.spoken:
		s.listen(sess, l)
	}
	if sess.device == "" {
		switch {
		case l.device != nil:
			sess.device = string(l.device)
		case l.dialect.local && l.host != nil:
			sess.device = string(l.host)
		}
	}
	if sess.server == "" && l.server != nil {
		sess.server = string(l.server)
	}
}

// mechanisms are those that a client is heard to use.
var mechanisms = []string{"LOGIN", "PLAIN", "XOAUTH2", "NTLM", "GSSAPI", "CRAM-MD5"}

func isHello(v string) bool {
	return strings.IndexFunc(v, func(r rune) bool { return r <= ' ' || r == '=' || r == '/' }) < 0
}

// learnExim reads "H=name (helo) [address]" of an arrival; of a delivery it is
// the server.
func learnExim(sess *session, text []byte) {
	if !bytes.HasPrefix(text, []byte("<= ")) {
		return
	}
	if words := bytes.Fields(text); len(words) > 1 && bytes.IndexByte(words[1], '@') > 0 {
		sess.from = string(words[1])
	}
	i := bytes.Index(text, []byte(" H="))
	if i < 0 {
		return
	}
	rest := text[i+3:]
	if end := bytes.IndexByte(rest, ']'); end >= 0 && end < longestField {
		sess.device = clientIn(string(rest[:end+1]))
	}
}

// listen follows a dialogue: the greeting, and the name behind AUTH.
func (s *scanner) listen(sess *session, l *line) {
	words, who := spokenBy(l.text)
	if string(l.event) == ">" || string(l.event) == ">>" {
		who = byClient
	}
	words = bytes.Trim(words, `'" `)
	words = bytes.TrimSuffix(words, []byte(`\r\n`))
	switch {
	case who != byClient && isGreeting(words):
		sess.greeted, sess.server = true, strings.ToLower(string(firstWord(words[4:])))
	case who != byClient && indexFold(words[:min(len(words), 20)], "334 VXNl") == 0: // "User", "Username:"
		sess.awaits, s.watch = 1, 4
	case len(words) > 5 && strings.EqualFold(string(words[:5]), "AUTH "):
		mechanism, response, _ := strings.Cut(string(words[5:]), " ")
		mechanism = strings.ToUpper(mechanism)
		if !slices.Contains(mechanisms, mechanism) {
			break
		}
		sess.mechanism, sess.awaits, s.watch = mechanism, 1, 4
		if name := nameIn(response); name != "" {
			sess.login, sess.awaits = name, 0
		}
	case sess.awaits > 0 && (who == byClient || who == byNobody && isBase64(words)):
		sess.awaits = 0 // what comes next is the password
		if name := nameIn(string(words)); name != "" {
			sess.login = name
		}
	}
}

// isBase64 reports whether a line can only be what a client sends behind AUTH.
func isBase64(words []byte) bool {
	for _, c := range words {
		if !isWordByte(c) && c != '+' && c != '/' && c != '=' {
			return false
		}
	}
	return len(words) >= 4 && len(words)%4 == 0
}

// nameIn returns the mailbox in what a client sends behind AUTH: alone (LOGIN),
// between zeros (PLAIN), or behind "user=" (XOAUTH2). What is no address may be
// the password and is not looked at.
func nameIn(response string) string {
	response = strings.Trim(response, "'\" \r")
	if len(response) < 8 || len(response) > 8<<10 {
		return ""
	}
	b, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		return ""
	}
	for i, part := range strings.FieldsFunc(string(b), func(r rune) bool { return r < ' ' }) {
		if part = strings.TrimPrefix(part, "user="); i == 0 && strings.Count(part, "@") == 1 && isAddress(part) {
			return part
		}
	}
	return ""
}

func isAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && strings.Contains(domain, ".") && len(s) <= 254 &&
		strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>"\,;:()[]`, r) }) < 0
}
