package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
)

// hostile holds one of each kind that must not reach a terminal: sequences of
// ESC and of C1, DEL, the bidirectional controls, what cannot be seen, and
// what is no UTF-8.
const hostile = "\x1b[31m\x1b]0;owned\a\u009b2J\u009d0;x\u009c\x7f\u202e\u2066\u200b\u00ad\ufeff\u2028\U000e0041\xff"

// shellish is what one shell or another runs where it is not in the right
// quotes, among them the quotes of typographers, which PowerShell obeys.
const shellish = "PWN’;|&{touch PWNED}#\"'`touch PWNED`$(touch PWNED)%PATH%!x^y‘“”„‚‛\\"

// overlong are words of which each line that is set from them could begin with
// the name of the program.
var overlong = strings.Repeat("smtpmend PWN"+strings.Repeat("x", 55)+" Remove-Mailbox PWN"+strings.Repeat("y", 48)+" ", 3)

// evil is all of it, with lines that look like ours.
var evil = "PWN " + hostile + "\r\x1b[K\x1b[1mPWN! " + shellish + "\n    smtpmend PWN --yes\r\n    touch PWNED\u0085    & {\n" + overlong

// evilName can be a file's, evilAddress one of a mailbox.
var (
	evilName    = strings.NewReplacer("/", "", "\x00", "").Replace("PWN" + hostile + shellish + "\n    smtpmend PWN")
	evilAddress = "PWN’|&{touch}#`id`$!^%*~=?@contoso.com"
)

// A speaker answers as Microsoft does, and says words behind each reply.
type speaker struct {
	words, result string // result is the last reply of the sign-in
	prompt        string // "" for those that are known
	tls           *tls.Config
}

func (s speaker) serve(t *testing.T) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return socket.Addr().String()
}

func (s speaker) talk(conn net.Conn) {
	defer func() { conn.Close() }()
	say := func(code string) {
		all := strings.Split(strings.ReplaceAll(code+" "+s.words, "\r", " "), "\n")
		for i, line := range all {
			switch {
			case i > 0 && i == len(all)-1:
				line = code[:3] + " " + line
			case i > 0:
				line = code[:3] + "-" + line
			case len(all) > 1:
				line = code[:3] + "-" + code[min(4, len(code)):] + line[len(code):]
			}
			fmt.Fprintf(conn, "%s\r\n", line)
		}
	}
	prompt := func(known string) {
		fmt.Fprintf(conn, "334 %s\r\n", base64.StdEncoding.EncodeToString([]byte(cmp.Or(s.prompt, known))))
	}
	say("220 smtp.office365.com")
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "EHLO":
			io.WriteString(conn, "250-smtp.office365.com Hello\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN XOAUTH2\r\n")
			say("250")
		case "STARTTLS":
			say("220 2.0.0")
			secure := tls.Server(conn, s.tls)
			conn, lines = secure, bufio.NewReader(secure)
		case "AUTH":
			prompt("Username:")
			lines.ReadString('\n')
			prompt("Password:")
			lines.ReadString('\n')
			say(s.result)
		case "QUIT":
			say("221 2.0.0")
			return
		case "DATA":
			say("550 5.7.60")
		default:
			say("250 2.1.0")
		}
	}
}

// refusedBySwitch is what the tenant of hostileWorld bears out.
const refusedBySwitch = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."

// A hostileWorld has a tenant whose every name is hostile, and beside it
// servers, files and journals that are.
type hostileWorld struct {
	*world
	dir     string
	servers map[string]string // endpoint files, by what their server does
}

func newHostileWorld(t *testing.T) *hostileWorld {
	state := tenantsim.Default()
	words := strings.ToValidUTF8(evil, "")
	state.Name = words
	for i := range state.Users {
		state.Users[i].DisplayName = words
	}
	state.Users[0].UPN, state.Users[0].AliasSignIn = evilAddress, true
	if err := state.Set(tenantsim.Mailbox, "org.conditional-access", words); err != nil {
		t.Fatal(err)
	}
	state.Users[0].SMTPAuth = "off"
	state.Faults = nil
	w := &hostileWorld{newWorld(t, state), t.TempDir(), map[string]string{}}
	authority := newWireAuthority(t)
	w.trustsPEM(t, authority.pem())
	good := authority.server(t, func(c *x509.Certificate) { c.Subject.CommonName = words })
	for name, s := range map[string]speaker{
		"refuses":  {evil, refusedBySwitch, "", good},
		"unsure":   {evil, "535 5.7.3 Authentication unsuccessful", "", good},
		"unknown":  {evil, "599 9.9.9", "", good},
		"asks":     {evil, "235 2.7.0", evil, good},
		"accepts":  {evil, "235 2.7.0", "", good},
		"imposter": {evil, "235 2.7.0", "", hostileCertificate(t)},
	} {
		text, err := os.ReadFile(w.EndpointFile())
		if err != nil {
			t.Fatal(err)
		}
		text = []byte(strings.Replace(string(text), w.Cloud().SMTP, s.serve(t), 1))
		w.servers[name] = filepath.Join(w.world.dir, name+".json")
		if err := os.WriteFile(w.servers[name], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// hostileCertificate is of nobody that is trusted.
func hostileCertificate(t *testing.T) *tls.Config {
	words := strings.ToValidUTF8(evil, "")
	name := pkix.Name{CommonName: words, Organization: []string{words}, Locality: []string{shellish}}
	return (&wireAuthority{}).server(t, func(c *x509.Certificate) {
		c.Subject, c.DNSNames, c.EmailAddresses = name, []string{"PWN\x1b[1m$(touch PWNED)\n    smtpmend PWN", "`touch PWNED`.example"}, []string{"PWN&|\x1b@x"}
	})
}

func (w *hostileWorld) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// says runs a command line; a person answers what is asked.
func (w *hostileWorld) says(ctx context.Context, person bool, in string, args []string) *printed {
	p := &printed{person: person, shell: args[0] == "__complete"}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &console{
		In: strings.NewReader(in), Out: &p.out, Err: &p.err, Interactive: person, Color: person,
		LookupEnv: func(name string) (string, bool) { v, ok := w.env[name]; return v, ok },
	}
	switch args[0] { // these end once they have said all
	case "simulate":
		c.Out = writer(func(b []byte) (int, error) { cancel(); return p.out.Write(b) })
	case "listen":
		c.Err = writer(func(b []byte) (int, error) {
			if bytes.Contains(b, []byte("listening on")) {
				cancel()
			}
			return p.err.Write(b)
		})
	}
	run(ctx, c, args)
	if i := slices.Index(args, "--report"); i >= 0 {
		p.kept, _ = os.ReadFile(args[i+1])
	}
	return p
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// quoted is text as JSON, without the quotes around it.
func quotedJSON(text string) string {
	b, _ := json.Marshal(strings.ToValidUTF8(text, ""))
	return strings.Trim(string(b), `"`)
}

// Whatever a server, a certificate, a tenant, a journal, a log, a file, its
// name, the environment or the command line says: in no format does any verb
// print it raw, and no command that is printed can be read in two ways.
func TestNothingHostileIsPrinted(t *testing.T) {
	w := newHostileWorld(t)
	t.Chdir(w.dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(w.dir, evilName))
	var commands []string
	var said strings.Builder
	sources, ran := w.sources(t), 0 // -run may choose
	for _, source := range sources {
		t.Run(source.name, func(t *testing.T) {
			ran++
			for name, value := range source.env {
				was, set := w.env[name]
				w.env[name] = value
				t.Setenv(name, value)
				defer func() {
					if delete(w.env, name); set {
						w.env[name] = was
					}
				}()
			}
			for i, line := range source.lines {
				for n, form := range [][]string{nil, nil, {"-v"}, {"-o", "json"}} {
					if !sampled(4*i+n, source.nth) {
						continue
					}
					args := append(append([]string{}, line...), form...)
					if slices.Contains(line, "--") {
						args = append(append([]string{line[0]}, form...), line[1:]...)
					}
					w.SetState(cmp.Or(source.state, w.state).Clone())
					p := w.says(t.Context(), n == 1 || n == 2, source.in, args)
					found, wrong := p.check(len(form) == 2 && line[0] != "help" && !p.shell)
					commands = append(commands, found...)
					for _, problem := range wrong {
						t.Errorf("%d %.200q, person %v: %s", i, args, p.person, problem)
					}
					if p.out.Len()+p.err.Len() == 0 && !slices.Contains(line, "--list") {
						t.Errorf("%d %q says nothing", i, args)
					}
					said.Write(own.ReplaceAll(p.out.Bytes(), nil))
					said.Write(own.ReplaceAll(p.err.Bytes(), nil))
				}
			}
		})
	}
	for _, place := range reached {
		if slower == 1 && ran == len(sources) && !regexp.MustCompile(place).MatchString(said.String()) {
			t.Errorf("nothing hostile came to %s", place)
		}
	}
	pastedInto(t, commands)
}

// reached are places that foreign words came to, lest the test look past them.
var reached = []string{
	`(?m)^ +<  220-.*PWN`, `(?m)^  <~  535-5.7.139 .*PWN`, `334 .*\(PWN`, `(?m)^  \| .*PWN`, `certificate CN=.*PWN`, `not verified: `, `is not "yes"`, `Type "yes" to make this change`,
	`(?m)^  Tenant    PWN`, `(?m)^Undo of the fix for scanner`, `smtpmend undo "a;touch PWNED;b.jsonl" .*--yes`, `(?m)^  Signed in `, `User      signs in as PWN`, `(?m)^  - Conditional Access: .*PWN`, `Type "yes" to put 1 change back`, `put back what had no effect`,
	`"next":"smtpmend undo `, `"powershell":\["& \{"`, `(?m)^    & \{`, `(?m)^For whoever administers`, `last reply: .*PWN`, `\$ smtpmend fix .*DIR`, `(?m)^  Have the shell read`, `(?m)^    \. `,
	`DIR stands for the directory`, `(?m)^  Journal  smtpmend PWN`, `smtpmend undo \./-PWN`,
}

// A hostileSource is where hostile text comes from, and the command lines that
// it gets into.
type hostileSource struct {
	name  string
	in    string            // what is on standard input
	env   map[string]string // beside the world's
	state *tenantsim.State  // before each line, nil for the world's
	nth   int               // of its trials is made, without -every
	lines [][]string
}

func (w *hostileWorld) sources(t *testing.T) []hostileSource {
	const mailbox = tenantsim.Mailbox
	journals := filepath.Join(w.dir, "journals")
	soon := []string{"--poll", "1ms", "--wait", "5ms", "--journal-dir", journals}
	with := func(file string, words ...string) []string { return append(words, "--cloud-file", file) }
	tenant := w.EndpointFile()
	fixing := func(file string, more ...string) []string {
		return with(file, append(append([]string{"fix", mailbox}, soon...), more...)...)
	}
	server := hostileSource{name: "server and tenant", nth: 1, in: "maybe\nyes\nyes\n"}
	for _, file := range append([]string{tenant}, "refuses", "unsure", "unknown", "asks", "accepts", "imposter") {
		if w.servers[file] != "" {
			file = w.servers[file]
		}
		server.lines = append(server.lines,
			with(file, "probe", mailbox), with(file, "probe", mailbox, "--send"), with(file, "diagnose", mailbox), with(file, "diagnose", mailbox, "--for-admin"),
			with(file, "diagnose", mailbox, "--auth", "none"),
			with(file, "verify", mailbox, "--poll", "1ms", "--wait", "5ms"),
			fixing(file, "--report", "kept.html", "--force"), fixing(file, "--report", "kept.md", "--force"), fixing(file, "--powershell"), fixing(file, "--for-admin"), fixing(file, "--yes", "--rollback"))
	}
	paste := hostileSource{name: "pasted text", nth: 1, in: "535 5.7.3 " + evil}
	for _, said := range []string{evil, "535 5.7.3 Authentication unsuccessful " + evil, refusedBySwitch + evil, "535 5.7.3 no\n    smtpmend PWN", "-", "--reply", "$(touch PWNED)"} {
		paste.lines = append(paste.lines, with(tenant, "diagnose", mailbox, "--reply="+said), with(tenant, "diagnose", mailbox, "--for-admin", "--reply="+said, "--tried", time.Now().UTC().Format(time.RFC3339)),
			with(tenant, "diagnose", mailbox, "--auth", "none", "--reply="+said), []string{"explain", "--", said}, []string{"explain", "--for-admin", "--", said})
	}
	paste.lines = append(paste.lines, []string{"explain"}, []string{"explain", "--for-admin"})
	log := hostileSource{name: "log and file name", nth: 1, in: "x 535 5.7.3 " + evil, lines: [][]string{
		{"explain", "--log", w.file(t, evilName, "Nov 26 10:00:00 mx postfix/smtp[1]: 535 5.7.139 "+evil+"\n")}, {"explain", "--log", "-"}, {"explain", "--log", evilName + "x"},
	}}
	args := hostileSource{name: "arguments", nth: 3}
	for _, word := range []string{evil, evilAddress, "-PWN@contoso.com", "--yes-tenant-wide", "\x1b[1mPWN!"} {
		for _, line := range [][]string{
			{"probe", "--", word}, {"fix", "--journal-dir", journals, "--", word}, {"verify", "--wait", "0", "--", word}, {"diagnose", "--", word}, {"fix", "--powershell", "--", word},
			{"diagnose", "--reply", "535 5.7.3 x", "--", word}, {"diagnose", "--reply", "535 5.7.3 x", "--auth", "none", "--for-admin", "--", word}, {"undo", "--", word},
			{"diagnose", mailbox, "--from=" + word}, {"diagnose", mailbox, "--to=" + word}, {"diagnose", mailbox, "--server=" + word}, {"diagnose", mailbox, "--cloud=" + word},
			{"diagnose", mailbox, "--tenant=" + word}, {"diagnose", mailbox, "--client-id=" + word}, {"diagnose", mailbox, "--auth=" + word}, {"fix", mailbox, "--powershell", "--tenant=" + word},
			{"diagnose", mailbox, "--auth-mechanism=" + word}, {"diagnose", mailbox, "--password-file=" + word}, {"diagnose", mailbox, "--reply=x", "--tried=" + word},
			{"fix", mailbox, "--yes=" + word}, {"fix", mailbox, "--journal-dir=" + filepath.Join(w.dir, word, "x")}, {"undo", "--list", "--journal-dir=" + word}, {"undo", "--last", "--journal-dir=" + word},
		} {
			args.lines = append(args.lines, append([]string{line[0]}, append(with(tenant), line[1:]...)...))
		}
		args.lines = append(args.lines, []string{"diagnose", mailbox, "--cloud-file=" + word}, []string{word}, []string{"--" + word}, []string{"-" + word}, []string{"help", word}, []string{"explain", "--log", "--", word},
			[]string{"demo", "--", word}, []string{"simulate", "--scenario=" + word}, []string{"simulate", "--state=" + word}, []string{"simulate", "--smtp-addr=" + word}, []string{"simulate", "--", word},
			[]string{"listen", "--addr=" + word}, []string{"listen", "--name=" + word}, []string{"listen", "--allow=" + word}, []string{"listen", "--cert=" + word, "--key=" + word}, []string{"listen", "--forward", "--server=" + word}, []string{"listen", "--for=" + word},
			[]string{"explain", "-o", word}, []string{"__complete", "undo", "--journal-dir=" + word, ""})
	}
	return []hostileSource{
		server, paste, log, args, w.journalled(t, journals),
		{name: "environment", nth: 1, env: map[string]string{"AZURE_TENANT_ID": evil, "AZURE_CLIENT_ID": evil}, lines: [][]string{
			with(tenant, "diagnose", mailbox), with(tenant, "fix", mailbox), with(tenant, "fix", mailbox, "--powershell"),
		}},
		{name: "more of the environment", nth: 1, env: map[string]string{"SMTPMEND_CLOUD_FILE": evil, "AZURE_CLIENT_CERTIFICATE_PATH": evilName, "HTTPS_PROXY": "://PWN\x1b[1m"}, lines: [][]string{
			{"diagnose", mailbox}, {"fix", mailbox}, {"undo", "--list"}, {"listen", "--forward"}, with(tenant, "diagnose", mailbox),
		}},
		w.files(t), w.labs(t),
	}
}

// journalled has forged journals, and good ones with names that are commands.
func (w *hostileWorld) journalled(t *testing.T, journals string) hostileSource {
	w.run(t.Context(), w.cloud("fix", tenantsim.Mailbox, "--poll", "1ms", "--wait", "5ms", "--journal-dir", journals, "--yes")...)
	made := journalsIn(t, journals)
	if len(made) != 1 {
		t.Fatalf("%d journals\n%s", len(made), w.said.String())
	}
	b, err := os.ReadFile(made[0])
	if err != nil {
		t.Fatal(err)
	}
	good, all := string(b), hostileSource{name: "journals", nth: 1, in: "maybe\nno\n", state: w.State()}
	line := func(words ...string) { all.lines = append(all.lines, w.cloud(words...)) }
	for i, forgery := range []*strings.Replacer{
		strings.NewReplacer(`"tenant":"`, `"tenant":"`+quotedJSON(evil), `"who":"`, `"who":"`+quotedJSON(evil), `"mailbox":"`, `"mailbox":"`+quotedJSON(evil), `"target":"`, `"target":"`+quotedJSON(evil)),
		strings.NewReplacer(`"tenant":"`, `"tenant":"`+quotedJSON(evil), `"mailbox":"`, `"mailbox":"PWN’;$(touch PWNED)`, `"target":"`, `"target":"PWN’;$(touch PWNED)`),
		strings.NewReplacer(`"tenant_id":"`, `"tenant_id":"`+quotedJSON(evil)), strings.NewReplacer(`"state":"`, `"state":"`+quotedJSON(evil)),
		strings.NewReplacer(`"cause":"`, `"cause":"`+quotedJSON(evil)), strings.NewReplacer(`"from":"`, `"from":"`+quotedJSON(evil)), strings.NewReplacer(`"fact":"`, `"fact":"`+quotedJSON(evil)),
	} {
		line("undo", w.file(t, fmt.Sprintf("forged%d.jsonl", i), forgery.Replace(good)))
		line("undo", "--yes", fmt.Sprintf("forged%d.jsonl", i))
	}
	for _, name := range []string{
		"smtpmend PWN --yes-tenant-wide #", "touch PWNED", "-PWN", "--list", "-a.b", "$(touch PWNED)", "`touch PWNED`", "x\n    smtpmend PWN", "’;touch PWNED;’", "a;touch PWNED;b",
		"~", "=ls", "@x", "{a,b}", "*", "%PATH%", "!x", "a^b", "it's", "“x”", "\u202ex", `a\b`, `a\\b`, evilName, "\x1b[1mPWN!",
	} {
		w.file(t, name+".jsonl", good)
		all.lines = append(all.lines, append(w.cloud("undo"), "--", name+".jsonl"))
	}
	line("undo", "--list", "--journal-dir", ".")
	line("undo", "--last", "--journal-dir", ".")
	line("fix", tenantsim.Mailbox, "--journal-dir", ".")
	all.lines = append(all.lines, []string{"__complete", "undo", "--journal-dir", ".", ""})
	return all
}

// files are those of a cloud and of a simulated tenant.
func (w *hostileWorld) files(t *testing.T) hostileSource {
	all := hostileSource{name: "endpoint and state files", nth: 1}
	cloud := map[string]string{
		"name": evil, "smtp": "PWN$(touch)’|&{x}\x1b[1m:25", "login": "https://127.0.0.1:1/", "graph": "https://127.0.0.1:1/PWN`touch`", "exchange": "https://127.0.0.1:1/$(touch)’",
	}
	for _, key := range []string{"", "smtp", "login", "ca_file", "smtp_scope", "PWN\x1b[1m"} {
		cloud["smtp"] = strings.ReplaceAll(cloud["smtp"], "\x1b[1m", "")
		if key != "" {
			cloud[key] = strings.ToValidUTF8(evil, "")
		}
		b, err := json.Marshal(cloud)
		if err != nil {
			t.Fatal(err)
		}
		file := w.file(t, fmt.Sprintf("cloud%s.json", quotedJSON(key)), string(b))
		all.lines = append(all.lines, []string{"probe", tenantsim.Mailbox, "--cloud-file", file}, []string{"diagnose", tenantsim.Mailbox, "--cloud-file", file}, []string{"fix", tenantsim.Mailbox, "--cloud-file", file, "--powershell"})
	}
	for i, text := range []string{
		`{"domain":"` + quotedJSON(evil) + `","name":"` + quotedJSON(evil) + `"}`, `{"tenant_id":"` + quotedJSON(evil) + `"}`, `{"` + quotedJSON(evil) + `":1}`, evil,
		`{"users":[{"id":"0a1b2c3d-0000-4000-8000-00000000abcd","mailbox":"` + quotedJSON(evil) + `@contoso.com","password":"x"}]}`,
		`{"users":[{"id":"0a1b2c3d-0000-4000-8000-00000000abcd","mailbox":"PWN’|$(touch PWNED)@contoso.com","password":"x"}]}`,
	} {
		all.lines = append(all.lines, []string{"simulate", "--state", w.file(t, fmt.Sprintf("state%d.json", i), text)})
	}
	return all
}

// labs are practised in directories whose names are commands.
func (w *hostileWorld) labs(t *testing.T) hostileSource {
	all := hostileSource{name: "practice directories", nth: 1}
	for i, name := range []string{evilName + "-lab", "$(touch PWNED)", "’;touch PWNED;’", "a b;touch PWNED", "-PWN", "x\n    smtpmend PWN", "it's"} {
		if err := os.Mkdir(filepath.Join(w.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		all.lines = append(all.lines, []string{"simulate", "--dir=" + name})
		if i < 3 {
			all.lines = append(all.lines, []string{"demo", "bad-credentials", "--dir=" + name + "-demo"})
		}
	}
	return all
}

// What a device says of itself is a source of its own: it is heard.
func TestNothingHostileOfADevice(t *testing.T) {
	w := newHostileWorld(t)
	var commands []string
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, form := range [][]string{nil, {"-v"}, {"-o", "json"}} {
		for _, forward := range [][]string{nil, {"--forward", "--cloud-file", w.servers["refuses"]}, {"--forward", "--cloud-file", w.EndpointFile()}} {
			s := startStand(t, append(append([]string{"--count", "6"}, form...), forward...)...)
			for _, words := range []string{evil, shellish, evilAddress, "PWN’|&{x}#@contoso.com", "-v@contoso.com", "smtpmend PWN\r\n    smtpmend PWN"} {
				conn, err := net.Dial("tcp", s.addr)
				if err != nil {
					t.Fatal(err)
				}
				line := strings.NewReplacer("\r", " ", "\n", " ").Replace(words)
				fmt.Fprintf(conn, "EHLO %s\r\nMAIL FROM:<%s>\r\nAUTH %s\r\n%s\r\nSTARTTLS\r\n", line, line, line, line)
				if secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "PWN;$(touch).example"}); secure.Handshake() == nil {
					fmt.Fprintf(secure, "EHLO %s\r\nAUTH PLAIN %s\r\nMAIL FROM:<%s>\r\nRCPT TO:<a@example.com>\r\nDATA\r\nFrom: %s\r\n\r\n.\r\nQUIT\r\n", line, b64("\x00"+words+"\x00"+"Paper-Jam-41"), line, line)
					io.Copy(io.Discard, secure)
				}
				conn.Close()
			}
			s.wait()
			p := &printed{}
			p.out.Write(s.out.Bytes())
			p.err.WriteString(s.notes.String())
			found, wrong := p.check(len(form) == 2)
			commands = append(commands, found...)
			for _, problem := range wrong {
				t.Errorf("%q %q: %s", form, forward, problem)
			}
			if !strings.Contains(s.said(), foreignWord) {
				t.Errorf("%q %q: nothing of the device is shown:\n%s", form, forward, s.said())
			}
		}
	}
	pastedInto(t, commands)
}
