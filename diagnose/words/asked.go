package words

import "strings"

// ownMachine is what asked returns for a loopback address.
const ownMachine = "localhost"

// askMarks introduce, in what clients say, the host that they asked.
var askMarks = []string{"connect to ", "lookup ", "enotfound ", "eai_again ", "etimeout ", "opening to ", "host, port: ", "host: ", "host ",
	"ssl://", "tls://", "tcp://", "smtp://", "smtps://"}

// mailPorts end, in what clients say, the host that they asked.
var mailPorts = []string{":25", ":465", ":587", ":2525"}

// asked returns the host that a client says it asked, ownMachine for its own,
// "" when it names none. Where it names several, one of Microsoft's counts.
func asked(text string) string {
	text = lowerASCII(strings.ReplaceAll(text, "\n", " "))
	other, own := "", false
	for i := 0; i < len(text); {
		if !isHostByte(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isHostByte(text[i]) {
			i++
		}
		switch host := strings.TrimRight(text[start:i], ".-"); {
		case strings.HasSuffix(text[:start], "@") || greets(text[:start]):
		case IsMicrosoft(host):
			return host
		case host == ownMachine:
			own = own || wasAsked(text, start, i)
		case isLoopback(host) || host == "1" && opensWithColons(text[:start]):
			own = true
		case other == "" && strings.Count(host, ".") > 1 && isHostName(host) && wasAsked(text, start, i):
			other = host
		}
	}
	if other == "" && own {
		return ownMachine
	}
	return other
}

// wasAsked reports whether the host at text[start:end] stands where clients
// name the one that they asked.
func wasAsked(text string, start, end int) bool {
	before := strings.TrimRight(text[:start], "\"'`")
	for _, mark := range askMarks {
		if strings.HasSuffix(before, mark) {
			return true
		}
	}
	behind := text[end:]
	for _, port := range mailPorts {
		// A further number makes it the line and column of a file.
		if rest, ok := strings.CutPrefix(behind, port); ok && (rest == "" || !isWord(rest[0]) && rest[0] != ':' || strings.HasPrefix(rest, ": ")) {
			return true
		}
	}
	return false
}

// greets reports whether text ends with the command by which a client gives
// its own name.
func greets(text string) bool {
	text = strings.TrimRight(text, " [")
	return strings.HasSuffix(text, "ehlo") || strings.HasSuffix(text, "helo")
}

func isLoopback(host string) bool {
	return strings.HasPrefix(host, "127.") && strings.Count(host, ".") == 3
}

// opensWithColons reports whether the "::" at the end of text begins an
// address: "::1" is loopback, "2001:db8::1" is not.
func opensWithColons(text string) bool {
	rest, ok := strings.CutSuffix(text, "::")
	return ok && (rest == "" || !isWord(rest[len(rest)-1]) && rest[len(rest)-1] != ':')
}

// isHostName reports whether s has the form of a full host name: labels and
// dots, the last label of letters.
func isHostName(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || len(s)-dot < 3 {
		return false
	}
	for i := range len(s) {
		if !isHostByte(s[i]) || i > dot && !isLetter(s[i]) {
			return false
		}
	}
	return true
}

func isHostByte(c byte) bool { return isWord(c) && c != '_' || c == '.' || c == '-' }
