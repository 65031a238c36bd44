// Package lab is a simulated tenant to practise on: it serves one on loopback,
// in a directory that holds what the verbs need to work against it, a file for
// each shell with the made-up passwords among them.
//
// What the tenant answers is package tenantsim's knowledge, what a person reads
// of it package view's.
package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"smtpmend/internal/endpoint"
	"smtpmend/internal/tenantsim"
)

// A Lab is a running tenant and its directory.
type Lab struct {
	*tenantsim.Tenant
	Dir    string // its full path
	Device tenantsim.Device
	State  *tenantsim.State

	passing bool // Dir is gone at the end
}

// Open starts a tenant in dir, which is made, or for "" in a directory that
// Close removes. An error of the directory is a *DirError.
func Open(ctx context.Context, dir string, state *tenantsim.State, device tenantsim.Device, o tenantsim.Options) (*Lab, error) {
	l := &Lab{Device: device, State: state, passing: dir == ""}
	var err error
	if l.passing {
		l.Dir, err = os.MkdirTemp("", "smtpmend-")
	} else if err = os.MkdirAll(dir, 0o700); err == nil {
		if l.Dir, err = filepath.Abs(dir); err == nil {
			err = free(l.Dir)
		}
	}
	if err != nil {
		return nil, &DirError{err}
	}
	o.Dir = l.Dir
	if l.Tenant, err = tenantsim.Start(ctx, state, o); err != nil {
		l.remove()
		return nil, err
	}
	return l, nil
}

// free refuses a directory in which a lab would write over what is somebody
// else's: the endpoint file of another cloud or of a simulated tenant that still
// runs, and without one whatever has the name of a file of a lab.
func free(dir string) error {
	var found []string
	for _, name := range []string{tenantsim.EndpointFile, tenantsim.CAFile, Posix.File, PowerShell.File, Cmd.File} {
		switch info, err := os.Lstat(filepath.Join(dir, name)); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is no file of a simulated tenant; choose another directory", filepath.Join(dir, name))
		default:
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return nil
	}
	file := filepath.Join(dir, found[0])
	if found[0] != tenantsim.EndpointFile {
		return fmt.Errorf("%s is of no simulated tenant; choose another directory", file)
	}
	cloud, err := endpoint.Load(file)
	host, _, _ := net.SplitHostPort(cloud.SMTP)
	if ip, parsed := netip.ParseAddr(host); err != nil || parsed != nil || !ip.IsLoopback() {
		return fmt.Errorf("%s is of no simulated tenant; choose another directory", file)
	}
	conn, err := net.DialTimeout("tcp", cloud.SMTP, time.Second)
	if err != nil {
		return nil
	}
	conn.Close()
	return fmt.Errorf("a simulated tenant that uses %s still runs; end it, or choose another directory", dir)
}

// A DirError says that there is no directory to work in.
type DirError struct{ Err error }

func (e *DirError) Error() string {
	return fmt.Sprintf("the directory cannot be used: %s", e.Err)
}

func (e *DirError) Unwrap() error { return e.Err }

// Close ends the tenant, and removes a directory that was made for it alone.
func (l *Lab) Close() {
	l.Tenant.Close()
	l.remove()
}

func (l *Lab) remove() {
	if l.passing {
		os.RemoveAll(l.Dir)
	}
}

// Env is what signs in to the tenant as the scenario's device does.
func (l *Lab) Env() []Var { return Env(l.State, l.Device, l.EndpointFile()) }

// Keep writes the files for the shells.
func (l *Lab) Keep(shells []Shell) ([]File, error) { return Write(l.Dir, l.Env(), shells) }

// Mailbox is the first of the tenant's, "" where there is none.
func (l *Lab) Mailbox() string {
	if len(l.State.Users) == 0 {
		return ""
	}
	return l.State.Users[0].Mailbox
}
