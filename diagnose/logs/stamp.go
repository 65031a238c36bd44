package logs

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A stamp is a time as a log has it. Its year is 0 where the log has none, its
// zone "" likewise.
type stamp struct {
	year, month, day     int
	hour, minute, second int
	weekday              int    // 1 for Monday, 0 where the log has none
	half                 bool   // with AM or PM
	fraction             string // of the second, with its point
	zone                 string // "Z", "+01:00"
}

func (s stamp) known() bool { return s.month > 0 }

// String is the time in RFC 3339, with a zone only where the log has one; ""
// for none.
func (s stamp) String() string {
	if !s.known() || s.year == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d%s%s", s.year, s.month, s.day, s.hour, s.minute, s.second, s.fraction, s.zone)
}

// seconds orders stamps; one without a zone counts as UTC.
func (s stamp) seconds() int64 {
	t := time.Date(max(s.year, 1), time.Month(s.month), s.day, s.hour, s.minute, s.second, 0, time.UTC)
	if len(s.zone) == len("+01:00") {
		h, _ := strconv.Atoi(s.zone[1:3]) // digits: see zoneAt
		m, _ := strconv.Atoi(s.zone[4:])
		off := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
		if s.zone[0] == '+' {
			off = -off
		}
		t = t.Add(off)
	}
	return t.Unix()
}

// A calendar knows what the stamps of a log leave out.
type calendar struct {
	newest   time.Time // nothing in the log is later, but for a day
	dayFirst bool      // 3/12 is in December
}

// dated fills in a year: the one that a day of the week allows, and otherwise
// the last in which the time is not later than the log itself.
func (c *calendar) dated(s stamp) stamp {
	if !s.known() || s.year != 0 {
		return s
	}
	latest := c.newest.Add(24 * time.Hour)
	for back := range 28 { // after which the days of the week come back
		s.year = latest.Year() - back
		t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, 0, time.UTC)
		if !t.After(latest) && t.Day() == s.day && (s.weekday == 0 || (int(t.Weekday())+6)%7+1 == s.weekday) {
			return s
		}
	}
	s.year = 0
	return s
}

// near fills in the year that brings the stamp closest to t.
func near(s stamp, t time.Time) stamp {
	if !s.known() || s.year != 0 {
		return s
	}
	best := time.Duration(1<<63 - 1)
	year := 0
	for y := t.Year() - 1; y <= t.Year()+1; y++ {
		s.year = y
		if d := time.Unix(s.seconds(), 0).Sub(t).Abs(); d < best {
			best, year = d, y
		}
	}
	s.year = year
	return s
}

// A layout is one way to write a time. Letters stand for numbers of one or two
// digits: D day, M month, h hour, m minute, s second; Y is a year of four, Mon
// and Www are names. A blank stands for any number of them, everything else for
// itself. Behind a layout may follow a fraction, AM or PM, and a zone.
var layouts = []string{
	"Y-M-DTh:m:s", "Y-M-D h:m:s", "Mon D h:m:s", "Y/M/D h:m:s", "YMD-h:m:s", "Y.M.D h:m:s",
	"Www Mon D h:m:s Y", "Www Mon D h:m:s", "Www, D Mon Y h:m:s", "D Mon Y h:m:s", "Mon D, Y h:m:s", "Mon D, Y, h:m:s", "Mon D Y h:m:s",
	"D/Mon/Y:h:m:s", "D/Mon/Y h:m:s", "D-Mon-Y h:m:s", "D.M.Y h:m:s", "D.M.Y, h:m:s",
	"#/#/Y h:m:s", "#/#/Y, h:m:s", "#/#/Y-h:m:s", "D-M-Y h:m:s",
	"Y-M-D_h:m:s", "Y-M-D, h:m:s", "YMDTh:m:s", "YMD h:m:s", "Y-M-D-h:m:s", "#/#/Y h:m", "#/#/Y, h:m", "Y-M-D h:m",
}

const (
	months   = "janfebmaraprmayjunjulaugsepoctnovdec"
	weekdays = "montuewedthufrisatsun"
)

// nameAt returns which of the names of three letters b begins with, from 1.
func nameAt(b []byte, names string) int {
	if len(b) < 3 || b[0] < 'A' {
		return 0
	}
	low := [3]byte{b[0] | 0x20, b[1] | 0x20, b[2] | 0x20}
	for i := 0; i < len(names); i += 3 {
		if names[i] == low[0] && names[i+1] == low[1] && names[i+2] == low[2] {
			return i/3 + 1
		}
	}
	return 0
}

// stampAt reads a time at the beginning of b, and its length, 0 for none.
func (c *calendar) stampAt(b []byte) (s stamp, n int) {
	if len(b) < 12 || (b[0] < '0' || b[0] > '9') && nameAt(b, months)+nameAt(b, weekdays) == 0 {
		return s, 0
	}
	for _, l := range layouts {
		if s, n = c.layoutAt(b, l); n > 0 {
			return s, n
		}
	}
	return stamp{}, 0
}

func (c *calendar) layoutAt(b []byte, layout string) (s stamp, n int) {
	i, order := 0, [2]int{}
	number := func(width int) (v int, ok bool) {
		from := i
		for i < len(b) && i < from+width && b[i] >= '0' && b[i] <= '9' {
			v = v*10 + int(b[i]-'0')
			i++
		}
		return v, i > from && (width != 4 || i == from+4)
	}
	for j := 0; j < len(layout); j++ {
		ok := true
		switch l := layout[j]; l {
		case 'Y':
			s.year, ok = number(4)
			ok = ok && s.year > 1969
		case 'M', 'W':
			if l == 'W' || strings.HasPrefix(layout[j:], "Mon") {
				if l == 'W' {
					s.weekday = nameAt(b[i:], weekdays)
					ok = s.weekday > 0
				} else {
					s.month = nameAt(b[i:], months)
					ok = s.month > 0
				}
				i, j = i+3, j+2
				break
			}
			s.month, ok = number(2)
		case 'D':
			s.day, ok = number(2)
		case '#':
			order[0], order[1] = order[1], 0
			order[1], ok = number(2)
		case 'h':
			s.hour, ok = number(2)
		case 'm':
			s.minute, ok = number(2)
		case 's':
			s.second, ok = number(2)
		case ' ':
			from := i
			for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
				i++
			}
			ok = i > from && i < from+3
		default:
			ok = i < len(b) && b[i] == l
			i++
		}
		if !ok || i > len(b) {
			return stamp{}, 0
		}
	}
	if i < len(b) && b[i] >= '0' && b[i] <= '9' {
		return stamp{}, 0
	}
	i += s.tail(b[i:])
	if order[0] > 0 {
		s.month, s.day = order[0], order[1]
		american := s.half || strings.Contains(layout, "Y-h")
		if order[0] > 12 || order[1] <= 12 && (c.dayFirst || !american) {
			s.day, s.month = order[0], order[1]
		}
	}
	if s.month < 1 || s.month > 12 || s.day < 1 || s.day > 31 || s.hour > 23 || s.minute > 59 || s.second > 60 {
		return stamp{}, 0
	}
	return s, i
}

// tail reads what may follow a time: a fraction, AM or PM, a zone.
func (s *stamp) tail(b []byte) (n int) {
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') && b[1] >= '0' && b[1] <= '9' {
		for n = 1; n < len(b) && b[n] >= '0' && b[n] <= '9'; {
			n++
		}
		if n <= 10 {
			s.fraction = "." + string(b[1:n])
		}
	}
	rest := b[n:]
	if len(rest) > 2 && rest[0] == ' ' && (rest[2]|0x20) == 'm' && ((rest[1]|0x20) == 'a' || (rest[1]|0x20) == 'p') {
		s.half = true
		s.hour %= 12
		if rest[1]|0x20 == 'p' {
			s.hour += 12
		}
		n, rest = n+3, rest[3:]
	}
	zone, m := zoneAt(rest)
	s.zone = zone
	return n + m
}

func zoneAt(b []byte) (zone string, n int) {
	blank := 0
	if len(b) > 0 && b[0] == ' ' {
		blank = 1
	}
	z := b[blank:]
	digits := func(z []byte) bool {
		return len(z) >= 2 && z[0] >= '0' && z[0] <= '9' && z[1] >= '0' && z[1] <= '9'
	}
	switch {
	case blank == 0 && len(z) > 0 && z[0] == 'Z':
		return "Z", 1
	case blank == 1 && (bytes.HasPrefix(z, []byte("UTC")) || bytes.HasPrefix(z, []byte("GMT"))):
		return "Z", 4
	case len(z) < 5 || z[0] != '+' && z[0] != '-' || !digits(z[1:]):
		return "", 0
	case z[3] == ':' && digits(z[4:]):
		return string(z[:6]), blank + 6
	case digits(z[3:]):
		return string(z[:3]) + ":" + string(z[3:5]), blank + 5
	}
	return "", 0
}

// dayComesFirst looks in the beginning of a file for a date with slashes whose
// first number can only be a day.
func dayComesFirst(sample []byte) bool { return lateDay().Match(sample) }

var lateDay = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\d/])(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{4}`)
})
