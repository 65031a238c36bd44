package logs

import (
	"strconv"
	"testing"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// stamps are times as logs have them. The logs are of November 26, 2026.
var stamps = []struct {
	text     string
	dayFirst bool
	want     string
}{
	{"Nov 20 08:00:01 relay1", false, "2026-11-20T08:00:01"},
	{"Nov  2 08:00:01 relay1", false, "2026-11-02T08:00:01"},
	{"Dec 31 23:59:59 relay1", false, "2025-12-31T23:59:59"},
	{"Nov 27 08:00:01 relay1", false, "2026-11-27T08:00:01"}, // a clock that is fast
	{"Nov 29 08:00:01 relay1", false, "2025-11-29T08:00:01"},
	{"Feb 29 08:00:01 relay1", false, "2024-02-29T08:00:01"},
	{"Wed Aug 12 17:12:01  sender", false, "2026-08-12T17:12:01"},
	{"Thu Aug 12 17:12:01  sender", false, "2021-08-12T17:12:01"},
	{"Wed Aug 12 17:12:01 2020", false, "2020-08-12T17:12:01"},
	{"2026-11-20T08:00:01.042Z,x", false, "2026-11-20T08:00:01.042Z"},
	{"2026-11-20 08:00:01,334 ERROR", false, "2026-11-20T08:00:01.334"},
	{"2026-11-20T07:19:56+01:00 nas", false, "2026-11-20T07:19:56+01:00"},
	{"2026-11-20 07:19:56 +0100 x", false, "2026-11-20T07:19:56+01:00"},
	{"2026/11/20 07:19:56 x", false, "2026-11-20T07:19:56"},
	{"20160328-13:43:39  :x", false, "2016-03-28T13:43:39"},
	{"8/12/2025 3:09:32 PM", false, "2025-08-12T15:09:32"},
	{"8/12/2025 3:09:32 PM", true, "2025-12-08T15:09:32"},
	{"15/12/2025 10:30:00 AM", false, "2025-12-15T10:30:00"},
	{"8/12/2025 13:09:32", false, "2025-12-08T13:09:32"},
	{"05/20/2014-22:34:41:: e", false, "2014-05-20T22:34:41"},
	{"20.11.2026 08:00:01", false, "2026-11-20T08:00:01"},
	{"28/Nov/2026:08:00:01 +0100]", false, "2026-11-28T08:00:01+01:00"},
	{"Fri, 20 Nov 2026 08:00:02 +0100 (CET)", false, "2026-11-20T08:00:02+01:00"},
	{"Nov 20, 2026 8:00:01 AM x", false, "2026-11-20T08:00:01"},
	{"12/31/2026, 12:00:01 AM", false, "2026-12-31T00:00:01"},
	{"535 5.7.139 Authentication", false, ""},
	{"192.0.2.17 - - [x]", false, ""},
	{"Mon dieu, quelle heure", false, ""},
	{"2026-13-20 08:00:01", false, ""},
	{"2026-11-20 25:00:01", false, ""},
}

func TestStamps(t *testing.T) {
	for _, tt := range stamps {
		c := &calendar{newest: newest, dayFirst: tt.dayFirst}
		s, _ := c.stampAt([]byte(tt.text))
		if got := c.dated(s).String(); got != tt.want {
			t.Errorf("%q, day first %v: %q, want %q", tt.text, tt.dayFirst, got, tt.want)
		}
	}
}

// TestYearOfTheTag: where Microsoft's tag has the year, that counts, also across
// its end.
func TestYearOfTheTag(t *testing.T) {
	s, _ := (&calendar{}).stampAt([]byte("Dec 31 23:59:58 relay1"))
	if got := near(s, time.Date(2024, 1, 1, 0, 0, 1, 0, time.UTC)).String(); got != "2023-12-31T23:59:58" {
		t.Error(got)
	}
}
