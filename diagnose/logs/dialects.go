package logs

import (
	"bytes"
	"encoding/json"
	"strings"
)

var postfixClues = []clue{
	{key: "sasl_username=", tells: login},
	{key: "from=<", tells: from, until: ">"},
	{key: "client=", tells: device, until: ","},
}

var eximClues = []clue{
	{key: " <= ", tells: from},
	{key: " A=", tells: login},
	{key: " F=<", tells: from, until: ">"},
	{key: "MAIL FROM:<", tells: from, until: ">"},
}

var sendmailClues = []clue{
	{key: "from=<", tells: from, until: ">"},
	{key: "ctladdr=<", tells: from, until: ">"},
	{key: "authid=", tells: login},
	{key: "relay=", tells: device, until: ","},
}

// clientClues are of programs that submit mail themselves.
var clientClues = []clue{
	{key: "MAIL FROM:", fold: true, tells: from},
	{key: "FROM:<", tells: from, until: ">"}, // IIS has "MAIL - FROM:<"
	{key: "from=", tells: from},
	{key: "sender=", tells: from},
	{key: "user=", tells: login},
	{key: "username=", tells: login},
	{key: "user name=", tells: login},
	{key: "login=", tells: login},
	{key: `User "`, tells: login},
	{key: "EHLO ", fold: true, tells: hello},
	{key: "HELO ", fold: true, tells: hello},
}

// begins are words with which a client, or a server, begins a session. The
// greeting of RFC 5321 section 4.2 is among them, and what leads to a sign-in.
var begins = []string{
	"220 ", "220-", "connection: opening", "=== trying", "*   trying", "* trying", "connecting to", "trying to connect", "[ client connected", "connect smtp",
	"auth login", "auth plain", "auth xoauth2", "334 vxnl", "#log-type", "outboundconnectionresponse",
}

var (
	postfixOut = &dialect{name: "Postfix", clues: postfixClues, take: queued, ends: []string{"status="}, judged: postfixReason,
		strange: []string{"reject:", "milter-reject:"}}
	postfixQuiet = &dialect{name: "Postfix", quiet: true, clues: postfixClues, take: queued}
	exim         = &dialect{name: "Exim", clues: eximClues, take: eximLine, ends: []string{"== ", "** "},
		strange: []string{"<= ", "=> ", " rejected ", "authenticator failed for ", "rejected RCPT", "unexpected disconnection", "no MAIL in SMTP", "syntax or protocol errors"}}
	eximDebug = &dialect{name: "Exim", clues: clientClues, spoken: true}
	sendmail  = &dialect{name: "sendmail", clues: sendmailClues, take: queued, ends: []string{"stat="},
		strange: []string{"ruleset=", "reject=", "AUTH failure", "Milter:", "milter="}}
	msmtp         = &dialect{name: "msmtp", clues: clientClues, whole: true, local: true}
	oauthProxy    = &dialect{name: "email-oauth2-proxy", clues: clientClues, spoken: true, take: proxied}
	hMailServer   = &dialect{name: "hMailServer", clues: clientClues, spoken: true, take: hMailLine}
	sendConnector = &dialect{name: "Exchange", clues: clientClues, spoken: true, take: connectorLine}
	iis           = &dialect{name: "IIS", clues: clientClues, spoken: true, take: iisLine}
	others        = &dialect{name: "another service", quiet: true}
	clients       = &dialect{name: "a client", clues: clientClues, spoken: true, local: true}
	mailq         = &dialect{name: "mailq", whole: true, judged: closedBracket}
	container     = &dialect{name: "a container", clues: clientClues, spoken: true, take: containerLine}
	databaseMail  = &dialect{name: "SQL Database Mail", whole: true, clues: clientClues, take: databaseMailLine, judged: closedBracket}
)

// programs says whose dialect a program of syslog speaks, by its name or the
// last part of it; an instance of Postfix may have any name before the stroke.
var programs = map[string]*dialect{
	"postfix/smtp": postfixOut, "postfix/lmtp": postfixOut, "postfix/error": postfixOut, "postfix/retry": postfixOut,
	"exim": exim, "exim4": exim,
	"sendmail": sendmail, "sm-mta": sendmail, "sm-msp-queue": sendmail, "sendmail-in": sendmail, "sm-mta-tls": sendmail,
	"msmtp": msmtp,
}

// services are programs whose lines say nothing about our submissions, whatever
// they quote.
var services = []string{
	"dovecot", "sshd", "nginx", "amavis", "amavisd", "opendkim", "opendmarc", "spamd", "spamc", "clamd", "clamsmtpd", "clamav-milter",
	"rspamd", "postgrey", "policyd-spf", "policyd", "named", "kernel", "systemd", "systemd-logind", "systemd-resolved", "cron", "crond", "anacron", "fail2ban",
	"fail2ban.actions", "fail2ban.filter", "saslauthd", "imapd", "pop3d", "imap-login", "pop3-login", "courier-imapd", "cyrus", "rsyslogd", "syslog-ng", "sudo", "su",
	"mysqld", "mariadbd", "slapd", "ntpd", "chronyd", "dhclient", "haproxy", "vsftpd", "proftpd", "mailman", "milter-greylist", "mimedefang", "spampd", "openvpn",
	"postfix-policyd", "postsrsd",
}

// dialectOf remembers what programs speak.
func (s *scanner) dialectOf(program []byte) *dialect {
	if d := s.speaks[string(program)]; d != nil {
		return d
	}
	d := dialectOf(program)
	if len(s.speaks) < 256 {
		s.speaks[string(program)] = d
	}
	return d
}

// dialectOf finds the dialect of a program.
func dialectOf(program []byte) *dialect {
	if len(program) == 0 {
		return clients
	}
	name := string(program)
	if d := programs[name]; d != nil {
		return d
	}
	last := name[strings.LastIndexByte(name, '/')+1:]
	if last != name {
		if d := programs["postfix/"+last]; d != nil {
			return d
		}
		if strings.Contains(name, "postfix") || isPostfixService(last) {
			return postfixQuiet
		}
	}
	for _, service := range services {
		if strings.EqualFold(name, service) {
			return others
		}
	}
	return clients
}

func isPostfixService(name string) bool {
	switch name {
	case "smtpd", "qmgr", "cleanup", "pickup", "bounce", "postscreen", "anvil", "tlsmgr", "local", "virtual", "pipe", "trivial-rewrite", "scache", "tlsproxy", "verify", "discard", "dnsblog":
		return true
	}
	return false
}

// queued takes the queue id, as Postfix and sendmail write it, off a line.
func queued(_ *scanner, l *line) {
	text := bytes.TrimPrefix(l.text, []byte("warning: "))
	n := bytes.IndexByte(text[:min(len(text), 32)], ':')
	if n < 6 || len(text) < n+2 || text[n+1] != ' ' {
		return
	}
	digits := 0
	for _, c := range text[:n] {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case !isLetter(c):
			return
		}
	}
	if digits == 0 && n < 10 {
		return // "connect:", "warning:", "NOQUEUE:"
	}
	l.session, l.text = text[:n], text[n+2:]
}

// postfixReason leaves out, of the result of a delivery, what differs from one
// to the next.
func postfixReason(text []byte) []byte {
	relay, delay := bytes.Index(text, []byte(" relay=")), bytes.Index(text, []byte(", delay="))
	status := bytes.Index(text, []byte(" status="))
	if relay < 0 || delay < relay || status < delay {
		return text
	}
	return append(append([]byte{}, text[relay+1:delay+1]...), text[status:]...)
}

// eximLine finds the message id in lines that begin otherwise.
func eximLine(_ *scanner, l *line) {
	if l.session == nil && len(l.text) > 17 {
		for _, n := range []int{16, 23} {
			if len(l.text) > n && l.text[n] == ' ' && isEximID(l.text[:n]) {
				l.session, l.text = l.text[:n], l.text[n+1:]
				return
			}
		}
	}
}

// proxied reads the session of email-oauth2-proxy:
// "192.168.1.30:36607-{[::ffff:192.168.1.2]:25}-outlook.office365.com:587".
func proxied(_ *scanner, l *line) {
	peer, rest, ok := bytes.Cut(l.session, []byte("-{"))
	if !ok {
		return
	}
	if i := bytes.LastIndexByte(peer, ':'); i > 0 {
		l.device = bytes.Trim(peer[:i], "[]")
	}
	if _, host, ok := bytes.Cut(rest, []byte("}-")); ok {
		l.server, _, _ = bytes.Cut(host, []byte(":"))
	}
}

// hMailLine: SMTPC is hMailServer as a client, SMTPD as a server.
func hMailLine(_ *scanner, l *line) {
	if string(l.event) != "SMTPC" {
		l.dialect = others
	}
	l.text = bytes.TrimSuffix(l.text, []byte(`"`))
	l.thread = l.session
}

// connectorLine reads a line of Exchange's protocol log, whose data may be in
// quotes. What is received, a receive connector hears from a stranger.
func connectorLine(s *scanner, l *line) {
	if s.receiving {
		l.dialect = others
		return
	}
	if len(l.text) > 0 && l.text[0] == '"' {
		if end := bytes.LastIndex(l.text, []byte(`",`)); end > 0 {
			l.text = l.text[1:end]
		}
	} else if end := bytes.LastIndexByte(l.text, ','); end > 0 {
		l.text = l.text[:end]
	}
	if i := bytes.LastIndexByte(l.device, ':'); i > 0 {
		l.device = bytes.Trim(l.device[:i], "[]")
	}
}

// iisLine reads the columns of IIS' SMTP service behind the port: method, target
// and query, in which a plus sign stands for a blank.
func iisLine(_ *scanner, l *line) {
	cells := bytes.Fields(l.text)
	if len(cells) < 3 {
		l.dialect = others
		return
	}
	query := bytes.ReplaceAll(cells[2], []byte("+"), []byte(" "))
	l.session = l.server
	if string(l.event) == "ConnectionResponse" {
		l.event, l.text = []byte("<"), query
		return
	}
	l.event, l.text = []byte(">"), append(append(append([]byte{}, cells[0]...), ' '), query...)
}

// databaseMailLine reads the time out of "(Sending Mail using Account 1
// (2016-02-27T08:00:37). Exception Message: ...".
func databaseMailLine(s *scanner, l *line) {
	if i := bytes.Index(l.text, []byte("Sending Mail using Account ")); i >= 0 {
		if j := bytes.IndexByte(l.text[i:], '('); j >= 0 && i+j < len(l.text) {
			if at, n := s.calendar.stampAt(l.text[i+j+1:]); n > 0 {
				l.at = at
			}
		}
	}
}

// containerLine reads a line of Docker's json-file log:
// {"log":"...\n","stream":"stderr","time":"2026-11-20T08:00:01.042Z"}.
func containerLine(s *scanner, l *line) {
	var entry struct{ Log, Time string }
	if json.Unmarshal(l.text, &entry) != nil {
		return
	}
	if at, n := s.calendar.stampAt([]byte(entry.Time)); n > 0 {
		l.at = at
	}
	l.text = []byte(strings.TrimRight(entry.Log, "\n"))
}

// closedBracket drops the brackets that close what a reply stands in.
func closedBracket(text []byte) []byte { return bytes.TrimRight(text, ") .\r\n") }

// contents say whose dialect a line speaks that no head tells.
var contents = []struct {
	words   string
	dialect *dialect
}{
	{"(Sending Mail using Account ", databaseMail},
	{`","stream":"std`, container},
	{" exitcode=EX_", msmtp},
	{" rejected RCPT ", others},
	{" rejected MAIL ", others},
	{" rejected EHLO ", others},
	{" rejected after DATA", others},
	{"authenticator failed for ", others},
	{"NOQUEUE: ", others},
	{"milter-reject:", others},
	{"ruleset=check_", others},
	{`"GET /`, others},
	{`"POST /`, others},
	{`"HEAD /`, others},
}

func contentOf(text []byte) *dialect {
	for _, c := range contents {
		if bytes.Contains(text, []byte(c.words)) {
			return c.dialect
		}
	}
	return nil
}
