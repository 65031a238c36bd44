//go:build powershell

package powershell

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// PowerShell's grammar takes every block. It needs Node.js with npm, and fetches
// tree-sitter and its grammar from the npm registry.
func TestGrammar(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/treesitter")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")

	// What users got to see once; a parser that takes it proves nothing.
	broken := []string{
		"Invoke-MgGraphRequest -Method GET -Uri '/beta/users/'scanner@contoso.com'/authentication/requirements'",
		"Get-MgAuditLogSignIn -Filter \"userPrincipalName eq ''scanner@contoso.com''",
		"& {\nGet-MgDomain\n",
	}
	scripts := append([]string{}, broken...)
	everyBlock(func(_ string, block []string) { scripts = append(scripts, strings.Join(block, "\n")) })
	scripts = append(scripts, inDocs(t)...)
	input, err := json.Marshal(scripts)
	if err != nil {
		t.Fatal(err)
	}
	var taken []bool
	if err := json.Unmarshal(run(t, dir, input, "node", "parse.cjs"), &taken); err != nil || len(taken) != len(scripts) {
		t.Fatalf("%d answers for %d scripts, %v", len(taken), len(scripts), err)
	}
	for i, ok := range taken {
		if want := i >= len(broken); ok != want {
			t.Errorf("taken: %v\n%s", ok, scripts[i])
		}
	}
	t.Logf("%d blocks", len(scripts)-len(broken))
}

// inDocs are the blocks of the pages that are written by hand.
func inDocs(t *testing.T) (blocks []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(page), "```powershell\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		blocks = append(blocks, block)
	}
	if len(blocks) == 0 {
		t.Fatal("the page has no block")
	}
	return blocks
}

func run(t *testing.T, dir string, input []byte, name string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, bytes.NewReader(input), &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, said.String())
	}
	return out.Bytes()
}
