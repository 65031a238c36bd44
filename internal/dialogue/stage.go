package dialogue

import "strings"

// StageName names a part of a dialogue.
type StageName string

// The stages in the order in which they happen; StageEHLO happens again after
// TLS.
const (
	StageResolve  StageName = "resolve"
	StageConnect  StageName = "connect"
	StageGreeting StageName = "greeting"
	StageEHLO     StageName = "ehlo"
	StageSTARTTLS StageName = "starttls"
	StageTLS      StageName = "tls"
	StageToken    StageName = "token" // before SMTP, at Entra's token endpoint
	StageAuth     StageName = "auth"
	StageMail     StageName = "mail"
	StageRcpt     StageName = "rcpt"
	StageData     StageName = "data"
	StageReset    StageName = "rset"
	StageQuit     StageName = "quit"
)

// opens says which stage a command opens.
var opens = map[string]StageName{
	"EHLO": StageEHLO, "HELO": StageEHLO, "STARTTLS": StageSTARTTLS, "AUTH": StageAuth,
	"MAIL": StageMail, "RCPT": StageRcpt, "DATA": StageData, "BDAT": StageData,
	"RSET": StageReset, "QUIT": StageQuit, "": StageGreeting,
}

// stageOf returns the stage that a line of the client belongs to. What opens
// no stage, such as the answer to a challenge, stays in the one before.
func stageOf(line string, before StageName) StageName {
	if name, ok := opens[Verb(line)]; ok {
		return name
	}
	if before == "" {
		return StageGreeting
	}
	return before
}

// Verb returns the first word of a line of the client in upper case.
func Verb(line string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.ToUpper(word)
}
