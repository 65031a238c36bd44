package safe

import (
	"regexp"
	"strings"
	"sync"
)

// bare are the words that sh, zsh, PowerShell and cmd.exe read alike as they
// are. A backslash is not among them (sh), nor a comma (PowerShell); nor does one
// begin with @ (PowerShell), = (zsh), or a single dash before a dot or colon
// (PowerShell makes two words of it).
var bare = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:--[A-Za-z0-9/_.@+:=-]*|-[A-Za-z0-9]+|[A-Za-z0-9/_.+:][A-Za-z0-9/_.@+:=-]*)$`)
})

// apart are the characters that some shell at hand reads inside double quotes;
// the typographic quotes are quotes to PowerShell.
const apart = "\"%!$^&`\u201c\u201d\u201e"

// Command writes a command line that can be pasted into any shell at hand. It
// reports false, and what is missing stands in no line at all, where a word
// cannot be written so that all of them read it alike.
func Command(words ...string) (string, bool) {
	written := make([]string, len(words))
	for i, word := range words {
		var ok bool
		if written[i], ok = Word(word); !ok {
			return "", false
		}
	}
	return strings.Join(written, " "), true
}

// Word writes one word of a command line: bare, or in double quotes.
func Word(s string) (string, bool) {
	if bare().MatchString(s) {
		return s, true
	}
	if s == "" || Text(s) != s || strings.ContainsAny(s, apart) || strings.Contains(s, `\\`) || strings.HasSuffix(s, `\`) {
		return "", false
	}
	return `"` + s + `"`, true
}

// Path is the name of a file as an argument of a command: one that begins as a
// flag does is named from where it lies.
func Path(s string) string {
	if strings.HasPrefix(s, "-") {
		return "./" + s
	}
	return s
}

// address is the only shape in which what a device or a server said becomes
// part of a command.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9.-]*$`)
})

// IsAddress reports whether s is plain ASCII of an address.
func IsAddress(s string) bool { return len(s) <= longestAddress && address().MatchString(s) }

// longestAddress is RFC 5321's 64 octets, "@" and 255.
const longestAddress = 320

// tag is Microsoft's "[host date id]" at the end of a reply.
var tag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\s*\[[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+( [^\[\]]*)?\]\s*$`)
})

// Untagged cuts the tag, which only Microsoft can read.
func Untagged(line string) string { return tag().ReplaceAllString(line, "") }

// phrase is what of a server's words may be quoted in a command: ASCII without
// a character that a shell could take for its own.
var phrase = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9 .,:;()/_@+='-]+$`) })

// longestPhrase is more than any reply without its tag.
const longestPhrase = 300

// Phrase is a reply as a word of a command, "" where it cannot be one.
func Phrase(reply string) string {
	s := strings.Join(strings.Fields(Untagged(reply)), " ")
	if len(s) > longestPhrase || !phrase().MatchString(s) || s[0] == '-' {
		return ""
	}
	return s
}
