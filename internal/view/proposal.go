package view

import (
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/view/safe"
)

// A known is what a run knows of the words in capitals of Rows. What is
// missing, or came from outside in no harmless shape, stands in no command.
type known map[string]string

// of is what every verb knows of a mailbox and a reply.
func of(mailbox string, d diagnose.Diagnosis) known {
	k := known{"MAILBOX": mailbox, "CHECK": "The Entra sign-in log (Client app = Authenticated SMTP) says why this mailbox is refused."}
	k["MECHANISM"] = strings.ToLower(d.Mechanism)
	if cause, _ := catalogue.Lookup(d.Cause); cause.Stage == catalogue.StageSubmit {
		k["SENDING"] = "--send" // which alone proves anything then
	}
	if words := replyWords(d.Reply); words != "" {
		k["REPLY"] = safe.Phrase(words)
	}
	if len(d.Candidates) > 0 {
		first, _ := catalogue.Lookup(d.Candidates[0])
		k["CHECK"] = first.Check
	}
	return k
}

// A NextCommand writes a command line to be pasted as it stands: a verb, its
// arguments and flags, and what of the flags given so far the verb takes. It
// reports false where that cannot be written for every shell.
type NextCommand func(words ...string) (string, bool)

// A proposal is the end of an answer: what to do now.
type proposal struct {
	Say      string
	check    string // what stands in Say for CHECK
	inWords  string // the first command, where it cannot be written
	Commands []string
}

// propose says what comes next.
func propose(s Situation, k known, next NextCommand) proposal {
	row := Follow(s)
	p := proposal{Say: row.Say}
	if strings.Contains(row.Say, "CHECK") {
		p.check = k["CHECK"]
	}
	for _, do := range row.Do {
		line, ok := next(k.fill(do)...)
		switch {
		case ok:
			p.Commands = append(p.Commands, line)
		case len(p.Commands) == 0:
			p.inWords = k.inWords(do)
			return p
		}
	}
	return p
}

// fill puts what is known into a command. Without a reply the flag is left out.
func (k known) fill(do string) []string {
	var words []string
	for word := range strings.FieldsSeq(do) {
		switch reply, replied := k["REPLY"]; {
		case word == "--reply" && !replied, word == "REPLY" && !replied:
		case word == "REPLY":
			words = append(words, reply)
			if k["MECHANISM"] != "" {
				words = append(words, "--auth-mechanism", k["MECHANISM"])
			}
			if k["TRIED"] != "" {
				words = append(words, "--tried", k["TRIED"])
			}
		case word == "APPROVED", word == "SENDING":
			words = append(words, strings.Fields(k[word])...)
		case capitals(word):
			words = append(words, k.argument(word))
		default:
			words = append(words, word)
		}
	}
	return words
}

// argument is what stands for a word in capitals, "" where it could pass for a
// flag.
func (k known) argument(word string) string {
	switch {
	case word == "JOURNAL":
		return safe.Path(k[word])
	case strings.HasPrefix(k[word], "-"):
		return ""
	}
	return k[word]
}

// inWords is a command that cannot be written, with a name for each word that
// keeps it from that.
func (k known) inWords(do string) string {
	var words []string
	for word := range strings.FieldsSeq(do) {
		written, ok := safe.Word(k.argument(word))
		switch {
		case word == "SENDING":
			words = append(words, strings.Fields(k[word])...)
		case !capitals(word):
			words = append(words, word)
		case ok:
			words = append(words, written)
		default:
			words = append(words, "<"+strings.ToLower(word)+">")
		}
	}
	return strings.Join(words, " ")
}

func capitals(word string) bool {
	return strings.ToUpper(word) == word && !strings.HasPrefix(word, "-")
}

// first is the next command, "" for none.
func (n proposal) first() string {
	if len(n.Commands) == 0 {
		return ""
	}
	return n.Commands[0]
}

func (n proposal) text(p *page) {
	if n.Say == "" {
		return
	}
	p.heading("Next")
	p.prose("  ", "%s", n.say(p))
	p.commands(n.Commands...)
}

// say is what a person has to know or do.
func (n proposal) say(p *page) string {
	say := p.t(n.Say)
	if n.check != "" {
		say = strings.ReplaceAll(say, "CHECK", p.t(n.check))
	}
	if n.inWords != "" {
		say = p.t("%s: smtpmend %s, with the flags of this run.", strings.TrimSuffix(say, ":"), n.inWords)
	}
	return say
}

// whoWord are the words of the table of Next for who can remove a cause.
var whoWord = map[catalogue.Who]string{
	catalogue.Tool: "who-tool", catalogue.ByHand: "who-admin", catalogue.User: "who-owner",
	catalogue.Device: "who-device", catalogue.Network: "who-network", catalogue.Wait: "who-wait",
}

// situation is what a diagnosis is to the table of Next; asked is whether
// somebody is signed in to the tenant.
func situation(verb string, d diagnose.Diagnosis, asked bool) Situation {
	cause, _ := catalogue.Lookup(d.Cause)
	s := Situation{Verb: verb, Outcome: string(d.Verdict), Evidence: evidenceWord(d, asked), Who: whoWord[cause.Who]}
	if len(d.Candidates) > 0 && verb == "explain" {
		cause, _ = catalogue.Lookup(d.Candidates[0])
	}
	if cause.OnDevice && (cause.Who == catalogue.Device || verb == "explain" || verb == "listen") {
		s.Fault = "device-fault"
	}
	if d.Cause == catalogue.BadCredentials || d.Cause == catalogue.AccountLocked {
		s.Password = "wrong-password"
	}
	return s
}

// evidenceWord says what became of asking the tenant.
func evidenceWord(d diagnose.Diagnosis, asked bool) string {
	unread := slices.ContainsFunc(d.Evidence, func(r fact.Reading) bool { return !r.Known() })
	switch {
	case len(diagnose.Questions(d)) == 0:
		return "no-setting"
	case !asked:
		return "nobody"
	case d.Verdict == diagnose.Confirmed:
		return "borne-out"
	case d.Contradicts(d.Cause):
		return "contradicted"
	case d.Cause != "" && diagnose.Shows(d.Cause), d.Cause == "" && unread:
		return "unread"
	}
	return "no-setting"
}
