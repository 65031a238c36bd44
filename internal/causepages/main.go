// Command causepages writes a page for each cause of the catalogue, and one
// that lists them.
//
//	go run ./internal/causepages docs/causes
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: causepages DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "causepages:", err)
		os.Exit(1)
	}
}

// write makes dir anew.
func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	for name, text := range pages() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// groups are those who can mend a cause, in the order in which causes are
// listed.
var groups = []struct {
	who   catalogue.Who
	words string
}{
	{catalogue.Tool, "An administrator, or `smtpmend fix` with an administrator's rights"},
	{catalogue.ByHand, "An administrator, by hand"},
	{catalogue.User, "The owner of the mailbox"},
	{catalogue.Device, "Whoever sets up the printer, scanner or app"},
	{catalogue.Network, "Whoever runs the network in between"},
	{catalogue.Wait, "Nobody has to: it passes by itself"},
}

// pages are all pages by the names of their files.
func pages() map[string]string {
	all := map[string]string{}
	var index strings.Builder
	index.WriteString("# Causes\n\nWhat can stand in the way of a submission, by who can mend it. These pages are\nthe catalogue of `smtpmend explain CAUSE-CODE`, written by\n`go run ./internal/causepages docs/causes`.\n")
	for _, g := range groups {
		fmt.Fprintf(&index, "\n## %s\n\n", g.words)
		for _, c := range catalogue.All() {
			if c.Who == g.who {
				fmt.Fprintf(&index, "- [`%s`](%s.md): %s\n", c.Code, c.Code, text(c.Title))
				all[string(c.Code)+".md"] = page(c, g.words)
			}
		}
	}
	all["README.md"] = index.String()
	return all
}

// page says all that is known of a cause.
func page(c catalogue.Cause, who string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# `%s`\n\n%s\n", c.Code, text(c.Title))
	fmt.Fprintf(&b, "\n## What it means\n\n%s\n", text(c.Meaning))
	fmt.Fprintf(&b, "\n## The one check that tells it\n\n%s\n", text(c.Check))
	fmt.Fprintf(&b, "\n## Who can mend it, and how\n\n%s.\n", who)
	if c.Change != nil {
		fmt.Fprintf(&b, "\n```sh\nsmtpmend fix MAILBOX\n```\n")
	}
	if len(c.Portal) > 0 {
		b.WriteByte('\n')
	}
	for i, step := range c.Portal {
		fmt.Fprintf(&b, "%d. %s\n", i+1, text(step))
	}
	if block := (powershell.Place{}).Block(c.Commands()...); len(block) > 0 {
		fmt.Fprintf(&b, "\n```powershell\n%s\n```\n", strings.Join(block, "\n"))
	}
	if c.OnDevice {
		b.WriteString("\n`smtpmend listen` shows what the device really does.\n")
	}
	if c.WeakensNothing != "" {
		fmt.Fprintf(&b, "\n## What weakens nothing\n\n%s\n", text(c.WeakensNothing))
	}
	if c.Retirement {
		b.WriteString("\n## Passwords at SMTP AUTH are being retired\n\n")
		for _, date := range catalogue.RetirementDates {
			fmt.Fprintf(&b, "- %s\n", text(date))
		}
	}
	b.WriteString("\n## Sources\n\n")
	for _, s := range c.Sources {
		fmt.Fprintf(&b, "- %s\n", source(s))
	}
	b.WriteString("\n[All causes](README.md)\n")
	return b.String()
}

// text is prose of the catalogue in which Markdown finds nothing of its own.
func text(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "[", `\[`, "]", `\]`).Replace(s)
}

func source(s string) string {
	if strings.HasPrefix(s, "https://") && !strings.Contains(s, " ") {
		return "<" + s + ">"
	}
	return text(s)
}
