package tenantsim

import "testing"

func TestOnlyLoopbackIsServed(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:25", ":0", "nonsense"} {
		if tenant, err := Start(t.Context(), Default(), Options{Dir: t.TempDir(), SMTPAddr: addr}); err == nil {
			tenant.Close()
			t.Errorf("%s is served", addr)
		}
	}
}
