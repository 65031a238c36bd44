package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// helpTopics are cobra's additional help topics: commands that do nothing.
func helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What the exit code says", Long: exitCodesHelp},
		{Use: "environment", Short: "Environment variables that smtpmend reads", Long: environmentHelp},
		{Use: "transcript", Short: "The marks in a dialogue with a server", Long: transcriptHelp},
	}
}

const exitCodesHelp = `The exit code is the same in every output format:

  0  can submit (explain: the text is recognised, even where it leaves several
     causes; fix: works now; undo: put back, or nothing to put back; inventory:
     listed)
  1  cannot, the cause is known (fix: planned but not approved, or only a person
     can mend it; undo: shown and not approved; inventory: mailboxes are
     affected, with --fail-on affected)
  2  the command line, or a file named on it, is wrong
  3  cannot, and the cause is not settled or the reply unknown
  4  a fix was refused, failed, or is not effective yet; an undo met drift,
     another tenant, or a write that may still take effect
  5  our own trouble: no admin sign-in, API down, interrupted; inventory with
     --fail-on affected where the lists are not whole

Of many mailboxes the worst counts: 5, then 3, then 1, then 0. A list that the
stop after refused sign-ins ended is 5; after Ctrl-C what is finished counts.

The ordinary end of listen is the code of its last session, and that of simulate
is 0.`

const environmentHelp = `What smtpmend reads from the environment; a flag always wins.

The mailbox's own sign-in:
  SMTPMEND_PASSWORD    the password; --password-file reads it from a file
  SMTPMEND_TOKEN       an OAuth token instead

The same with --oauth, which gets the token itself:
  SMTPMEND_OAUTH_CLIENT_ID
                       the application (client) id of an app of your own
  SMTPMEND_OAUTH_CLIENT_SECRET
                       its secret, or else
  SMTPMEND_OAUTH_CERTIFICATE
                       its certificate and key (PEM or PKCS #12), with
  SMTPMEND_OAUTH_CERTIFICATE_PASSWORD
                       where they have one

The cloud:
  SMTPMEND_CLOUD_FILE  the endpoint file, as --cloud-file; what simulate writes
                       for a shell sets it. --cloud, --cloud-file win over it.

The administrator's sign-in (see --auth):
  AZURE_TENANT_ID      the tenant; where a mailbox is named, that one's
                       (--tenant)
  AZURE_CLIENT_ID      the app registration
  AZURE_CLIENT_SECRET  its secret, or else
  AZURE_CLIENT_CERTIFICATE_PATH
                       its certificate and key (PEM or PKCS #12), with
  AZURE_CLIENT_CERTIFICATE_PASSWORD
                       where they have one
  AZURE_REGIONAL_AUTHORITY_NAME
                       not used: one host of the cloud is asked for tokens
  DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, SSH_TTY
                       whether a browser can be opened here
  HTTPS_PROXY, NO_PROXY
                       the proxy on the way to sign-in, Graph and Exchange, as
                       in http://proxy:3128; mail is submitted without one

The terminal:
  NO_COLOR             no colours, where it is not empty
  TERM                 no colours, where it is dumb
  LC_ALL, LC_MESSAGES, LANG
                       the language (--lang), where standard output is a terminal

The system:
  HOME, XDG_CONFIG_HOME, AppData
                       where journals are kept without --journal-dir:
                       smtpmend/journal in the user's configuration directory
  SUDO_UID, SUDO_GID   whom listen becomes once root has opened its port

A password, secret or token is never taken from a flag: command lines can be
read by others. A browser or az that smtpmend starts inherits none of them.`

const transcriptHelp = `Each line of a dialogue begins with who said it:

   >   this machine said it, or with listen the device
   <   the server said it, or with listen smtpmend in its place
  ~>   the same, protected by TLS
  <~   the same, protected by TLS
   !   how a stage ended where nobody said anything more: a time that ran out,
       a connection that broke, a certificate that does not hold
   -   something that smtpmend noticed

  ****  a password, a token, or what could hold one; it is nowhere printed
  (...) behind a line is what its base64 says, where it is a name or a prompt

The stages are, in their order:

  resolve   the name of the server is looked up
  connect   a connection is made
  greeting  the server says who it is (220)
  ehlo      what the server offers
  starttls  TLS is asked for
  tls       the handshake, and the server's certificate
  token     the token is read before it is sent, where one is used
  auth      the sign-in
  mail      the sender (MAIL FROM)
  rcpt      the recipient (RCPT TO)
  data      the message, with --send alone
  rset      without --send the message is taken back
  quit      the end

A probe without --send delivers nothing.`

// helpful adds the topics, lets help say that there is none of a name, and
// prints flags whose value may be left out as they are typed.
func helpful(root *cobra.Command) {
	root.AddCommand(helpTopics()...)
	usage := root.UsageFunc()
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		var b bytes.Buffer
		out := cmd.OutOrStderr()
		cmd.SetOut(&b)
		err := usage(cmd)
		cmd.SetOut(out)
		fmt.Fprint(out, plainTopics(cmd, plainFlags(b.String())))
		return err
	})
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			cmd.Use, cmd.Short = "help [VERB | TOPIC]", "Help about a verb or a topic"
			cmd.Long = "Help prints what is known about a verb, or about one of the topics\n" + strings.Join(topicWords(), ", ") + "."
			cmd.Run, cmd.RunE = nil, helpAbout
			cmd.ValidArgsFunction = completeTopics
		}
	}
}

func topicWords() []string {
	var all []string
	for _, t := range helpTopics() {
		all = append(all, t.Name())
	}
	return all
}

func helpAbout(cmd *cobra.Command, args []string) error {
	about, rest, err := cmd.Root().Find(args)
	if err != nil || len(rest) > 0 {
		words := topicWords()
		for _, c := range cmd.Root().Commands() {
			if c.IsAvailableCommand() {
				words = append(words, c.Name())
			}
		}
		unknown := args[len(args)-1]
		return usage("there is no help about %q%s", unknown, didYouMean(unknown, words))
	}
	about.InitDefaultHelpFlag()
	about.InitDefaultVersionFlag()
	return about.Help()
}

func completeTopics(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []string
	for _, c := range cmd.Root().Commands() {
		if c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			all = append(all, c.Name()+"\t"+c.Short)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

var (
	flagLine = regexp.MustCompile(`^( +(?:-\w, )?--\S+(?: \S+)?) {3,}(\S.*)$`)
	optional = regexp.MustCompile(` (\S+)\[=true\]$`)
)

// plainFlags writes flags that need no value without one, and those whose
// value may be left out with it in brackets, and aligns them again.
func plainFlags(help string) string {
	var out, names, texts []string
	end := func() {
		widest := 0
		for _, n := range names {
			widest = max(widest, len(n))
		}
		for i, n := range names {
			out = append(out, fmt.Sprintf("%-*s   %s", widest, n, texts[i]))
		}
		names, texts = nil, nil
	}
	for line := range strings.SplitSeq(help, "\n") {
		parts := flagLine.FindStringSubmatch(line)
		if parts == nil {
			end()
			out = append(out, line)
			continue
		}
		name := strings.TrimSuffix(parts[1], "[=true|false]")
		names, texts = append(names, optional.ReplaceAllString(name, "[=$1]")), append(texts, parts[2])
	}
	end()
	return strings.Join(out, "\n")
}

// plainTopics writes the topics as they are typed.
func plainTopics(cmd *cobra.Command, help string) string {
	before, rest, ok := strings.Cut(help, topicsHeading)
	if !ok {
		return help
	}
	_, after, _ := strings.Cut(rest, "\n\n")
	var list strings.Builder
	for _, c := range cmd.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			fmt.Fprintf(&list, "\n  %s help %-*s   %s", cmd.Name(), cmd.NamePadding(), c.Name(), c.Short)
		}
	}
	return before + topicsHeading + list.String() + "\n\n" + after
}

// topicsHeading is cobra's.
const topicsHeading = "Additional help topics:"
