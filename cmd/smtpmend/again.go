package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
)

// notCarried are the flags that were for this run alone: how it is printed, an
// approval of what stood on the screen, the reply that was judged, and what it
// was to print instead.
var notCarried = []string{"output", "verbose", "yes", "yes-tenant-wide", "reply", "tried", "for-admin", "report", "force", "powershell", "list", "last"}

// again returns the view.NextCommand that carries on from cmd, but for the flags in
// except.
func again(cmd *cobra.Command, except ...string) view.NextCommand {
	except = append(except, notCarried...)
	return func(words ...string) (string, bool) {
		next, _, err := cmd.Root().Find(words[:1])
		if err != nil {
			return "", false
		}
		own := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "--") })
		if own < 0 {
			own = len(words)
		}
		line := append([]string{cmd.Root().Name()}, words[:own]...)
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if next.Flags().Lookup(f.Name) != nil && !slices.Contains(except, f.Name) && carried(f, words) {
				line = append(line, flagWords(f)...)
			}
		})
		return safe.Command(append(line, words[own:]...)...)
	}
}

// probing are the flags that only an attempt of ours has a use for.
var probing = []string{"server", "from", "to", "send", "timeout", "password-file"}

// carried reports whether a flag goes on into a command that begins with words.
func carried(f *pflag.Flag, words []string) bool {
	if slices.Contains(words, "--reply") && slices.Contains(probing, f.Name) {
		return false
	}
	switch f.Name {
	case "journal-dir":
		return words[0] != "undo" // its journal is named
	case "password-file":
		return f.Value.String() != "-"
	case "server", "cloud", "cloud-file", "timeout":
		return words[0] != "listen" || slices.Contains(words, "--forward")
	}
	return !slices.Contains(words, "--"+f.Name)
}

// flagWords are a flag as it was given.
func flagWords(f *pflag.Flag) []string {
	name, value := "--"+f.Name, f.Value.String()
	switch {
	case f.Value.Type() == "stringArray":
		var all []string
		for _, v := range f.Value.(pflag.SliceValue).GetSlice() {
			all = append(all, name, v)
		}
		return all
	case f.NoOptDefVal == value:
		return []string{name}
	case f.NoOptDefVal != "":
		return []string{name + "=" + value}
	}
	return []string{name, value}
}
