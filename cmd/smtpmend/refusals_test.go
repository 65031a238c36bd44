package main

import (
	"fmt"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/internal/cloudapi"
)

// A number that the administrator's sign-in knows is one that explain knows, for
// most refusals stay on Entra's page and are pasted from there.
func TestExplainKnowsEachRefusal(t *testing.T) {
	for _, number := range cloudapi.Refusals() {
		if d := diagnose.Text(fmt.Sprintf("AADSTS%d", number)); len(d.Notes) == 0 {
			t.Errorf("AADSTS%d: %s, %s", number, d.Verdict, d.Cause)
		}
	}
}
