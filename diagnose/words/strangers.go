package words

import (
	"regexp"
	"strings"
	"sync"
)

// strange matches what a stranger wrote into a log or a bounce: names that a
// client gave itself, addresses, hosts, the subject of a message.
var strange = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:h\n?e\n?l\n?o\n?|from|to|orig_to|relay|subject|sasl_username)=\\?(?:<[^>]{0,300}(?:>|\z)|"[^"]{0,300}"|[^\s,;]{1,300})|` +
		"(?m:^[> \"'`*]*subject:[^\n]*)")
})

// strangers returns the parts of a text in which no word counts.
func strangers(text string) []span {
	if strings.IndexByte(text, '=') < 0 && strings.IndexByte(text, ':') < 0 {
		return nil
	}
	var all []span
	for _, m := range strange().FindAllStringIndex(text, -1) {
		all = append(all, span{m[0], m[1]})
	}
	return all
}
