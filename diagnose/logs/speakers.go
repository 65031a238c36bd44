package logs

import "bytes"

// A voice is who speaks in a line of a dialogue.
type voice int

const (
	byNobody voice = iota
	byServer
	byClient
)

// speakers are the marks of who speaks. A quotation has one of them, too: a
// client's ">" counts where a command follows.
var speakers = []struct {
	mark  string
	voice voice
}{
	{"SERVER -> CLIENT: ", byServer}, {"CLIENT -> SERVER: ", byClient}, // PHPMailer
	{"S: ", byServer}, {"C: ", byClient}, // MailKit, nodemailer
	{"<-- b", byServer}, {"--> b", byClient}, // email-oauth2-proxy
	{"<-- ", byServer}, {"--> ", byClient}, // msmtp
	{"<~* ", byServer}, {"<** ", byServer}, {"<~ ", byServer}, {"<- ", byServer}, {"-> ", byClient}, {"~> ", byClient}, // swaks
	{"reply: b", byServer}, {"reply: ", byServer}, {"send: b", byClient}, {"send: ", byClient}, // smtplib
	{"RECEIVED: ", byServer}, {"SENT: ", byClient}, // hMailServer
	{"SMTP<< ", byServer}, {"SMTP>> ", byClient}, {"<< ", byServer}, {">> ", byClient}, // Exim
	{"Rx '", byServer}, {"Tx '", byClient},
	{"<<< ", byServer}, {">>> ", byClient}, // sendmail -v
	{"< ", byServer}, {"> ", byClient}, // curl
}

var commands = []string{"EHLO", "HELO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT", "RSET", "NOOP", "STARTTLS"}

// spokenBy takes the mark of who speaks off a line.
func spokenBy(text []byte) (words []byte, who voice) {
	text = bytes.TrimLeft(text, " \t")
	for _, s := range speakers {
		rest, ok := bytes.CutPrefix(text, []byte(s.mark))
		if !ok {
			continue
		}
		rest = bytes.TrimLeft(rest, " '\"")
		if s.mark == "> " && !isCommand(rest) {
			break
		}
		return rest, s.voice
	}
	return text, byNobody
}

func isCommand(words []byte) bool {
	for _, c := range commands {
		if len(words) >= len(c) && bytes.EqualFold(words[:len(c)], []byte(c)) {
			return true
		}
	}
	return nameIn(string(words)) != ""
}
