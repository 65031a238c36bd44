package logs

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"smtpmend/diagnose/words"
)

// A column of an export of the sign-in log, by what it is called in the Entra
// portal, in Graph and in Log Analytics, in small letters without blanks and
// signs. The first that is there counts.
var columns = map[string][]string{
	"user":    {"userprincipalname", "username", "user", "upn", "signinidentifier", "identity"},
	"app":     {"clientappused", "clientapp"},
	"code":    {"signinerrorcode", "errorcode", "statuserrorcode", "resulttype", "status"},
	"reason":  {"failurereason", "statusfailurereason", "resultdescription"},
	"time":    {"createddatetime", "date", "timegenerated", "dateutc", "timegeneratedutc", "createddatetimeutc", "time"},
	"address": {"ipaddress", "calleripaddress"},
	"session": {"correlationid", "requestid", "id", "originalrequestid"},
}

// columnName reduces the name of a column to what it is known by.
func columnName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return -1
	}, name)
}

// isSubmission reports whether a client app is that of a submission: Entra has
// both names for it.
func isSubmission(app string) bool {
	app = strings.TrimSpace(app)
	return strings.EqualFold(app, "Authenticated SMTP") || strings.EqualFold(app, "SMTP")
}

// signIn makes the event of a record of a submission's sign-in. cell returns
// what stands in a column, "" where there is none; utc is true where the
// export says that its times are UTC.
func signIn(cell func(string) string, c *calendar, utc bool) Event {
	e := Event{Mailbox: strings.ToLower(cell("user")), Device: cell("address"), Session: cell("session")}
	code, reason := strings.TrimSpace(cell("code")), strings.TrimSpace(cell("reason"))
	number, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(code), "AADSTS"))
	switch {
	case err == nil && number == 0, err != nil && strings.EqualFold(code, "success"):
		e.Meaning = words.Meaning{Verdict: words.Healthy}
	case err == nil:
		said := strings.TrimSuffix("AADSTS"+strconv.Itoa(number)+": "+oneLine(reason), ": ")
		e.Meaning = words.SignInCode(number)
		if m, _, ok := words.InLog(said); ok && e.Allows(m) {
			e.Meaning = m // the reason tells more
		}
		e.Reply = words.Reply{Text: said}
	default:
		e.Meaning, _, _ = words.InLog(reason)
		if e.Verdict == "" || e.Verdict == words.Healthy {
			e.Meaning = words.Meaning{Verdict: words.Unknown}
		}
		e.Reply.Text = reason
	}
	if at, n := c.stampAt([]byte(strings.TrimSpace(cell("time")))); n > 0 {
		if at.zone == "" && utc {
			at.zone = "Z"
		}
		e.setTime(c.dated(at))
	}
	return e
}

// maxRecord bounds a record of an export.
const maxRecord = 1 << 20

var errRecord = errors.New("a record is longer than 1 MiB")

// A rationed reader gives no more than maxRecord octets, and what was read
// ahead, from one refill to the next, and counts line ends.
type rationed struct {
	in    io.Reader
	left  int
	lines int
	ends  []int64 // offsets of the line ends that are not counted yet
	read  int64
}

func (r *rationed) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRecord
	}
	n, err := r.in.Read(p[:min(len(p), r.left)])
	for i, c := range p[:n] {
		if c == '\n' {
			r.ends = append(r.ends, r.read+int64(i))
		}
	}
	r.left -= n
	r.read += int64(n)
	return n, err
}

func (r *rationed) refill() { r.left = maxRecord }

// line returns the number of the line in which an offset lies.
func (r *rationed) line(offset int64) int {
	i := 0
	for i < len(r.ends) && r.ends[i] < offset {
		i++
	}
	r.lines += i
	r.ends = append(r.ends[:0], r.ends[i:]...)
	return r.lines + 1
}

// broken says where an export cannot be read on.
func broken(what string, line int, err error) error {
	if errors.Is(err, errRecord) {
		return &FormatError{"an export in which " + errRecord.Error() + " (line " + strconv.Itoa(line) + ")", "export it anew"}
	}
	return &BrokenError{what, line, err}
}

// A BrokenError says that an export cannot be read on.
type BrokenError struct {
	What string // "CSV", "JSON"
	Line int
	Err  error
}

func (e *BrokenError) Error() string {
	return "from line " + strconv.Itoa(e.Line) + " on it is no " + e.What + ": " + e.Err.Error()
}

func (e *BrokenError) Unwrap() error { return e.Err }
