package tenantsim

import (
	"time"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/submission"
	"smtpmend/internal/tenantsim/web"
)

// The names under which other packages know what the rooms of this one hold.
type (
	State      = state.State
	Org        = state.Org
	User       = state.User
	App        = state.App
	Admin      = state.Admin
	CAPolicy   = state.CAPolicy
	Location   = state.Location
	AuthPolicy = state.AuthPolicy
	SMTP       = state.SMTP
	SignInLog  = state.SignInLog
	SignIn     = state.SignIn
	Duration   = state.Duration
	Fault      = state.Fault
	Scenario   = state.Scenario
	Setting    = state.Setting
	Truth      = state.Truth
	Device     = state.Device
	Message    = submission.Message
	Attempt    = submission.Attempt
	Request    = web.Request
	Hook       = web.Hook
	Moment     = web.Moment
)

// What the default tenant is made of; see package state.
const (
	Mailbox          = state.Mailbox
	Password         = state.Password
	ClientID         = state.ClientID
	ClientSecret     = state.ClientSecret
	MailClientID     = state.MailClientID
	MailClientSecret = state.MailClientSecret
	BlockPolicy      = state.BlockPolicy
	DefaultScenario  = state.DefaultScenario
	// RefusedFaultKind is the kind of a refused sign-in.
	RefusedFaultKind = state.RefusedFaultKind
)

// The moments of a Hook; see package web.
const (
	Before = web.Before
	After  = web.After
)

// Tables of package state.
var (
	Scenarios        = state.Scenarios
	FaultKinds       = state.FaultKinds
	KeyFaultKinds    = state.KeyFaultKinds
	ReadPermissions  = state.ReadPermissions
	ChainPermissions = state.ChainPermissions
	WritePermissions = state.WritePermissions
	StateKeys        = state.Keys
)

// Default returns the tenant on which the scenarios build.
func Default() *State { return state.Default() }

// Example returns a tenant that has something at every place of a state file.
func Example() *State { return state.Example() }

// Many returns a tenant of so many accounts and the truth about each; see
// package state.
func Many(n int, now time.Time) (*State, []Truth) { return state.Many(n, now) }

// Load reads a state file.
func Load(path string) (*State, error) { return state.Load(path) }

// LookupScenario returns the scenario of that name.
func LookupScenario(name string) (Scenario, bool) { return state.LookupScenario(name) }
