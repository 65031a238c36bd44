package logs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smtpmend/diagnose/words"
)

// TestFiles reads whole files as people and tests of other programs have them.
// Where they come from stands in testdata/files/SOURCES.
func TestFiles(t *testing.T) {
	event := func(line int, at, mailbox, device, session string, verdict words.Verdict, cause words.Code) Event {
		return Event{Line: line, Time: at, Mailbox: mailbox, Device: device, Session: session, Meaning: words.Meaning{Verdict: verdict, Cause: cause}}
	}
	const proxied = "192.168.1.30:36607-{[::ffff:192.168.1.2]:25}-outlook.office365.com:587"
	want := map[string][]Event{
		"emailproxy-printer.log": {event(6, "2024-03-03T19:15:06", "", "192.168.1.30", proxied, words.Unknown, "")},
		"entra-legacy-auth.csv":  {event(2, "2025-12-08T15:09:32", "scanner@contoso.com", "203.0.113.10", "", words.Named, "bad-credentials")},
		"mailq.txt":              {event(2, "2026-08-12T17:12:01", "sender@contoso.com", "", "2FB501B47AC", words.Unsure, "")},
		"ndr-office365-01.eml":   {event(1, "2015-04-29T23:34:45+00:00", "sironeko@example.ed.jp", "", "FFFFFFFF.EEEEEEEE@example.ed.jp", words.Named, "recipient-refused")},
		"synology-ssnotifyd.log": {
			event(2, "2020-12-29T07:20:29+01:00", "", "NAS-216play", "", words.OtherProvider, ""),
			event(4, "2020-12-29T07:22:22+01:00", "", "NAS-216play", "", words.OtherProvider, ""),
		},
		"sysmail_event_log.txt": {
			event(1, "2016-02-27T08:00:37", "", "", "", words.Unsure, ""),
			event(2, "2016-02-29T19:01:53", "", "", "", words.Unsure, ""),
			event(3, "2016-03-03T11:20:24", "", "", "", words.Unsure, ""),
			event(4, "2016-03-03T11:21:24", "", "", "", words.Unsure, ""),
		},
	}
	for name, events := range want {
		f, err := os.Open(filepath.Join("testdata/files", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var got []Event
		if _, err := NewReader().Read("", f, newest, func(e Event) error {
			got = append(got, reduced(e))
			return nil
		}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(events, got, cmpopts.IgnoreUnexported(Event{})); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
}
