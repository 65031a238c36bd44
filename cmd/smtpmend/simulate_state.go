package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/tenantsim"
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
	if *a.format == "json" {
		return a.answer(struct {
			Schema int              `json:"schema"`
			State  *tenantsim.State `json:"state"`
			Next   string           `json:"next"`
		}{1, state, ""}, nil)
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(a.Out, string(text)); err != nil {
		return unprinted(err)
	}
	p := newPage(false)
	p.prose("", "A state file is JSON: keep what is printed, change it, and start with smtpmend simulate --state FILE. What it leaves out is as in the healthy tenant; lists are replaced as a whole; a key or value that cannot be is refused by name.")
	p.blank()
	for _, k := range tenantsim.StateKeys {
		p.item(fmt.Sprintf("  %-24s ", k.Key), "                           ", k.Means)
	}
	p.blank()
	p.item("  FAULT KINDS  ", "               ", strings.Join(slices.Concat(tenantsim.FaultKinds, tenantsim.KeyFaultKinds), ", "))
	_, err = p.WriteTo(a.Err)
	return unprinted(err)
}
