package view

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A source is a room's own Go files.
type source []*ast.File

// parsed are the files of a room, tests, tables of other languages and the table
// of Next left out.
func parsed(t *testing.T, room string) source {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(room), "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no files (%v)", room, err)
	}
	var files source
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_cs.go") || room == "internal/view" && strings.HasPrefix(filepath.Base(path), "next") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// texts are the strings of the room that read like words, each as a format:
// what is joined with them stands as %s. Names of fields and imports are none.
func (s source) texts() []string {
	var all []string
	for _, file := range s {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				n.Tag = nil
			case *ast.BinaryExpr:
				if text, ok := s.joined(n); ok {
					all = append(all, text)
					return false
				}
			case *ast.BasicLit:
				if text, ok := s.joined(n); ok {
					all = append(all, text)
				}
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// joined is an expression of strings as a format, and whether it is one.
func (s source) joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return s.joined(e.X)
	case *ast.Ident:
		return s.constant(e.Name)
	case *ast.BinaryExpr:
		left, ok := s.joined(e.X)
		right, alsoRight := s.joined(e.Y)
		if e.Op != token.ADD || !ok && !alsoRight {
			return "", false
		}
		if !ok {
			left = "%s"
		}
		if !alsoRight {
			right = "%s"
		}
		return left + right, true
	}
	return "", false
}

// constant is a string constant of the room.
func (s source) constant(name string) (string, bool) {
	for _, file := range s {
		for _, d := range file.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				v := spec.(*ast.ValueSpec)
				for i, n := range v.Names {
					if n.Name == name && i < len(v.Values) {
						return s.joined(v.Values[i])
					}
				}
			}
		}
	}
	return "", false
}

// A format is what a function was given to print.
type format struct {
	text     string
	constant bool
	values   int // beside it, -1 where they are spread
}

// printed are the formats that the room gives to the functions; of each, at is
// the place of the format among the arguments.
func (s source) printed(at map[string]int) []format {
	var all []format
	for _, file := range s {
		ast.Inspect(file, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			i, ok := at[called(c)]
			if !ok || i >= len(c.Args) {
				return true
			}
			f := format{values: len(c.Args) - i - 1}
			f.text, f.constant = s.joined(c.Args[i])
			if c.Ellipsis.IsValid() {
				f.values = -1
			}
			all = append(all, f)
			return true
		})
	}
	return all
}

// fields are the texts that the room puts into fields of these names.
func (s source) fields(names ...string) []string {
	var all []string
	for _, file := range s {
		ast.Inspect(file, func(n ast.Node) bool {
			if field, ok := n.(*ast.KeyValueExpr); ok {
				key, named := field.Key.(*ast.Ident)
				text, isText := s.joined(field.Value)
				if named && isText && slices.Contains(names, key.Name) {
					all = append(all, text)
				}
			}
			return true
		})
	}
	return all
}

// called is the last name of a called function.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// wordy reports whether a text holds a word beside its verbs.
func wordy(text string) bool {
	letters := 0
	for _, r := range verb().ReplaceAllString(text, " ") {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			letters++
		} else {
			letters = 0
		}
		if letters == 2 {
			return true
		}
	}
	return false
}
