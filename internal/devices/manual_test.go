//go:build devices

package devices

// A client is a program, how it is run, and the pages of the manual on it.
//
// In its texts $HOST and $PORT are the stand-in server; $USER, $PASSWORD and
// $TOKEN sign in there, $OTHER is somebody else; $CA is the file with the
// certificate to trust, $HOME the client's own folder, $PROGRAM its path,
// $RELAY a free port, $NODE_MODULES where nodemailer is. $SETTINGS are those
// of a setup. The message comes on standard input.
type client struct {
	Name string
	// Command and the settings in it may give environment variables: A_B=c.
	// Of what is given twice the last one counts.
	Command string
	// Files are templates of testdata that are filled in for $HOME.
	Files []string
	// Folders of $HOME, and the users whom they belong to.
	Folders []folder
	// Daemon runs while Command does, which hands it the message at $RELAY;
	// Stop ends it. Both are "" for a client that is no server.
	Daemon, Stop string
	// Log is where it writes what it does not print, "" for nowhere.
	Log    string
	Setups []setup // the right one first
}

type folder struct{ Name, Owner string }

// A setup is in the client's own words: arguments, or lines of its
// configuration file or program.
type setup struct {
	condition
	Settings string
}

var manual = []client{swaks, curl, msmtp, sendEmail, smtplib, nodemailer, exim, postfix}
