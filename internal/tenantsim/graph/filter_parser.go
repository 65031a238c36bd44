package graph

import (
	"fmt"
	"slices"
	"strings"
)

// A filterParser turns tokens into a filter by descending. The first error is
// kept and ends it.
type filterParser struct {
	schema
	tokens  []string
	err     string
	unknown bool // err names a list that the objects do not have
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
	case strings.HasSuffix(t, "/any"):
		name := p.list(strings.TrimSuffix(t, "/any"))
		p.expect("(")
		variable := p.next()
		p.expect(":", variable, "eq")
		want := p.literal()
		p.expect(")")
		return func(r map[string]any) bool {
			list, _ := r[name].([]string)
			return slices.ContainsFunc(list, func(have string) bool { return p.compare(have, "eq", want) })
		}
	default:
		name := p.property(t)
		op := p.next()
		want := p.literal()
		if !strings.Contains(" eq ne ge le gt lt ", " "+op+" ") && p.err == "" {
			p.err = "unknown operator '" + op + "'"
		}
		return func(r map[string]any) bool { return p.compare(field(r, name), op, want) }
	}
}

func (p *filterParser) property(name string) string {
	if !slices.Contains(p.properties, name) && p.err == "" {
		p.err = "'" + name + "' cannot be filtered by"
	}
	return name
}

func (p *filterParser) list(name string) string {
	if !slices.Contains(p.lists, name) && p.err == "" {
		p.err, p.unknown = "'"+name+"' on type 'microsoft.graph."+p.kind+"'", true
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
