package main

import (
	"slices"
	"strings"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

// printState prints a state file, so that it can be kept and changed. What its
// keys mean goes to standard error.
func (a *app) printState(s simulation) error {
	state := tenantsim.Example()
	if s.scenario != "" {
		scenario, err := lookupScenario(s.scenario)
		if err != nil {
			return err
		}
		state = scenario.State()
	}
	if err := a.answer(view.State{State: state}); err != nil || *a.format == "json" {
		return err
	}
	keys := view.Passage{}
	for _, k := range tenantsim.StateKeys {
		keys.Rows = append(keys.Rows, [2]string{k.Key, k.Means})
	}
	keys.Rows = append(keys.Rows, [2]string{"FAULT KINDS", strings.Join(slices.Concat(tenantsim.FaultKinds, tenantsim.KeyFaultKinds, []string{tenantsim.RefusedFaultKind}), ", ")})
	return unprinted(view.Tell(a.Err, view.Form{Language: a.language},
		view.Passage{Text: "A state file is JSON: keep what is printed, change it, and start with smtpmend simulate --state FILE. What it leaves out is as in the healthy tenant; lists are replaced as a whole; a key or value that cannot be is refused by name."}, keys))
}
