package view

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim"
)

// stays are the texts that are the same in every language, or that stay
// English: names and commands, errors about a file or the command line, and
// what is no text for a person.
var stays = map[string][]string{
	"internal/view": {"    Microsoft ", "    smtpmend ", " --cloud-file %s", " --yes-tenant-wide", "AUTH LOGIN ", "smtpmend fix %s", "%s was not read: ", "%d ms", "STARTTLS. %s", "EHLO", "STARTTLS", "change to put back", "cipher suite", "setting was", "%s UTC", "The token is for %s, with %s%s.", "The token is for %s, without a permission%s.", "The token is for the application %s%s; it does not tell what it holds.", "2 January 2006", "SMTP AUTH", "mailbox has nothing but refused sign-ins", "mailbox may stop: how it signs in was not read", "mailbox sends with OAuth, which goes on", "mailbox stops when passwords go off by default, at the end of December 2026", "mailbox was not seen to submit"},
	"internal/fact": {"AADSTS%s", "P1", "P2"},
	"probe": { // messages, commands, and the network's errors
		"AUTH %s", "Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=utf-8", "Date: %s", "EHLO %s", "From: <%s>", "MIME-Version: 1.0",
		"Message-ID: <%s@%s>", "Subject: smtpmend test message", "To: <%s>", "smtpmend sent this message to prove that %s can submit mail.",
		"more than %d octets in one dialogue", "protocol version not supported", "unsupported protocol version", "the server %s", "The server %s",
		"user=%s\x01auth=Bearer %s\x01\x01", "probe: a line that is not said", "probe: a reply is awaited that nothing asked for",
	},
	"remediate": { // journals and plans that cannot be read: the command line's errors
		"%q stands twice", "belongs to another tenant or mailbox than the lines above it", "belongs to another user", "can be written to by other users",
		"cannot be used: %s", "change %d does not match the lines above it", "change %d is out of order", "changes %q, not the mailbox", "could not be read: %s",
		"it was closed", "journal: %w", "larger than %d bytes", "line %d: %w", "names no tenant or no mailbox", "not a record: %w", "reads %s",
		"schema %d is not known to this version", "state %q is not known to this version", "the journal directory %s %s", "the plan: %w", "was not asked for", "%s of %s",
		"%w: %w; %s of %s %s",
	},
	"internal/listen": { // replies to a device, and who is named in a certificate
		"%s smtpmend: %s", "%d or more", "%d times", "--allow %s", "5.7.1 smtpmend serves the networks of its own machine only",
		"it failed itself; try again later", "not served; %s", "one message for each sign-in; send the next in a session of its own", "remote error", "smtpmend listen",
		"the service gave no answer", "the service refused this account; nothing more is sent for it until a person says so", "too many at once",
		"too many messages are waiting; try again later", "too many sign-ins of new accounts; try again in a minute", "too much is waiting",
		"turned away: %s, %s (%s)", "SSL/TLS: STARTTLS", "SSL/TLS: STARTTLS, port 587",
	},
	"internal/m365": { // roles by their English names, queries, what an answer lacks
		"createdDateTime ge %s",
		"another page behind the link to it",
		"Reports Reader",
		"(not named)",
		"%s and userPrincipalName eq '%s' and %s",
		"%s and signInEventTypes/any(t: t eq 'nonInteractiveUser') and %s",
		"the permission SMTP.SendAsApp of Exchange Online",
		"the list of secrets and certificates",
		"the last of %d %ss",
		"the enterprise application's object id, with which Exchange's is compared",
		"the enterprise application's id",
		"the application's service principal on the first page of them",
		"endDateTime of each secret and certificate",
		"clientId eq '%s'",
		"all roles of the application on one page",
		"all permissions of the mailbox on one page",
		"Sid of the service principal, by which permissions name it",
		"ObjectId of the service principal",
		"InScope of the role Application SMTP.SendAsApp (but %s)",
		"Application SMTP.SendAsApp",
		"%s in place of %s",
		"%w for good", "Authenticated SMTP", "Authentication Administrator", "Conditional Access Administrator", "Exchange Administrator",
		"Global Administrator", "Global Reader", "Helpdesk Administrator", "Privileged Authentication Administrator", "Privileged Role Administrator",
		"Security Administrator", "User Administrator", "a known perUserMfaState (but %q)", "a known value (but %q)", "a mailbox without a name",
		"a usable link to the next page", "an end of the list after %d pages", "clientAppUsed eq '%s'", "createdDateTime desc",
		"createdDateTime ge %s and userPrincipalName eq '%s' and (%s)", "did not give %s", "did not give the organisation", "did not set %s to %q",
		"each entry of the list", "finding the mailbox", "finding the user", "its body", "mail eq '%s'", "not writable",
		"proxyAddresses/any(p:p eq 'smtp:%s')", "signInEventTypes/any(t: t eq 'nonInteractiveUser')",
		"signInEventTypes/any(t: t eq 'nonInteractiveUser') and %s", "the error code of the newest record", "the mailbox %s",
		"the time, client and user of each record", "the user %s", "the user's id", "the user's principal name", "there is no fact %q", "without a name",
	},
	"internal/cloudapi": { // parts of sentences, Microsoft's words, names
		"the address of the report",
		"a usable link to the next page",
		"a usable address of the report",
		"Expired or Invalid pagination request",
		"a list of %s",
		" and no reason", "%s, for the cmdlet %s", ": grant it with admin consent, then sign in again", ": it was issued by %q", "Exchange Online",
		"Microsoft Graph", "Microsoft Graph and Exchange Online", "The role assigned to application", "Trace ID:", "User is not allowed to call",
		"You have reached the maximum number of concurrent requests", "and its private key cannot be used: they must be PEM or PKCS #12, the password in %s",
		"certificate %s of %s %s", "empty token", "endpoints of cloud %q: %w", "not JSON", "not reachable", "one object of %s (but %d)",
		"one object of %s (but more than one page)", "one without words", "outside the cloud", "the token lacks the application %s%s",
		"the token lacks the delegated %s%s", "without words",
	},
	"internal/inventory": { // about a table that was given: the command line's errors
		"user principal name",
		"smtp app",
		"sender address",
		"messages sent",
		"line %d names a sender that is no address: %q",
		"line %d is no line of a table",
		"line %d has %q for a number of messages",
		"it is larger than what is read of such a table",
		"it has no column %q; its first line holds %q",
		"it has no column %q; its columns are %q",
		"is deleted",
		"authentication protocol",
		"a line has %d fields",
		"SMTP App",
		"Messages sent",
		"Direct Send",
		"; and %d more",
	},
	"cmd/smtpmend": { // about a file format; and what only joins others
		"A state file is JSON: keep what is printed, change it, and start with smtpmend simulate --state FILE. What it leaves out is as in the healthy tenant; lists are replaced as a whole; a key or value that cannot be is refused by name.",
	},
}

// english are all texts of the tables' rooms, as they are or as formats.
func english(t *testing.T) map[string][]string {
	all := map[string][]string{}
	put := func(room string, texts ...string) {
		for _, text := range texts {
			if wordy(text) && !slices.Contains(all[room], text) {
				all[room] = append(all[room], text)
			}
		}
	}
	for _, c := range catalogue.All() {
		put("diagnose/catalogue", append([]string{c.Title, c.Meaning, c.Check, c.WeakensNothing}, c.Portal...)...)
		if c.Change != nil {
			put("diagnose/catalogue", c.Change.Title, c.Change.Weakens, c.Change.ForWhom)
		}
	}
	put("diagnose/catalogue", catalogue.RetirementDates...)
	for _, l := range catalogue.Chain() {
		put("diagnose/catalogue", l.Says, l.ByHand)
	}
	for _, row := range slices.Concat(fact.Table, fact.Chain) {
		put("internal/fact", row.Title, row.Free)
		for _, v := range row.Values {
			put("internal/fact", v.Words)
		}
		if row.Write != nil {
			put("internal/fact", row.Write.Role)
		}
	}
	for _, s := range signs.All {
		put("diagnose/words/signs", s.Note)
	}
	for _, c := range signs.EntraCodes {
		put("diagnose/words/signs", c.Note)
	}
	for _, room := range []string{"diagnose", "diagnose/words", "probe", "remediate", "internal/listen", "internal/inventory", "internal/cloudapi", "internal/m365"} {
		for _, text := range parsed(t, room).texts() {
			if sentence(text) && (room != "diagnose/words" || strings.Contains(text, ". ") || strings.HasSuffix(text, ".")) {
				put(room, text)
			}
		}
	}
	put("internal/m365", "%s did not give it: %s", "%s did not give it: %s; %s") // as evidence.go groups reasons
	view := parsed(t, "internal/view")
	for _, text := range view.texts() {
		if strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && strings.Contains(text, " ") || sentence(text) {
			put("internal/view", text)
		}
	}
	for _, f := range view.printed(formats) {
		put("internal/view", f.text)
	}
	for _, row := range Rows {
		put("internal/view", row.Say)
	}
	for _, name := range []string{"document.html", "document.md"} {
		template, err := os.ReadFile(filepath.Join("report", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, heading := range regexp.MustCompile(`\$\.T "([^"]+)"`).FindAllSubmatch(template, -1) {
			put("internal/view/report", string(heading[1]))
		}
	}
	cmd := parsed(t, "cmd/smtpmend")
	for _, f := range cmd.printed(map[string]int{"note": 0, "t": 0, "Count": 2}) {
		put("cmd/smtpmend", f.text)
	}
	put("cmd/smtpmend", cmd.fields("Text", "Title", "Heading")...)
	for _, s := range tenantsim.Scenarios {
		put("cmd/smtpmend", s.Summary)
	}
	for _, f := range parsed(t, "internal/stand").printed(map[string]int{"note": 0}) {
		put("internal/stand", f.text)
	}
	return all
}

// formats are the functions that put formats on a page, with the place of the
// format.
var formats = map[string]int{"t": 0, "line": 0, "heading": 0, "prose": 1, "item": 2, "add": 0, "count": 2, "entry": 1}

// sentence reports whether a text of a room's code is for people: words of
// small letters with a blank between them.
func sentence(text string) bool {
	if strings.ContainsAny(text, "\\\n|<>\x1b") && !strings.HasPrefix(text, "The password") {
		return false
	}
	words := 0
	for _, word := range strings.Fields(verb().ReplaceAllString(text, "")) {
		if len(word) > 1 && strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz.,;:'()") == "" {
			words++
		}
	}
	return words > 1 && strings.Contains(text, " ")
}

// Every text that can be printed has its Czech, with the same placeholders.
func TestEveryTextIsCzechToo(t *testing.T) {
	for room, texts := range english(t) {
		for _, text := range texts {
			_, own := find(text)
			if _, told := find("The server " + text); told { // what the probe says of it comes with its name
				own = true
			}
			all := own
			if !own && !strings.Contains(text, "%") {
				_, all = inCzech().told(text)
			}
			if stay := slices.Contains(stays[room], text); all == stay {
				t.Errorf("%s: %q: in Czech %t, stays English %t", room, text, all, stay)
			}
		}
	}
}

// find is a row of the tables for a text, whatever verbs it has.
func find(text string) (string, bool) {
	own, ok := plainRows()[verb().ReplaceAllString(text, "%s")]
	return own, ok
}

var plainRows = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, table := range tables {
		for _, row := range table {
			all[verb().ReplaceAllString(row[0], "%s")] = row[1]
		}
	}
	return all
})

// No row of the tables is for a text that is gone, is there twice with two
// meanings, or has other placeholders than the English text.
func TestCzechRows(t *testing.T) {
	texts, seen := english(t), map[string]string{}
	everywhere := strings.Join(slices.Concat(mapped(texts)...), "\n")
	for _, room := range []string{"internal/view", "cmd/smtpmend", "diagnose", "diagnose/words", "probe", "remediate", "internal/listen", "internal/inventory", "internal/stand", "internal/cloudapi", "internal/m365"} {
		everywhere += "\n" + strings.Join(parsed(t, room).texts(), "\n")
	}
	for room, table := range tables {
		for _, row := range table {
			if !slices.ContainsFunc(pieces(row[0]), func(piece string) bool { return strings.Contains(everywhere, piece) }) {
				t.Errorf("%s: no text has %q any more", room, row[0])
			}
			if twice, ok := seen[row[0]]; ok && twice != row[1] {
				t.Errorf("%q is both %q and %q", row[0], twice, row[1])
			}
			seen[row[0]] = row[1]
			if want, got := placeholders(row[0]), placeholders(row[1]); !slices.Equal(want, got) {
				t.Errorf("%s: %q has %q, the Czech %q", room, row[0], want, got)
			}
			if row[1] == "" || strings.ContainsAny(row[1], "\"") {
				t.Errorf("%s: %q: quotes are „ and “", room, row[1])
			}
		}
	}
}

// placeholders are the verbs of a format in the order of its values, and the
// words in capitals that the run fills in.
func placeholders(text string) []string {
	var all []string
	for i, v := range verb().FindAllStringSubmatch(text, -1) {
		at := v[1]
		if at == "" {
			at = fmt.Sprintf("[%d]", i+1)
		}
		all = append(all, at+strings.Replace(v[0], v[1], "", 1))
	}
	for _, word := range []string{"{secret}", "{client}", "{tenant}", "{certificate}", "{method}", "CHECK", "MAILBOX", "TEXT", "--reply", "--send", "--verbose", "--keep", "--forward", "--log", "--save", "--allow", "smtpmend"} {
		if strings.Contains(text, word) {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return all
}

// pieces are the parts of a format around its verbs that are long enough to be
// of this format alone, at least the longest.
func pieces(format string) []string {
	parts := verb().Split(format, -1)
	for i, part := range parts {
		parts[i] = strings.TrimRight(strings.TrimPrefix(strings.TrimSpace(part), "The server "), ".:")
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	return slices.DeleteFunc(parts, func(part string) bool { return len(part) < min(16, len(parts[0])) })
}

func mapped(m map[string][]string) [][]string {
	var all [][]string
	for _, texts := range m {
		all = append(all, texts)
	}
	return all
}

// What is put on a page as a format is constant, and has as many values as
// verbs.
func TestFormatsOfPages(t *testing.T) {
	n := 0
	for _, f := range parsed(t, "internal/view").printed(formats) {
		switch verbs := len(verb().FindAllString(f.text, -1)); {
		case f.values > 0 && !f.constant:
			t.Errorf("a format that is not constant, with %d values", f.values)
		case f.values > 0 && f.values != verbs:
			t.Errorf("%q has %d values", f.text, f.values)
		}
		n++
	}
	if n < 100 {
		t.Errorf("%d formats", n)
	}
}

// A sentence that was made of a format is found by what of it is always the
// same.
func TestReadyMadeSentences(t *testing.T) {
	for _, tt := range []struct{ english, czech string }{
		{"a.example:587 does not answer; a firewall or the internet provider may block port 587.", "a.example:587 neodpovídá; port 587 může blokovat firewall nebo poskytovatel internetu."},
		{"The server closed the connection in the middle of a reply.", "Server zavřel spojení uprostřed odpovědi."},
		{"This change is not made: the account is an administrator's (X), and its second factor stays; let the device send as a mailbox that does nothing but send.", "Tato změna se neprovede: účet patří správci (X) a jeho druhý faktor zůstane; nechte zařízení odesílat schránkou, která nedělá nic jiného než odesílá."},
		{"The server is not Microsoft 365. No reply of ours.", "Server není Microsoft 365. No reply of ours."},
		{"no such words", "no such words"},
	} {
		if got := Czech.Say(tt.english); got != tt.czech {
			t.Errorf("%q:\n got %q\nwant %q", tt.english, got, tt.czech)
		}
		if got := English.Say(tt.english); got != tt.english {
			t.Errorf("English: %q", got)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 změn", 1: "1 změna", 2: "2 změny", 4: "4 změny", 5: "5 změn", 21: "21 změn"} {
		if got := Czech.Count(n, "change", "changes"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := English.Count(1, "change", "changes") + English.Count(2, "change", "changes"); got != "1 change2 changes" {
		t.Error(got)
	}
}

// What others said comes out as it went in, or as a sentence of ours; where
// looking through it took ever longer, this would not end.
func FuzzSay(f *testing.F) {
	f.Add("The server is not Microsoft 365. The tenant shows none of these causes.")
	f.Add(strings.Repeat("a. ", 1300))
	f.Add("Microsoft Graph did not give it: " + strings.Repeat("Microsoft Graph did not give it: ", 100))
	f.Add("%s {secret} %!s(MISSING) %[9]s.")
	f.Fuzz(func(t *testing.T, text string) {
		if got := Czech.Say(text); strings.Contains(got, "%!") && !strings.Contains(text, "%!") {
			t.Errorf("%q: %q", text, got)
		}
	})
}
