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

// filterable are the properties of a sign-in that may be filtered by.
var filterable = []string{
	"createdDateTime", "userPrincipalName", "userId", "clientAppUsed", "status/errorCode",
	"conditionalAccessStatus", "appId", "ipAddress", "id", "isInteractive",
}

var filterToken = regexp.MustCompile(`\s*(?:('(?:[^']|'')*')|([()=,:])|([^\s()',:]+))`)

// filterNames reports whether the filter speaks of the property.
func filterNames(text, property string) bool { return strings.Contains(text, property) }

// parseFilter reads the part of OData's filter language that Graph allows on
// sign-ins: comparisons, startsWith, and, or, parentheses, and on beta
// signInEventTypes/any(t: t eq '...').
func parseFilter(text string, beta bool) (filter, *filterError) {
	if strings.TrimSpace(text) == "" {
		return func(map[string]any) bool { return true }, nil
	}
	if !beta && filterNames(text, "signInEventTypes") {
		return nil, &filterError{errNoProperty, "signInEventTypes"}
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
	p := &filterParser{tokens: tokens}
	f := p.or()
	if p.err == "" && len(p.tokens) > 0 {
		p.err = "unexpected '" + p.tokens[0] + "'"
	}
	if p.err != "" {
		return nil, &filterError{errBadFilter, p.err}
	}
	return f, nil
}

type filterParser struct {
	tokens []string
	err    string
}

func (p *filterParser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *filterParser) next() string {
	t := p.peek()
	if len(p.tokens) > 0 {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *filterParser) expect(tokens ...string) {
	for _, want := range tokens {
		if got := p.next(); got != want && p.err == "" {
			p.err = fmt.Sprintf("expected '%s', not '%s'", want, got)
		}
	}
}

func (p *filterParser) or() filter {
	left := p.and()
	for p.err == "" && p.peek() == "or" {
		p.next()
		a, b := left, p.and()
		left = func(r map[string]any) bool { return a(r) || b(r) }
	}
	return left
}

func (p *filterParser) and() filter {
	left := p.term()
	for p.err == "" && p.peek() == "and" {
		p.next()
		a, b := left, p.term()
		left = func(r map[string]any) bool { return a(r) && b(r) }
	}
	return left
}

func (p *filterParser) term() filter {
	switch t := p.next(); {
	case t == "(":
		f := p.or()
		p.expect(")")
		return f
	case strings.EqualFold(t, "startsWith"):
		p.expect("(")
		name := p.property(p.next())
		p.expect(",")
		prefix := p.literal()
		p.expect(")")
		return func(r map[string]any) bool { return strings.HasPrefix(field(r, name), prefix) }
	case t == "signInEventTypes/any":
		p.expect("(", "t", ":", "t", "eq")
		want := p.literal()
		p.expect(")")
		return func(r map[string]any) bool { return strings.Contains(field(r, "signInEventTypes"), "["+want+"]") }
	default:
		name := p.property(t)
		op := p.next()
		want := p.literal()
		if !strings.Contains(" eq ne ge le gt lt ", " "+op+" ") && p.err == "" {
			p.err = "unknown operator '" + op + "'"
		}
		return func(r map[string]any) bool { return compare(field(r, name), op, want) }
	}
}

func (p *filterParser) property(name string) string {
	for _, known := range filterable {
		if known == name {
			return name
		}
	}
	if p.err == "" {
		p.err = "'" + name + "' cannot be filtered by"
	}
	return name
}

func (p *filterParser) literal() string {
	t := p.next()
	if t == "" && p.err == "" {
		p.err = "a value is missing"
	}
	if strings.HasPrefix(t, "'") {
		return strings.ReplaceAll(t[1:len(t)-1], "''", "'")
	}
	// Times hold colons, which the tokens are split at.
	for p.peek() == ":" {
		t += p.next() + p.next()
	}
	return t
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
func compare(have, op, want string) bool {
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
