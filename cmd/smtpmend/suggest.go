package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/diagnose/catalogue"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// nearness is how many letters a mistyped word may be off.
const nearness = 2

// didYouMean ends a sentence about a word that there is not with those that
// it may have been, "" where none is near.
func didYouMean(word string, known []string) string {
	near := nearest(word, known)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// nearest are the known words that word was meant for: those that are least
// far away, or else those that it begins.
func nearest(word string, known []string) []string {
	var near, begun []string
	least := nearness
	for _, k := range known {
		switch d := distance(strings.ToLower(word), k); {
		case d > least:
		case d < least:
			least, near = d, []string{k}
		default:
			near = append(near, k)
		}
		if len(word) > nearness && strings.HasPrefix(k, strings.ToLower(word)) {
			begun = append(begun, k)
		}
	}
	if len(near) == 0 {
		return begun
	}
	return near
}

// distance counts the letters to insert, leave out, replace, or swap with
// their neighbour.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// knownVerb is the check of the root's arguments: what is no verb is a mistake
// for one. Which verbs are near is cobra's to find.
func knownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = nearness
	near := cmd.SuggestionsFor(args[0])
	hint := ""
	if len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], cmd.CommandPath(), hint)
}

// otherwise says where else to look for what people type.
var otherwise = map[string]string{
	"demo --scenario": "name it without a flag: smtpmend demo SCENARIO",
	"fix --reply":     "fix always tries for itself; smtpmend diagnose MAILBOX --reply TEXT judges words",
	"verify --reply":  "verify always tries for itself; smtpmend diagnose MAILBOX --reply TEXT judges words",
	"probe --reply":   "probe always tries for itself; smtpmend diagnose MAILBOX --reply TEXT judges words",
	"explain --reply": "give the words without a flag: smtpmend explain TEXT",
	"verify --yes":    "verify changes nothing; smtpmend fix does",

	"diagnose --powershell": "smtpmend fix MAILBOX --powershell prints the commands, and changes nothing",
	"fix --oauth":           "fix mends sign-ins with a password; smtpmend diagnose MAILBOX --oauth names what OAuth lacks",
}

// knownFlag adds to pflag's own words about a flag that there is not the one
// that was meant.
func knownFlag(cmd *cobra.Command, err error) error {
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok && missing.GetSpecifiedShortnames() == "" {
		if said := otherwise[cmd.Name()+" --"+missing.GetSpecifiedName()]; said != "" {
			return fmt.Errorf("%w; %s", err, said)
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		near := nearest(missing.GetSpecifiedName(), names)
		for i := range near {
			near[i] = "--" + near[i]
		}
		if len(near) > 0 {
			return fmt.Errorf("%w; did you mean %s?", err, strings.Join(near, " or "))
		}
	}
	return err
}

// codesWith are the causes whose code holds a word that was given alone.
func codesWith(word string) []string {
	word = strings.ToLower(strings.TrimSpace(word))
	if len(word) <= nearness || strings.ContainsAny(word, " \n") {
		return nil
	}
	return slices.DeleteFunc(causeWords(), func(code string) bool { return !strings.Contains(code, word) })
}

// causeWords are the codes of all causes.
func causeWords() []string {
	var all []string
	for _, c := range catalogue.All() {
		all = append(all, string(c.Code))
	}
	return all
}

// describedCauses are the codes of all causes with their titles.
func describedCauses() []string {
	var all []string
	for _, c := range catalogue.All() {
		all = append(all, string(c.Code)+"\t"+c.Title)
	}
	return all
}
