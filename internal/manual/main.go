// Command manual writes the manual pages of a release, one for each verb and topic, from
// what the program itself says with --help. It is not part of the program,
// which so needs nothing to write pages with.
//
//	go run ./internal/manual DIR BINARY
//
// It knows how cobra lays help out and nothing of what smtpmend does.
package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: manual DIR BINARY")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

// write makes dir and writes into it the pages of the program, of each of its
// verbs, and of each topic.
func write(dir, binary string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	footer, err := describe(binary)
	if err != nil {
		return err
	}
	root, err := read(binary, nil)
	if err != nil {
		return err
	}
	pages := []*page{root}
	for _, c := range root.commands {
		if c.name == "help" {
			continue
		}
		p, err := read(binary, []string{c.name})
		if err != nil {
			return err
		}
		p.short = c.text
		pages = append(pages, p)
	}
	for _, t := range root.topics {
		name := t.name[strings.LastIndexByte(t.name, ' ')+1:]
		help, err := output(binary, "help", name)
		if err != nil {
			return err
		}
		pages = append(pages, &page{
			words: []string{"smtpmend", name}, short: t.text, topic: true,
			about: strings.Split(strings.TrimSpace(help), "\n"),
		})
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.file()), []byte(p.roff(footer, pages)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// read has the program print the help of a verb, or its own.
func read(binary string, verb []string) (*page, error) {
	help, err := output(binary, append(verb, "--help")...)
	if err != nil {
		return nil, err
	}
	p, err := parse(help)
	if err != nil {
		return nil, fmt.Errorf("help of %s: %w", strings.Join(verb, " "), err)
	}
	p.words = append([]string{"smtpmend"}, verb...)
	return p, nil
}

// A footer is what stands at the end of each page. The same source gives the
// same.
type footer struct{ date, version string }

// describe asks a program for its version, and dates it by its commit, or
// where the build did not record that, by the file.
func describe(binary string) (footer, error) {
	version, err := output(binary, "--version")
	if err != nil {
		return footer{}, err
	}
	path, err := exec.LookPath(binary)
	if err != nil {
		return footer{}, err
	}
	file, err := os.Stat(path)
	if err != nil {
		return footer{}, err
	}
	date := file.ModTime().UTC()
	if info, err := buildinfo.ReadFile(path); err == nil {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				date = at
			}
		}
	}
	return footer{date.Format(time.DateOnly), strings.TrimSpace(strings.Replace(version, " version ", " ", 1))}, nil
}

func output(binary string, args ...string) (string, error) {
	out, err := exec.Command(binary, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", binary, strings.Join(args, " "), err)
	}
	return string(out), nil
}
