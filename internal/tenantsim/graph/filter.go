package graph

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"smtpmend/internal/tenantsim/web"
)

// A filter decides whether a record is returned.
type filter func(record map[string]any) bool

// A filterError is what Graph finds wrong with a $filter.
type filterError struct {
	row     graphError
	subject string
}

func (e *filterError) answer() web.Answer { return e.row.answer(e.subject) }

// A schema says what a collection may be filtered by.
type schema struct {
	kind       string   // of its objects, as in microsoft.graph.kind
	properties []string // text, numbers and times
	lists      []string // of text, for any()
	anyCase    bool     // text is compared whatever its case
}

var filterToken = regexp.MustCompile(`\s*(?:('(?:[^']|'')*')|([()=,:])|([^\s()',:]+))`)

// parseFilter reads the part of OData's filter language that Graph allows
// here: comparisons, startsWith, and, or, parentheses, and
// list/any(x: x eq '...').
func (s schema) parseFilter(text string) (filter, *filterError) {
	if strings.TrimSpace(text) == "" {
		return func(map[string]any) bool { return true }, nil
	}
	var tokens []string
	rest := text
	for strings.TrimSpace(rest) != "" {
		m := filterToken.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			return nil, &filterError{errBadFilter, "syntax error at '" + rest + "'"}
		}
		tokens = append(tokens, strings.TrimSpace(rest[:m[1]]))
		rest = rest[m[1]:]
	}
	p := &filterParser{schema: s, tokens: tokens}
	f := p.or()
	if p.err == "" && len(p.tokens) > 0 {
		p.err = "unexpected '" + p.tokens[0] + "'"
	}
	if p.err != "" {
		row := errBadFilter
		if p.unknown {
			row = errNoProperty
		}
		return nil, &filterError{row, p.err}
	}
	return f, nil
}

// field returns a property as text; a path reaches into a nested object.
func field(r map[string]any, name string) string {
	if outer, inner, nested := strings.Cut(name, "/"); nested {
		r, _ = r[outer].(map[string]any)
		name = inner
	}
	return fmt.Sprint(r[name])
}

// compare orders times as times and all else as text.
func (s schema) compare(have, op, want string) bool {
	if s.anyCase {
		have, want = strings.ToLower(have), strings.ToLower(want)
	}
	order := cmp.Compare(have, want)
	if a, err := time.Parse(time.RFC3339, have); err == nil {
		if b, err := time.Parse(time.RFC3339, want); err == nil {
			order = a.Compare(b)
		}
	}
	switch op {
	case "eq":
		return order == 0
	case "ne":
		return order != 0
	case "ge":
		return order >= 0
	case "le":
		return order <= 0
	case "gt":
		return order > 0
	}
	return order < 0
}
