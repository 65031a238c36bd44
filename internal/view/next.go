package view

import (
	"slices"
	"strings"
)

// A Situation is what just happened, as far as it decides what comes next. Its
// fields hold words of Dimensions; "" is the first of a dimension.
type Situation struct {
	Verb     string
	Outcome  string
	Evidence string
	Change   string
	Password string
	Who      string
	Fault    string
	Token    string
}

// Dimensions are the words of a Situation's fields, in their order. No word
// stands in two of them.
var Dimensions = [][]string{
	{"diagnose", "probe", "fix", "verify", "undo", "explain", "listen"},
	{"unknown", "healthy", "delivered", "named", "confirmed", "unsure", "other-provider", "failed"},
	// Which settings the tenant has in the matter: none, or it shows the cause,
	// shows that the cause does not stand (any more), could not be read, was
	// not asked.
	{"no-setting", "borne-out", "contradicted", "unread", "nobody"},
	// kept is an administrator's second factor, hearsay a plan on the word of another server, arrived a change that
	// had its effect, stuck one for everybody that could not be put back.
	{"untouched", "planned", "declined", "hearsay", "made", "arrived", "stuck", "put-back", "refused", "kept"},
	{"not-tried", "password", "no-password", "wrong-password", "other-name"},
	{"who-none", "who-tool", "who-admin", "who-owner", "who-device", "who-network", "who-wait"},
	{"no-device", "device-fault"},
	// By-oauth is a token that smtpmend got itself; elsewhere: Entra refused the way
	// of asking for it, and the browser is left, or the application itself.
	{"by-secret", "by-oauth", "elsewhere", "elsewhere-app"},
}

func (s Situation) words() []string {
	all := []string{s.Verb, s.Outcome, s.Evidence, s.Change, s.Password, s.Who, s.Fault, s.Token}
	for i, word := range all {
		if word == "" {
			all[i] = Dimensions[i][0]
		}
	}
	return all
}

// A Row says what to do in the situations that have, for each dimension of
// which When names words, one of these words. Without any it takes all.
type Row struct {
	When string
	// Say is what a person has to know or do, "" where nothing is left to do.
	Say string
	// Do are command lines: a verb, its arguments, and flags. Words in capitals
	// stand for what only the run knows. The first is the next command.
	Do []string
	// New is what has to be new before the commands can tell anything new, ""
	// where they tell it at once.
	New string
}

// Follow is the first row of Rows that takes the situation.
func Follow(s Situation) Row {
	words := s.words()
	i := slices.IndexFunc(Rows, func(r Row) bool { return r.takes(words) })
	return Rows[i] // the last takes all
}

func (r Row) takes(situation []string) bool {
	wanted := strings.Fields(r.When)
	for i, word := range situation {
		open := !slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(Dimensions[i], w) })
		if !open && !slices.Contains(wanted, word) {
			return false
		}
	}
	return true
}
