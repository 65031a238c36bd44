package m365

import (
	"context"
	"slices"
	"testing"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A fact without a reader, or a writable one without a setter, is noticed; so
// is a row here that is no fact's.
func TestEveryFactHasItsRows(t *testing.T) {
	writable := 0
	all := slices.Concat(fact.Table, fact.Chain)
	for _, row := range all {
		if readers[row.Name] == nil {
			t.Errorf("%s has no reader", row.Name)
		}
		if (setters[row.Name] != nil) != (row.Write != nil) {
			t.Errorf("%s: setter %v, writable %v", row.Name, setters[row.Name] != nil, row.Write != nil)
		}
		if row.Write != nil {
			writable++
		}
	}
	if len(readers) != len(all) || len(setters) != writable {
		t.Errorf("%d readers for %d facts, %d setters for %d", len(readers), len(all), len(setters), writable)
	}
}

// Both packages call the APIs alike.
func TestNamesOfTheAPIs(t *testing.T) {
	if cloudapi.Graph != fact.APIGraph || cloudapi.Exchange != fact.APIExchange {
		t.Error("cloudapi and fact name the APIs differently")
	}
}

// A reader that crashes leaves an unread fact, and the others as they are.
func TestCrashOfAReader(t *testing.T) {
	tenant := newFake(t).open(t)
	whole := readers[fact.OrgLegacyTLS]
	t.Cleanup(func() { readers[fact.OrgLegacyTLS] = whole })
	readers[fact.OrgLegacyTLS] = func(*reads, context.Context) (fact.Reading, error) { panic("secret") }
	got := tenant.Read(t.Context(), fact.OrgLegacyTLS, fact.OrgSMTPAuth)
	const want = "smtpmend itself failed while reading org.legacy-tls; report it, with the output of --verbose"
	if got[0].Known() || got[0].Error != want || got[1].Value != "off" {
		t.Errorf("evidence = %+v", got)
	}
}
