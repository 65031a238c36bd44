package inventory

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"smtpmend/diagnose/words"
)

// What is kept of the sign-ins of one mailbox at most. A spray tries every
// mailbox from everywhere: without bounds each of them would keep it all.
const (
	maxDevices  = 8
	maxFailures = 8
)

// usage is the sign-ins of one account, folded.
type usage struct {
	principal     string
	basic, failed int
	last, lastBad int64 // Unix seconds, 0 for none
	devices       []device
	failures      []failure
	moreDevices   bool
	otherFailures int
}

type device struct {
	address       netip.Addr
	basic, failed int32
	last          int64
}

type failure struct{ code, count int32 }

// add folds one sign-in in.
func (u *usage) add(s SignIn) {
	at := s.At.Unix()
	if s.Code == 0 {
		u.basic++
		u.last = max(u.last, at)
	} else {
		u.failed++
		u.lastBad = max(u.lastBad, at)
		u.fail(int32(s.Code))
	}
	if address, err := netip.ParseAddr(s.Address); err == nil {
		u.from(address.Unmap().WithZone(""), at, s.Code == 0)
	}
}

func (u *usage) fail(code int32) {
	for i := range u.failures {
		if u.failures[i].code == code {
			u.failures[i].count++
			return
		}
	}
	if len(u.failures) == maxFailures {
		u.otherFailures++
		return
	}
	u.failures = append(u.failures, failure{code, 1})
}

// from counts a sign-in for its address. Where there is no room, an address
// with nothing but refused sign-ins, the oldest, makes room for one with an
// accepted one.
func (u *usage) from(address netip.Addr, at int64, accepted bool) {
	i := slices.IndexFunc(u.devices, func(d device) bool { return d.address == address })
	if i < 0 {
		if len(u.devices) < maxDevices {
			u.devices, i = append(u.devices, device{address: address}), len(u.devices)
		} else {
			u.moreDevices = true
			if i = u.leastTelling(); !accepted || u.devices[i].basic > 0 {
				return
			}
			u.devices[i] = device{address: address}
		}
	}
	d := &u.devices[i]
	d.last = max(d.last, at)
	if accepted {
		d.basic++
	} else {
		d.failed++
	}
}

func (u *usage) leastTelling() int {
	least := 0
	for i, d := range u.devices {
		if byWorth(d, u.devices[least]) > 0 {
			least = i
		}
	}
	return least
}

// byWorth orders devices, the most telling first.
func byWorth(a, b device) int {
	accepted := func(d device) int { return min(int(d.basic), 1) }
	return cmp.Or(cmp.Compare(accepted(b), accepted(a)), cmp.Compare(b.last, a.last), a.address.Compare(b.address))
}

// fill writes what was folded into the row.
func (u *usage) fill(used *Used) {
	basic, failed := u.basic, u.failed
	used.Basic, used.Failed, used.Counted = &basic, &failed, SignInsCounted
	used.Last, used.LastFailed = unixTime(u.last), unixTime(u.lastBad)
	slices.SortFunc(u.devices, byWorth)
	for _, d := range u.devices {
		used.Devices = append(used.Devices, Device{
			Address: d.address.String(), Basic: int(d.basic), Failed: int(d.failed), Last: unixTime(d.last),
		})
	}
	used.MoreDevices = u.moreDevices
	slices.SortFunc(u.failures, func(a, b failure) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.code, b.code)) })
	for _, f := range u.failures {
		m := words.SignInCode(int(f.code))
		used.Failures = append(used.Failures, Failure{Code: int(f.code), Cause: m.Cause, Candidates: m.Candidates, Count: int(f.count)})
	}
}

func unixTime(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
