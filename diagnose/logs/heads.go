package logs

// heads lists how lines of logs begin; the first that fits is taken. A field is
// one word: time in any layout of stamp.go (syslog:
// one that lacks a year or has a zone), host, program, pid, thread, session,
// device, container, server, level, exim (a message id), n (a number), any
// (blanks included). To add a shape, see ARCHITECTURE.md.
var heads = []head{
	{template: `{time} {host} {program}[{pid}]: {text}`, nested: true},
	{template: `{time} host={server} {text}`, dialect: msmtp},
	{template: `{time} [{pid}] {exim} {text}`, dialect: exim},
	{template: `{time} {exim} {text}`, dialect: exim},
	{template: `{time}: SMTP ({session}) {text}`, dialect: oauthProxy},
	{template: `"{event}"	{thread}	{session}	"{time}"	"{server}"	"{text}`, dialect: hMailServer},
	{template: `{time},{any},{session},{n},{device},{server},{event},{text}`, dialect: sendConnector},
	{template: `{time} {server} Outbound{event} {any} {device} {any} {n} {text}`, dialect: iis},
	{template: `[{time}] {level} [{session}] {text}`},
	{template: `[{time}][{any}][{level}] {text}`},
	{template: `{time} stdout F {text}`, nested: true},
	{template: `{time} stderr F {text}`, nested: true},
	{template: `{syslog} {host} {program}: {text}`, nested: true},
	{template: `<{n}>{text}`, nested: true},
	{template: `1 {time} {host} {program} {any} {any} {any} {text}`},
	{template: `{container} | {text}`, nested: true},
	{template: ` {pid} SMTP{event} {text}`, dialect: eximDebug},
	{template: `> {time} {text}`, loose: true},
	{template: `[{time}] {text}`, loose: true},
	{template: `[{time}]: {text}`, loose: true},
	{template: `{time} [{thread}] {text}`, loose: true},
	{template: `{time}: {text}`, loose: true},
	{template: `{time} {text}`, loose: true},
	{template: `{time}	{text}`, loose: true},
	{template: `{time}|{text}`, loose: true},
	{template: `{time} - {text}`, loose: true},
	{template: `ts={time} {text}`},
	{template: `time={time} {text}`},
	{template: `time="{time}" {text}`},
}
