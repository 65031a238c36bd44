package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// A host is a name in a text, with what it is there.
type host struct {
	name  string
	at    int
	spoke bool // a log names it as the one that gave the reply
	asked bool // a client says that it asked it
	tag   bool // an Exchange server ends its reply with it: "[host date id]"
}

// ownMachine is the name of any loopback address.
const ownMachine = "localhost"

// hostsIn finds the hosts in a text of small letters: who spoke, who was asked.
// What a client gives as its own name, and what belongs to an address, is none.
func hostsIn(text string) (all []host) {
	for i := 0; i < len(text); i++ {
		start := i
		i += hostLength(text[i:])
		h := host{name: strings.TrimRight(text[start:i], ".-"), at: start}
		before, behind := strings.ReplaceAll(text[max(0, start-longestMark):start], "\n", " "), text[i:min(len(text), i+introduction)]
		switch loopback := isLoopback(h.name, before); {
		case h.name != ownMachine && !loopback && !strings.Contains(h.name, "."), greets(before), strings.HasSuffix(before, "@"):
			continue
		case loopback:
			h.name, h.asked = ownMachine, true
		default:
			if whole, ok := spokenName(text[start:min(len(text), start+introduction)]); ok && endsWithAny(before, signs.Spoke) {
				h.name, h.spoke = whole, true
			}
			h.asked = wasAsked(before, behind)
			h.tag = strings.HasSuffix(before, "[") && isHostName(h.name) && closesReply(behind)
		}
		all = append(all, h)
	}
	return all
}

// spokenName reads a name that a log's bracketed address follows, or a comma.
// It is broken over lines like other words.
func spokenName(text string) (name string, ok bool) {
	text = strings.ReplaceAll(text, "\n", "")
	n := hostLength(text)
	return strings.TrimRight(text[:n], "."), beginsWithAny(strings.TrimLeft(text[n:], " "), "[,")
}

func hostLength(s string) (n int) {
	for n < len(s) && isHostByte(s[n]) {
		n++
	}
	return n
}

// speaker returns the host that a log names last before at as the one that
// spoke, "" when it names none.
func (r *reading) speaker(at int) string {
	for _, h := range slices.Backward(r.hosts) {
		if h.spoke && h.at < at && h.at > at-speakerWithin {
			return h.name
		}
	}
	return ""
}

// speakerWithin is how far before a reply the name of its host can stand.
const speakerWithin = 2 << 10

// tagged returns the host that ends a reply in part of the text. Names made
// anonymous say nothing; Microsoft's are marks already.
func (r *reading) tagged(from, to int) string {
	for _, h := range r.hosts {
		if h.tag && h.at > from && h.at < to && !IsMicrosoft(h.name) && !anonymous(h.name) {
			return h.name
		}
	}
	return ""
}

// asked returns the host that a client says it asked, ownMachine for its own,
// "" when it names none. Where it names several, one of Microsoft's counts.
func (r *reading) asked() (name string) {
	for _, h := range r.hosts {
		switch {
		case IsMicrosoft(h.name):
			return h.name
		case h.asked && h.name == ownMachine && name == "":
			name = ownMachine
		case h.asked && (name == "" || name == ownMachine) && strings.Count(h.name, ".") > 1 && isHostName(h.name):
			name = h.name
		}
	}
	return name
}

// wasAsked reports whether a host stands where clients name the one that they
// asked.
func wasAsked(before, behind string) bool {
	return endsWithAny(strings.TrimRight(before, "\"'`"), signs.Asked) || slices.ContainsFunc(signs.MailPorts, func(port string) bool {
		// A further number makes it the line and column of a file.
		rest, ok := strings.CutPrefix(behind, port)
		return ok && (rest == "" || !isWord(rest[0]) && rest[0] != ':' || strings.HasPrefix(rest, ": "))
	})
}

// closesReply reports whether a tag ends here, and nothing of a reply follows
// it, but perhaps the quotes and brackets of whoever printed it.
func closesReply(behind string) bool {
	tag, behind, closed := strings.Cut(behind, "]")
	behind = strings.TrimLeft(behind, " \"')`*")
	return closed && (tag == "" || tag[0] == ' ') && (behind == "" || beginsWithAny(behind, "\n,"))
}

// greets reports whether text ends with the command by which a client gives
// its own name.
func greets(text string) bool {
	return endsWithAny(strings.TrimRight(text, " ["), []string{"ehlo", "helo"})
}

// isLoopback: "::1" is, "2001:db8::1" is not.
func isLoopback(name, before string) bool {
	rest, ok := strings.CutSuffix(before, "::")
	return strings.HasPrefix(name, "127.") && strings.Count(name, ".") == 3 ||
		name == "1" && ok && (rest == "" || !isWord(rest[len(rest)-1]) && rest[len(rest)-1] != ':')
}

// isHostName reports whether s has the form of a full host name: labels and
// dots, the last label of letters.
func isHostName(s string) bool {
	label := s[strings.LastIndexByte(s, '.')+1:]
	return len(label) > 1 && len(label)+1 < len(s) && !strings.ContainsFunc(label, func(c rune) bool { return !isLetter(byte(c)) })
}

func isHostByte(c byte) bool { return isWord(c) && c != '_' || c == '.' || c == '-' }

// anonymous reports whether somebody put host in the place of the real one.
func anonymous(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if strings.Trim(label, "x") == "" {
			return true
		}
	}
	return InDomains(host, signs.Placeholders)
}

func endsWithAny(s string, endings []string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(s, e) })
}

func beginsWithAny(s, chars string) bool { return s != "" && strings.IndexByte(chars, s[0]) >= 0 }
