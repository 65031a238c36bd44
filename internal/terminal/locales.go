package terminal

import "os"

// Locales are the languages of whoever reads out, the dearest first: what the
// environment says (the first of LC_ALL, LC_MESSAGES and LANG that is set, as
// POSIX has it), else what the system knows of the user. It is empty where out
// is no terminal, and where nobody said.
func Locales(out *os.File, lookup func(string) (string, bool)) []string {
	if !Is(out) {
		return nil
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale, _ := lookup(name); locale != "" {
			return []string{locale}
		}
	}
	return ofUser()
}
