package m365

import "strings"

// sameAddress compares addresses as Microsoft 365 does, without regard to
// case. Letters that only Unicode takes for a case of another ("K" the Kelvin
// sign) are not the same.
func sameAddress(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// within reports whether address is one of list.
func within(list []string, address string) bool {
	for _, a := range list {
		if sameAddress(a, address) {
			return true
		}
	}
	return false
}

// withoutTag is the address without its "+tag", "" when it has none. Exchange
// delivers to the one what is sent to the other, and no directory lists it.
func withoutTag(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	plain, _, tagged := strings.Cut(local, "+")
	if !tagged || plain == "" {
		return ""
	}
	return plain + "@" + domain
}

// mailAddresses are those of a list of proxy addresses that are for mail, the
// primary one first.
func mailAddresses(proxies []string) []string {
	var list []string
	for _, p := range proxies {
		kind, address, _ := strings.Cut(p, ":")
		switch {
		case kind == "SMTP":
			list = append([]string{address}, list...)
		case strings.EqualFold(kind, "smtp"):
			list = append(list, address)
		}
	}
	return list
}
