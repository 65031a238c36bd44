package listen

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing may go on once a listener has ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
