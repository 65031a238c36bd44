package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A page is the help of one verb, read.
type page struct {
	words    []string // what is typed: smtpmend, and the verb
	short    string   // one line
	about    []string // lines of running text
	synopsis []string
	examples []string
	commands []entry
	flags    []entry
	topics   []entry // what is typed, and what each is about
	topic    bool    // it is about no verb, and has none of the above but the text
}

// An entry is a name and what is said of it: a verb, or a flag with its value.
type entry struct{ name, text string }

// Where help has a heading, at the beginning of a line.
const (
	headUsage    = "Usage:"
	headExamples = "Examples:"
	headCommands = "Available Commands:"
	headFlags    = "Flags:"
	headGlobal   = "Global Flags:"
	headTopics   = "Additional help topics:"
)

// gap stands between the two columns of a list.
var gap = regexp.MustCompile(`^(\S.*?)\s{2,}(\S.*)$`)

// parse reads help as cobra prints it. A heading or a line that it does not
// know is an error, so that no page silently lacks a part.
func parse(help string) (*page, error) {
	p, head := &page{}, ""
	for line := range strings.Lines(strings.TrimSpace(help)) {
		line = strings.TrimRight(line, "\n")
		switch line {
		case headUsage, headExamples, headCommands, headFlags, headGlobal, headTopics:
			head = line
			continue
		}
		if head == "" {
			p.about = append(p.about, line)
			continue
		}
		if line == "" || strings.HasPrefix(line, `Use "`) {
			continue
		}
		if !strings.HasPrefix(line, "  ") {
			return nil, fmt.Errorf("%q stands below %s", line, head)
		}
		if err := p.add(head, line); err != nil {
			return nil, err
		}
	}
	if len(p.synopsis) == 0 || len(p.flags) == 0 {
		return nil, errors.New("it lacks its usage or its flags")
	}
	return p, nil
}

// add takes a line below a heading.
func (p *page) add(head, line string) error {
	trimmed := strings.TrimSpace(line)
	switch head {
	case headUsage:
		p.synopsis = append(p.synopsis, trimmed)
		return nil
	case headExamples:
		p.examples = append(p.examples, line)
		return nil
	}
	columns := gap.FindStringSubmatch(trimmed)
	if columns == nil {
		return fmt.Errorf("%q below %s has no second column", line, head)
	}
	e := entry{columns[1], columns[2]}
	switch head {
	case headCommands:
		p.commands = append(p.commands, e)
	case headTopics:
		p.topics = append(p.topics, e)
	default:
		p.flags = append(p.flags, e)
	}
	return nil
}
