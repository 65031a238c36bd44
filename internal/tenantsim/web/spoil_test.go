package web

import (
	"slices"
	"testing"

	"smtpmend/internal/tenantsim/state"
)

// Each kind of fault has its row, and each row its kind.
func TestEveryFaultKindHasARow(t *testing.T) {
	var rows []string
	for _, s := range spoilers {
		rows = append(rows, s.kind)
	}
	kinds := slices.Concat(state.FaultKinds, state.KeyFaultKinds, []string{state.RefusedFaultKind})
	slices.Sort(rows)
	slices.Sort(kinds)
	if !slices.Equal(rows, kinds) {
		t.Errorf("rows %q\nkinds %q", rows, kinds)
	}
}
