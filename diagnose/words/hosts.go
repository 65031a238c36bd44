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

var (
	// mailPort ends the host that a client asked. A further number would make it
	// the line and column of a file.
	mailPort = pattern(signs.MailPort)
	// endOfTag: nothing of a reply follows, but perhaps the quotes and brackets
	// of whoever printed it.
	endOfTag = pattern("^(?: [^\\]]*)?\\][ \"')`*]*(?:$|[\n,])")
)

// hostsIn finds the hosts in a text of small letters: who spoke, who was asked.
func hostsIn(text string) (all []host) {
	for i := 0; i < len(text); i++ {
		start := i
		i += hostLength(text[i:])
		h := host{name: strings.TrimRight(text[start:i], ".-"), at: start}
		if strings.IndexByte(h.name, '.') < 0 && h.name != ownMachine && h.name != "1" {
			continue // most words
		}
		before := strings.ReplaceAll(text[max(0, start-longestMark):start], "\n", " ")
		behind := text[i:min(len(text), i+introduction)]
		switch loopback := isLoopback(h.name, before); {
		case h.name != ownMachine && !loopback && !strings.Contains(h.name, "."), isOwnName(before):
			continue
		case loopback:
			h.name, h.asked = ownMachine, true
		case h.name == ownMachine || isHostName(h.name):
			named := endsWithAny(strings.TrimRight(before, "\"'`"), signs.Asked) || mailPort().MatchString(behind)
			h.asked = named && strings.Count(h.name, ".") != 1 // "mail.log:25" is a file
			h.tag = strings.HasSuffix(before, "[") && endOfTag().MatchString(behind) &&
				!IsMicrosoft(h.name) && !anonymous(h.name)
		}
		if whole, ok := spokenName(text[start : i+len(behind)]); ok && endsWithAny(before, signs.Spoke) {
			h.name, h.spoke = whole, true
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

// speakerWithin is how far before a reply the name of its host can stand.
const speakerWithin = 2 << 10

// speaker returns the host that gave the reply in part of the text: the last
// that a log names before it as the one that spoke, else the one in its tag.
func (r *reading) speaker(from, to int) (name string) {
	for _, h := range slices.Backward(r.hosts) {
		switch {
		case h.spoke && h.at < from && h.at > from-speakerWithin:
			return h.name
		case h.tag && h.at > from && h.at < to:
			name = h.name
		}
	}
	return name
}

// asked returns the host that a client says it asked, ownMachine for its own,
// "" when it names none. Where it names several, one of Microsoft's counts.
func (r *reading) asked() (name string) {
	for _, h := range r.hosts {
		switch {
		case IsMicrosoft(h.name):
			return h.name
		case h.asked && name == "", h.asked && name == ownMachine:
			name = h.name
		}
	}
	return name
}

// isOwnName: what a client gives as its own name, and what belongs to an
// address, is no host.
func isOwnName(before string) bool {
	return strings.HasSuffix(before, "@") || endsWithAny(strings.TrimRight(before, " ["), signs.Greets)
}

// isHostName reports whether s is a full name: its last label is of letters.
func isHostName(s string) bool {
	label := s[strings.LastIndexByte(s, '.')+1:]
	return len(label) > 1 && len(label)+1 < len(s) && !strings.ContainsAny(label, "-0123456789")
}

// isLoopback: "::1" is, "2001:db8::1" is not.
func isLoopback(name, before string) bool {
	rest, ok := strings.CutSuffix(before, "::")
	return strings.HasPrefix(name, "127.") && strings.Count(name, ".") == 3 ||
		name == "1" && ok && (rest == "" || !isWord(rest[len(rest)-1]) && rest[len(rest)-1] != ':')
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
