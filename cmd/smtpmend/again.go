package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A nextCommand writes a command line to be copied as it stands: the verb,
// its arguments, and those of the flags given so far that the verb takes.
type nextCommand func(verb string, args ...string) string

// again returns the nextCommand that carries on from cmd. An approval was for
// what stood on the screen and is not carried on; nor are the flags in except.
func again(cmd *cobra.Command, except ...string) nextCommand {
	except = append(except, "output", "verbose", "yes", "yes-tenant-wide")
	return func(verb string, args ...string) string {
		words := []string{cmd.Root().Name(), verb}
		for _, arg := range args {
			words = append(words, quote(arg))
		}
		next, _, err := cmd.Root().Find([]string{verb})
		if err != nil {
			return strings.Join(words, " ")
		}
		cmd.Flags().Visit(func(f *pflag.Flag) {
			switch {
			case next.Flags().Lookup(f.Name) == nil, slices.Contains(except, f.Name),
				f.Name == "journal-dir" && verb == "undo", // its journal is named
				f.Name == "password-file" && f.Value.String() == "-":
			case f.Value.Type() == "stringArray":
				for _, value := range f.Value.(pflag.SliceValue).GetSlice() {
					words = append(words, "--"+f.Name, quote(value))
				}
			case f.Value.Type() == "bool":
				words = append(words, "--"+f.Name)
			default:
				words = append(words, "--"+f.Name, quote(f.Value.String()))
			}
		})
		return strings.Join(words, " ")
	}
}

// quote makes s one word for a POSIX shell; plain words, which other shells
// take as well, stay as they are.
func quote(s string) string {
	plain := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-[]\\", r)
	}
	if s != "" && strings.IndexFunc(s, plain) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
