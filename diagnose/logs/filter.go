package logs

import (
	"bytes"
	"encoding/binary"
	"strings"
	"sync"

	"smtpmend/diagnose/words"
)

// A filter finds, at the speed of memory, the few lines of a log that can hold a
// refusal or tell whose it is. Of each hint and each clue it knows four octets
// that ordinary lines seldom hold, and looks at every four octets of the log.
// Where they stand, it looks for the whole.
type filter struct {
	bits [1 << (filterBits - 5)]uint32
	hint map[uint32][]hook // by the four octets in small letters: the hints of which they are a part
	clue map[uint32][]hook // the clues
}

// A hook is what is looked for, and where in it the four octets stand. Of a
// hint, what does not count is left out.
type hook struct {
	words string
	at    int
}

const (
	filterBits = 18
	window     = 4
	small      = 0x20202020 // makes small letters of capitals; digits and blanks stay
)

// A mark is a line that the filter let through.
type mark struct {
	from, to int32 // in the block, without the line end
	hint     bool  // it can hold a refusal; else it can tell whose
}

func place(four uint32) uint32 { return (four * 0x9E3779B1) >> (32 - filterBits) }

func (f *filter) add(four string) uint32 {
	v := binary.LittleEndian.Uint32([]byte(four)) | small
	p := place(v)
	f.bits[p>>5] |= 1 << (p & 31)
	return v
}

var theFilter = sync.OnceValue(func() *filter {
	f := &filter{hint: map[uint32][]hook{}, clue: map[uint32][]hook{}}
	for _, h := range words.Hints() {
		for _, four := range windowsOf(h) {
			v, plain := f.add(four), strings.ReplaceAll(h, " ", "")
			f.hint[v] = append(f.hint[v], hook{plain, max(0, strings.Index(plain, four))})
		}
	}
	for _, c := range clueKeys() {
		four := rarest(c)
		v := f.add(four)
		f.clue[v] = append(f.clue[v], hook{c, strings.Index(c, four)})
	}
	return f
})

// behindCode is what can stand behind the code of a reply.
const behindCode = " \t\r\n\"'`\\>|*-:,);}\x00\x7f"

// windowsOf returns the octets by which a hint is found: the code with which it
// begins and what may follow, or the rarest of a word of it.
func windowsOf(hint string) (all []string) {
	if len(hint) > 3 && hint[3] == ' ' && strings.Trim(hint[:3], "0123456789") == "" {
		for c := range 256 {
			if c >= 0x80 || strings.IndexByte(behindCode, byte(c)) >= 0 {
				all = append(all, hint[:3]+string([]byte{byte(c)}))
			}
		}
		return all
	}
	best, least := "", 1<<30
	for _, word := range strings.Fields(hint) {
		if four := rarest(word); four != "" {
			if n := strings.Count(ordinary, four); n < least {
				best, least = four, n
			}
		}
	}
	if best == "" { // short words alone: as they are written
		return []string{(strings.Join(strings.Fields(hint), " ") + "    ")[:window]}
	}
	return []string{best}
}

// rarest returns the octets of a word that ordinary lines hold least often, ""
// where it is too short.
func rarest(word string) (best string) {
	least := 1 << 30
	for i := 0; i+window <= len(word); i++ {
		if n := strings.Count(ordinary, word[i:i+window]); n < least {
			best, least = word[i:i+window], n
		}
	}
	return best
}

// ordinary is what most lines of mail logs are made of.
const ordinary = `postfix/smtpd[1812]: connect from unknown[192.0.2.17] disconnect from ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8
client=printer.contoso.test[192.0.2.17], sasl_method=login, sasl_username=user warning: sasl login authentication failed: ugfzc3dvcmq6 lost connection after auth
postfix/cleanup message-id=<x@y.com> postfix/qmgr from=<user@contoso.com>, size=61, nrcpt=1 (queue active) removed
to=<user@fabrikam.example>, relay=mx1.fabrikam.example[198.51.100.7]:25, delay=1, delays=0.1/0.01/0.4/2, dsn=2.0.0, status=sent (250 2.0.0 ok: queued as)
status=deferred status=bounced (250 2.0.0 ok <x@am0pr02mb4005.eurprd02.prod.outlook.com> [hostname=am0pr02mb4005.eurprd02.prod.outlook.com]) smtp.office365.com
dovecot: imap-login: login: user=<user>, method=plain, rip=192.0.2.17, lip=192.0.2.1, mpid=4, tls, session=<x> aborted login (auth failed, 1 attempts): user
systemd[1]: started session-1.scope - session of user root. sshd[1]: failed password for invalid user from port 22 ssh2 connection closed by
exim completed h=localhost p=esmtp s=1234 id=x r=dnslookup t=remote_smtp k c="250 ok" tls cipher error warning info debug server client message mail`

// marks appends to all the lines of data that the filter lets through. Data
// ends with a line end, or is the end or a part of a long line.
func (f *filter) marks(data []byte, all []mark) []mark {
	last := len(data) - window
	end, told := -1, false // of the line that was looked at last
	for i := 0; i <= last; i++ {
		v := binary.LittleEndian.Uint32(data[i:]) | small
		p := place(v)
		if f.bits[p>>5]&(1<<(p&31)) == 0 {
			continue
		}
		hint := isHint(data, i, f.hint[v])
		if !hint && (told && i <= end || !isClue(data, i, f.clue[v])) {
			continue
		}
		if i > end { // a new line
			told = false
			if end = bytes.IndexByte(data[i:], '\n') + i; end < i {
				end = len(data)
			}
		}
		from := int32(bytes.LastIndexByte(data[:i], '\n') + 1)
		if hint {
			if told {
				all = all[:len(all)-1]
			}
			all = append(all, mark{from, int32(end), true})
			i = end
			continue
		}
		told = true
		all = append(all, mark{from, int32(end), false})
	}
	return all
}

// isClue reports whether one of the clues stands around i.
func isClue(data []byte, i int, hooks []hook) bool {
	for _, h := range hooks {
		if from := i - h.at; from >= 0 && from+len(h.words) <= len(data) && equalFold(data[from:from+len(h.words)], h.words) {
			return true
		}
	}
	return false
}

// isHint reports whether one of the hints stands around i, on one line.
func isHint(data []byte, i int, hooks []hook) bool {
	for _, h := range hooks {
		if stands(data, i, h.words[h.at:], 1) && (h.at == 0 || stands(data, i-1, h.words[:h.at], -1)) {
			return true
		}
	}
	return false
}

// dropped marks what does not count.
var dropped = func() (marks [256]bool) {
	for c := range marks {
		marks[c] = c >= 0x80 || words.Dropped(byte(c))
	}
	return marks
}()

// mostSkipped bounds what does not count inside a hint.
const mostSkipped = 256

// stands reports whether words stand in data from i on, forwards or backwards,
// with nothing between them that counts.
func stands(data []byte, i int, words string, step int) bool {
	k, skipped := 0, 0
	if step < 0 {
		k = len(words) - 1
	}
	for k >= 0 && k < len(words) {
		if i < 0 || i >= len(data) {
			return false
		}
		c := data[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		switch {
		case c == words[k]:
			k += step
		case c == '\n' || skipped > mostSkipped || !dropped[c]:
			return false
		default:
			skipped++
		}
		i += step
	}
	return true
}
