package view

import (
	"strconv"
	"strings"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/inventory"
)

// An inventoried is the answer of inventory for one mailbox.
type inventoried struct {
	inventory.Row
	next string
}

// Inventoried is the answer of inventory for one mailbox: an object in JSON, a
// line in a table. As text the mailboxes come with InventoryTaken.
func Inventoried(r inventory.Row, next NextCommand) Answer {
	v := inventoried{Row: r}
	if r.OnlyRefused() {
		v.next, _ = next("diagnose", r.Mailbox)
	}
	return v
}

type inventoryBody struct {
	Mailbox   string              `json:"mailbox"`
	UPN       string              `json:"upn"`
	Kind      *string             `json:"kind"` // null here and below is unread
	Switch    *string             `json:"switch"`
	Effective *string             `json:"effective"`
	Policy    *string             `json:"policy"`
	Licence   *string             `json:"licence"`
	Account   *string             `json:"account"`
	Used      usedBody            `json:"used"`
	Affected  *bool               `json:"affected"`
	Blockers  []catalogue.Code    `json:"blockers"`
	Ways      []inventory.WayName `json:"ways"`
}

type usedBody struct {
	Basic        *int           `json:"basic"`
	OAuth        *int           `json:"oauth"`
	Failed       *int           `json:"failed"`
	Counted      inventory.Unit `json:"counted"` // what basic counts: sign-ins, messages
	Undetermined int            `json:"undetermined"`
	SMTPApp      *bool          `json:"smtp_app"`
	Last         *string        `json:"last"`
	LastFailed   *string        `json:"last_failed"`
	Devices      []deviceBody   `json:"devices"`
	MoreDevices  bool           `json:"more_devices"`
	Failures     []failureBody  `json:"failures"`
}

type deviceBody struct {
	Address string  `json:"address"`
	Basic   int     `json:"basic"`
	Failed  int     `json:"failed"`
	Last    *string `json:"last"`
}

type failureBody struct {
	Code       int              `json:"code"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Count      int              `json:"count"`
}

func (v inventoried) envelope() Envelope {
	b := inventoryBody{
		Mailbox: v.Mailbox, UPN: v.Principal, Kind: read(v.Kind), Switch: read(v.Switch), Effective: read(v.Effective),
		Policy: read(v.Policy), Licence: read(v.Licence), Account: read(v.Account),
		Affected: v.Affected, Blockers: listed(v.Blockers), Ways: listed(v.Ways),
		Used: usedBody{
			Basic: v.Used.Basic, OAuth: v.Used.OAuth, Failed: v.Used.Failed, Counted: v.Used.Counted,
			Undetermined: v.Used.Undetermined, SMTPApp: v.Used.SMTPApp,
			Last: stamp(v.Used.Last), LastFailed: stamp(v.Used.LastFailed), MoreDevices: v.Used.MoreDevices,
			Devices: []deviceBody{}, Failures: []failureBody{},
		},
	}
	for _, d := range v.Used.Devices {
		b.Used.Devices = append(b.Used.Devices, deviceBody{d.Address, d.Basic, d.Failed, stamp(d.Last)})
	}
	for _, f := range v.Used.Failures {
		b.Used.Failures = append(b.Used.Failures, failureBody{f.Code, f.Cause, listed(f.Candidates), f.Count})
	}
	return Envelope{Body: b, Next: v.next}
}

// text is empty: rows of text are set as one table.
func (inventoried) text(*page, int) {}

// read is a value, null where it was not read.
func read(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// stamp is a time as RFC 3339, null for none.
func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339)
	return &text
}

// inventoryColumns are those of the table.
var inventoryColumns = []string{
	"mailbox", "upn", "kind", "switch", "effective", "policy", "licence", "account", "basic", "oauth", "failed", "counted", "smtp_app",
	"last", "last_failed", "devices", "failures", "affected", "blockers", "ways",
}

// An inventoryHead is the first line of the table.
type inventoryHead struct{}

// InventoryHead is what stands above the rows of a table; it is nothing in any
// other form.
func InventoryHead() Answer { return inventoryHead{} }

func (inventoryHead) envelope() Envelope { return Envelope{Bare: true, Body: struct{}{}} }
func (inventoryHead) text(*page, int)    {}
func (inventoryHead) table() [][]string  { return [][]string{inventoryColumns} }

func (v inventoried) table() [][]string {
	devices, failures := make([]string, len(v.Used.Devices)), make([]string, len(v.Used.Failures))
	for i, d := range v.Used.Devices {
		devices[i] = d.Address
	}
	for i, f := range v.Used.Failures {
		failures[i] = failureWords(f) + " " + strconv.Itoa(f.Count)
	}
	ways := make([]string, len(v.Ways))
	for i, w := range v.Ways {
		ways[i] = string(w)
	}
	return [][]string{{
		v.Mailbox, v.Principal, v.Kind, v.Switch, v.Effective, v.Policy, v.Licence, v.Account,
		count(v.Used.Basic), count(v.Used.OAuth), count(v.Used.Failed), string(v.Used.Counted), yesNo(v.Used.SMTPApp),
		timeCell(v.Used.Last), timeCell(v.Used.LastFailed), strings.Join(devices, "; "), strings.Join(failures, "; "), yesNo(v.Affected), strings.Join(Codes(v.Blockers), "; "), strings.Join(ways, "; "),
	}}
}

// failureWords is the cause where the code names one, else the code.
func failureWords(f inventory.Failure) string {
	if f.Cause != "" {
		return string(f.Cause)
	}
	return "AADSTS" + strconv.Itoa(f.Code)
}

func timeCell(t time.Time) string {
	if s := stamp(t); s != nil {
		return *s
	}
	return ""
}

// count is a number, "" for one that was not read.
func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}
