package state_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/tenantsim/state"
)

// The example has something at every place that a state file has, is one, and
// each key that is explained exists.
func TestExampleHasEveryKey(t *testing.T) {
	text, err := json.Marshal(state.Example())
	if err != nil {
		t.Fatal(err)
	}
	read, err := state.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state.Example(), read); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	keys := map[string]bool{}
	tags(reflect.TypeFor[state.State](), keys)
	for key := range keys {
		if key == "location" || key == "certificate" || key == "aadsts" { // of some kinds of faults; a PEM
			continue
		}
		if !strings.Contains(string(text), `"`+key+`":`) {
			t.Errorf("the example has no %s", key)
		}
	}
	for _, k := range state.Keys {
		for key := range strings.SplitSeq(k.Key, ",") {
			if !keys[strings.TrimSpace(key)] {
				t.Errorf("there is no key %s", key)
			}
		}
	}
	if len(keys) < 70 {
		t.Errorf("only %d keys", len(keys))
	}
}

func tags(t reflect.Type, keys map[string]bool) {
	switch t.Kind() {
	case reflect.Slice:
		tags(t.Elem(), keys)
	case reflect.Struct:
		for i := range t.NumField() {
			if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag != "" {
				keys[tag] = true
				tags(t.Field(i).Type, keys)
			}
		}
	}
}
