package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
)

// The pages in docs are those that the catalogue makes.
func TestPagesAreOfTheCatalogue(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "causes")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept[filepath.Base(file)] = string(text)
	}
	if diff := cmp.Diff(pages(), kept); diff != "" {
		t.Errorf("write them anew: go run ./internal/causepages docs/causes (-made +kept)\n%s", diff)
	}
	if len(kept) != len(catalogue.All())+1 {
		t.Errorf("%d pages for %d causes", len(kept), len(catalogue.All()))
	}
}

// write makes the same in any directory, and leaves nothing of a cause that is
// no more.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "causes")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "gone.md"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(pages()) {
		t.Errorf("%d files, %v", len(files), err)
	}
}
