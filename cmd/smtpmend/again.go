package main

import (
	"maps"
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
var notCarried = []string{"output", "verbose", "yes", "yes-tenant-wide", "reply", "tried", "for-admin", "report", "force", "powershell", "list", "last", "from-file", "parallel", "resume", "same-password"}

// again returns the view.NextCommand that carries on from cmd, but for the flags in
// except.
func again(cmd *cobra.Command, except ...string) view.NextCommand {
	return againWith(cmd, nil, except...)
}

// againWith is again with values of its own for some flags, where they are not
// "".
func againWith(cmd *cobra.Command, own map[string]string, except ...string) view.NextCommand {
	except = append(except, notCarried...)
	values := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if own[name] != "" {
			values.String(name, "", "")
			values.Set(name, own[name])
			except = append(except, name)
		}
	}
	return func(words ...string) (string, bool) {
		next, _, err := cmd.Root().Find(words[:1])
		if err != nil {
			return "", false
		}
		flags := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "--") })
		if flags < 0 {
			flags = len(words)
		}
		line := append([]string{cmd.Root().Name()}, words[:flags]...)
		carry := func(f *pflag.Flag) {
			if (next.Flags().Lookup(f.Name) != nil || next.InheritedFlags().Lookup(f.Name) != nil) && carried(f, words) {
				line = append(line, flagWords(f)...)
			}
		}
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if !slices.Contains(except, f.Name) {
				carry(f)
			}
		})
		values.Visit(carry)
		return safe.Command(append(line, words[flags:]...)...)
	}
}

// probing are the flags that only an attempt of ours has a use for.
var probing = []string{"server", "from", "to", "send", "timeout", "password-file", "oauth"}

// carried reports whether a flag goes on into a command that begins with words.
func carried(f *pflag.Flag, words []string) bool {
	if slices.Contains(words, "--reply") && slices.Contains(probing, f.Name) {
		return false
	}
	switch f.Name {
	case "client-id":
		return !strings.Contains(strings.Join(words, " "), "--auth "+noAuth)
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
