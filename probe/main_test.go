package probe_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing may go on once a probe has ended, however it ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
