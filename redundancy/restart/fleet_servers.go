package restart

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// findServers groups the servers, and checks that those to come back are identical.
func (f *fleet) findServers() string {
	ids := slices.Sorted(slices.Values(f.supply.Members))
	server := make([]bool, f.t.Len())
	for _, id := range ids {
		server[id] = true
	}
	for id := range topology.ID(f.t.Len()) {
		if id != f.users && !server[id] {
			f.power = append(f.power, id)
		}
		for _, l := range f.t.Links(id) {
			if reason := f.checkLink(id, &l, server); reason != "" {
				return reason
			}
		}
	}
	return f.group(ids)
}

// checkLink says what keeps a link from being what powers servers, or what the users need.
func (f *fleet) checkLink(owner topology.ID, l *topology.Link, server []bool) string {
	upwards := slices.ContainsFunc(l.Members, func(m topology.ID) bool { return server[m] || m == f.users })
	switch name := f.t.Name(owner); {
	case owner == f.users:
		if upwards && l.Supply == nil {
			return name + " needs servers besides drawing on them"
		}
	case l.Supply != nil && l.Need == 0:
		return fmt.Sprintf("%s draws on %v, and runs without, with a part of its load lost", name, l.Names)
	case l.Supply != nil && !even(f.t, l):
		return fmt.Sprintf("%s draws on %v by a share that is %s, not equal", name, l.Names, f.t.Pools()[l.Pool].Share)
	case upwards && (l.Supply != nil || l.Need > 0):
		return fmt.Sprintf("%s needs or draws on servers, or on the users: %v", name, l.Names)
	}
	return ""
}

// group puts servers together that no plan needs to tell apart.
func (f *fleet) group(ids []topology.ID) string {
	known := map[string]int{}
	f.weakest, f.capacity = math.Inf(1), -1
	for _, id := range ids {
		status := f.status[id]
		if status == topology.Up {
			f.survivors++
			f.weakest = min(f.weakest, f.t.Capacity(id))
		} else if start := f.t.Start(id); f.capacity < 0 {
			f.capacity, f.start = f.t.Capacity(id), start
		} else if f.capacity != f.t.Capacity(id) || f.start != start {
			return fmt.Sprintf("the servers that are down or drained are not identical: %s has another capacity, or starts otherwise, than those before it", f.t.Name(id))
		}
		back := f.back[id]
		if status != topology.Down {
			back = 0
		}
		key := string(f.signature(status, back, f.limited[id], f.t.Links(id)))
		g, ok := known[key]
		if !ok {
			g = len(f.groups)
			known[key] = g
			f.groups = append(f.groups, group{status: status, back: back, links: f.t.Links(id), limits: f.limited[id]})
		}
		f.groups[g].ids = append(f.groups[g].ids, id)
	}
	if !f.gated && !f.open && f.survivors > 0 {
		return fmt.Sprintf("%s cannot be held back and finds %d servers in rotation as soon as what it needs is ready", f.t.Name(f.users), f.survivors)
	}
	return ""
}

// signature is equal for servers that no plan needs to tell apart.
func (f *fleet) signature(status topology.Status, back time.Duration, limits []int32, links []topology.Link) []byte {
	key := binary.AppendVarint([]byte{byte(status)}, int64(back))
	for _, l := range limits {
		key = binary.AppendVarint(key, int64(l))
	}
	for i := range links {
		l := &links[i]
		key = fmt.Appendf(key, "|%d %d %d", l.Set, l.Need, l.Pool)
		if l.Supply != nil {
			for _, x := range []float64{l.Supply.Base, l.Supply.Rate(), l.Supply.Inrush} {
				key = binary.BigEndian.AppendUint64(key, math.Float64bits(x))
			}
		}
	}
	return key
}

// likeness is equal for components of which each may take the other's place; back is from when they can be started, in are the
// sets that they are members of.
func (f *fleet) likeness(id topology.ID, back time.Duration, in []int32) []byte {
	start := f.t.Start(id)
	key := f.signature(f.status[id], back, f.limited[id], f.t.Links(id))
	key = fmt.Appendf(key, "|%d %d %x %x|", start.Boot, start.WarmUp, start.Cold, f.t.Capacity(id))
	for _, s := range in {
		key = binary.AppendVarint(key, int64(s))
	}
	for _, p := range f.t.PoolsOf(id) {
		key = binary.AppendVarint(key, -1-int64(p))
	}
	return append(key, '|')
}
