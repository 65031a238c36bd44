package many

import "fmt"

// Merge makes one entry of those that name the same mailbox, in the order of
// the first. What one leaves open another may say. Two that say different
// things are an error, a *ListError: a mailbox gets one attempt, and nobody knows
// which is right.
func Merge(entries []Entry) ([]Entry, error) {
	at := map[string]int{}
	var all []Entry
	for _, e := range entries {
		i, again := at[Key(e.Mailbox)]
		if !again {
			at[Key(e.Mailbox)] = len(all)
			all = append(all, e)
			continue
		}
		if what := all[i].merge(e); what != "" {
			return nil, &ListError{e.Line, fmt.Sprintf("it gives %s another %s than %s; leave one of them", e.Mailbox, what, all[i].where())}
		}
	}
	return all, nil
}

func (e Entry) where() string {
	if e.Line == 0 {
		return "the command line"
	}
	return fmt.Sprintf("line %d", e.Line)
}

// merge takes over what e leaves open, and returns what the two differ in.
func (e *Entry) merge(other Entry) string {
	switch {
	case !other.Own():
	case !e.Own():
		e.Secret, e.Token, e.File = other.Secret, other.Token, other.File
	case e.Secret != other.Secret || e.File != other.File || e.Token != other.Token:
		return "password or token"
	}
	for _, text := range []struct {
		what  string
		own   *string
		other string
	}{{"server", &e.Server, other.Server}, {"sender", &e.From, other.From}} {
		switch {
		case text.other == "":
		case *text.own == "":
			*text.own = text.other
		case *text.own != text.other:
			return text.what
		}
	}
	return ""
}
