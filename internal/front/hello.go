package front

import (
	"net/netip"
	"strings"
)

// validHello reports whether Microsoft takes the name in EHLO: an address
// literal, or labels of letters, digits, hyphens and underscores, none of
// them empty (the dot at the end is the known mistake) or without a letter
// or digit. A bare machine name is taken.
func validHello(name string) bool {
	if literal, ok := strings.CutPrefix(name, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		if v6 := "ipv6:"; len(literal) > len(v6) && strings.EqualFold(literal[:len(v6)], v6) {
			literal = literal[len(v6):]
		}
		_, err := netip.ParseAddr(literal)
		return ok && err == nil
	}
	for label := range strings.SplitSeq(name, ".") {
		if strings.Trim(label, "-_") == "" || strings.ContainsFunc(label, notInName) {
			return false
		}
	}
	return len(name) <= 255
}

func notInName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
}
