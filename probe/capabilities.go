package probe

import "strings"

// offers reports whether the AUTH capability of a reply to EHLO lists
// mechanism, and whether it is there at all. Exchange of old wrote "AUTH=".
func offers(ehlo *Reply, mechanism string) (auth, listed bool) {
	for _, capability := range capabilities(ehlo) {
		words := strings.Fields(strings.Replace(strings.ToUpper(capability), "AUTH=", "AUTH ", 1))
		if len(words) == 0 || words[0] != "AUTH" {
			continue
		}
		auth = true
		for _, w := range words[1:] {
			listed = listed || w == mechanism
		}
	}
	return auth, listed
}

// capabilities returns the lines of a reply to EHLO behind the first.
func capabilities(ehlo *Reply) []string {
	lines := strings.Split(ehlo.text(), "\n")
	return lines[1:]
}

// capable reports whether a reply to EHLO lists the capability keyword.
func capable(ehlo *Reply, keyword string) bool {
	for _, capability := range capabilities(ehlo) {
		word, _, _ := strings.Cut(capability, " ")
		if strings.EqualFold(word, keyword) {
			return true
		}
	}
	return false
}
