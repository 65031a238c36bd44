package logs

import (
	"bytes"
	"strings"
)

// A dialect is what a program's lines mean, behind their heads.
type dialect struct {
	name string
	// quiet: its lines may tell who, but hold no refusal of our mail.
	quiet bool
	// strange are words in lines about a stranger's mail to us, or his sign-in.
	strange []string
	// ends are words that close an attempt. Without any, an attempt goes on while
	// the lines about it are printed by different places of the program.
	ends []string
	// whole: each line is an attempt of its own.
	whole bool
	// local: the host that wrote the log is the device.
	local bool
	// spoken: its lines are a dialogue, with marks of who speaks.
	spoken bool
	clues  []clue
	// take reads on behind the head: the session, columns.
	take func(*scanner, *line)
	// judged cuts what of a line tells the reason.
	judged func([]byte) []byte
}

// A telling is what a clue tells.
type telling int

const (
	login telling = iota
	from
	device
	hello // the name that the client gives itself
	server
)

// A clue is words of a line behind which stands who it is.
type clue struct {
	key   string
	fold  bool // in any case of letters
	tells telling
	until string // what ends the value, beside a line end; "" for what ends a word
}

// clueKeys lists the keys by which the filter lets lines through that hold no
// refusal.
func clueKeys() []string {
	keys := append([]string{}, begins...)
	seen := map[string]bool{}
	for _, list := range [][]clue{postfixClues, eximClues, sendmailClues, clientClues} {
		for _, c := range list {
			if !seen[c.key] && len(c.key) >= window && c.tells != device || c.key == "client=" {
				seen[c.key] = true
				keys = append(keys, strings.ToLower(c.key))
			}
		}
	}
	return keys
}

// value returns what stands behind the clue in text.
func (c clue) value(text []byte) string {
	i := bytes.Index(text, []byte(c.key))
	if i < 0 && c.fold {
		i = indexFold(text, c.key)
	}
	if i < 0 {
		return ""
	}
	v := bytes.TrimLeft(text[i+len(c.key):], "<\"'`(: ")
	until := c.until
	if until == "" {
		until = " \t,;<>\"'`()\r\n\\"
	}
	if end := bytes.IndexAny(v, until); end >= 0 {
		v = v[:end]
	}
	if len(v) > 254 { // RFC 5321 section 4.5.3.1.3, with its brackets
		return ""
	}
	return strings.TrimSpace(string(v))
}

// indexFold finds words of ASCII in any case of letters.
func indexFold(text []byte, words string) int {
	first, n := words[0]|0x20, len(words)
	for i := 0; i+n <= len(text); i++ {
		if text[i]|0x20 == first && equalFold(text[i:i+n], words) {
			return i
		}
	}
	return -1
}

// equalFold compares ASCII of one length.
func equalFold(b []byte, words string) bool {
	for i, c := range b {
		d := words[i]
		if c != d && (c|0x20 != d|0x20 || !isLetter(c)) {
			return false
		}
	}
	return true
}

// client writes a device as a name and an address: "printer[192.0.2.17]", in
// the way of Postfix, whatever the log's own; the address alone for an unknown
// name.
func client(name, address string) string {
	name, address = strings.Trim(name, "()"), strings.TrimPrefix(strings.Trim(address, "[]"), "IPv6:")
	switch {
	case address == "", name == address:
		return name
	case name == "" || name == "unknown" || strings.Trim(name, "[]") == address:
		return address
	}
	return name + "[" + address + "]"
}

// clientIn reads a client out of "printer[192.0.2.17]", "printer
// [192.0.2.17]:2525", "(printer) [192.0.2.17]".
func clientIn(v string) string {
	i := strings.LastIndexByte(v, '[')
	if i < 0 {
		return strings.Trim(v, "()")
	}
	address, _, _ := strings.Cut(v[i+1:], "]")
	name := strings.TrimSpace(v[:i])
	if a, b, ok := strings.Cut(name, " "); ok && b != "" { // Exim: name (helo)
		name = a
	}
	return client(name, address)
}
