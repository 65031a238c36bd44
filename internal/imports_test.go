package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed says which packages of ours each package may import: imports run
// one way, from the command down to the words that everybody shares.
var allowed = map[string][]string{
	"internal/secret":      {},
	"internal/freeport":    {},
	"internal/browsertest": {},
	"internal/fact":        {},
	"internal/ownfile":     {},
	"internal/many":        {"internal/ownfile", "internal/secret"},
	"internal/endpoint":    {},
	"internal/dialogue":    {"internal/secret"},
	"probe":                {"internal/dialogue", "internal/secret"},
	"diagnose/catalogue":   {"internal/dialogue", "internal/fact"},
	"diagnose/words":       {"diagnose/catalogue", "diagnose/words/signs", "internal/dialogue"},
	"diagnose/words/signs": {"diagnose/catalogue"},
	"diagnose/logs":        {"diagnose/words"},
	"internal/cases":       {"diagnose/catalogue"},
	"diagnose":             {"diagnose/catalogue", "diagnose/words", "diagnose/words/signs", "internal/dialogue", "internal/fact", "probe"},
	"internal/powershell":  {"diagnose/catalogue", "internal/endpoint"},
	"remediate":            {"internal/fact", "internal/ownfile", "probe", "diagnose", "diagnose/catalogue"},
	"internal/cloudapi":    {"internal/endpoint", "internal/secret"},
	"internal/inventory":   {"diagnose", "diagnose/catalogue", "diagnose/words", "internal/fact"},
	"internal/m365":        {"internal/inventory", "internal/cloudapi", "internal/endpoint", "internal/fact"},
	"internal/oauth":       {"diagnose/catalogue", "diagnose/words", "internal/cloudapi", "internal/endpoint", "internal/secret"},
	"internal/front":       {"internal/dialogue", "internal/secret"},
	"internal/tenantsim": {"internal/endpoint", "internal/front", "internal/tenantsim/exchange", "internal/tenantsim/graph", "internal/tenantsim/reports",
		"internal/tenantsim/signin", "internal/tenantsim/state", "internal/tenantsim/submission",
		"internal/tenantsim/timeline", "internal/tenantsim/web"},
	"internal/tenantsim/state":      {"internal/fact", "internal/front"},
	"internal/tenantsim/timeline":   {"internal/tenantsim/state"},
	"internal/tenantsim/token":      {"internal/tenantsim/state"},
	"internal/tenantsim/submission": {"internal/front", "internal/tenantsim/state", "internal/tenantsim/timeline", "internal/tenantsim/token"},
	"internal/tenantsim/web": {"internal/endpoint", "internal/secret", "internal/tenantsim/state", "internal/tenantsim/timeline",
		"internal/tenantsim/token"},
	"internal/tenantsim/reports":  {"internal/tenantsim/state", "internal/tenantsim/web"},
	"internal/tenantsim/signin":   {"internal/tenantsim/state", "internal/tenantsim/token", "internal/tenantsim/web"},
	"internal/tenantsim/graph":    {"internal/fact", "internal/tenantsim/state", "internal/tenantsim/web"},
	"internal/tenantsim/exchange": {"internal/tenantsim/state", "internal/tenantsim/web"},
	"internal/listen":             {"diagnose", "diagnose/catalogue", "diagnose/words", "internal/dialogue", "internal/front", "internal/secret", "probe"},
	"internal/view/safe":          {},
	"internal/view/report":        {"internal/view/safe"},
	"internal/view": {"diagnose", "diagnose/catalogue", "diagnose/logs", "diagnose/words", "diagnose/words/signs", "internal/fact", "internal/inventory", "internal/listen", "internal/powershell",
		"internal/view/report", "internal/view/safe", "probe", "remediate"},
	"internal/terminal":   {},
	"internal/stand":      {"internal/listen", "internal/view/safe"},
	"internal/lab":        {"internal/endpoint", "internal/tenantsim", "internal/view/safe"},
	"internal/wiretest":   {"internal/dialogue"},
	"internal/licences":   {},
	"internal/manual":     {},
	"internal/causepages": {"diagnose/catalogue", "internal/powershell"},
	"cmd/smtpmend": {"internal/inventory", "internal/view", "internal/view/report", "internal/view/safe", "internal/lab", "internal/many", "internal/stand", "internal/terminal", "diagnose", "diagnose/catalogue", "diagnose/logs", "diagnose/words", "internal/endpoint", "internal/fact", "internal/listen",
		"internal/m365", "internal/oauth", "internal/powershell", "internal/secret", "internal/tenantsim", "probe", "remediate"},
}

// confined names imports that belong in one package, by prefix.
var confined = map[string]string{
	"github.com/microsoftgraph/":     "internal/m365",
	"github.com/microsoft/kiota":     "internal/m365",
	"github.com/Azure/":              "internal/cloudapi",
	"github.com/spf13/":              "cmd/smtpmend",
	"golang.org/x/term":              "internal/terminal",
	"github.com/AzureAD/":            "internal/cloudapi",
	"github.com/emersion/go-smtp":    "probe",
	"github.com/emersion/go-sasl":    "probe",
	"github.com/emersion/go-message": "diagnose/logs",
}

func TestImportsRunOneWay(t *testing.T) {
	seen := 0
	for pkg, imports := range ownImports(t) {
		permitted, known := allowed[pkg]
		if !known {
			t.Errorf("package %s is not in the table", pkg)
		}
		for _, path := range imports {
			if own, ok := strings.CutPrefix(path, "smtpmend/"); ok {
				seen++
				if !slices.Contains(permitted, own) {
					t.Errorf("%s may not import %s", pkg, own)
				}
				continue
			}
			for prefix, home := range confined {
				if strings.HasPrefix(path, prefix) && pkg != home {
					t.Errorf("%s may not import %s, which belongs in %s", pkg, path, home)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no imports were found")
	}
}

// diagnose is pure: it has no way to the network, the clock's tick or files.
func TestDiagnoseIsPure(t *testing.T) {
	imports := ownImports(t)
	for _, path := range slices.Concat(imports["diagnose"], imports["diagnose/catalogue"], imports["diagnose/words"], imports["diagnose/words/signs"], imports["diagnose/logs"]) {
		if slices.Contains([]string{"net", "net/http", "os", "os/exec", "crypto/tls", "io/fs"}, path) {
			t.Errorf("diagnose imports %s", path)
		}
	}
}

// ownImports maps each package of the module, tests left out, to what it
// imports.
func ownImports(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".."):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg = filepath.ToSlash(pkg)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all[pkg] = append(all[pkg], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
