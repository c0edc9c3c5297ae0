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
	t := f.t
	server := make([]bool, t.Len())
	var ids []topology.ID
	for _, l := range t.Links(f.users) {
		if l.Supply != nil {
			ids = slices.Sorted(slices.Values(l.Members))
		}
	}
	for _, id := range ids {
		server[id] = true
	}
	for id := range topology.ID(t.Len()) {
		if id == f.users {
			for _, l := range t.Links(id) {
				if l.Supply == nil && slices.ContainsFunc(l.Members, func(m topology.ID) bool { return server[m] || m == id }) {
					return fmt.Sprintf("%s needs servers besides drawing on them", t.Name(id))
				}
			}
			continue
		}
		for _, l := range t.Links(id) {
			if l.Supply != nil && !even(t, &l) {
				return fmt.Sprintf("%s draws on %v by a share that is %s, not equal", t.Name(id), l.Names, t.Pools()[l.Pool].Share)
			}
			if slices.ContainsFunc(l.Members, func(m topology.ID) bool { return server[m] || m == f.users }) && f.matters(&l) {
				return fmt.Sprintf("%s needs or draws on servers, or on the users: %v", t.Name(id), l.Names)
			}
		}
		if !server[id] {
			f.power = append(f.power, id)
		}
	}
	return f.group(ids)
}

// matters reports whether a link is more than a name for members that are on for good anyway.
func (f *fleet) matters(l *topology.Link) bool { return l.Need > 0 || l.Supply != nil }

func (f *fleet) group(ids []topology.ID) string {
	limited := make([][]int32, f.t.Len())
	for i, l := range f.limits {
		for _, id := range l.ids {
			limited[id] = append(limited[id], int32(i))
		}
	}
	known := map[string]int{}
	f.weakest, f.capacity = math.Inf(1), -1
	for _, id := range ids {
		status := f.status[id]
		if status == topology.Up {
			f.survivors++
			f.weakest = min(f.weakest, f.t.Capacity(id))
		} else if start := f.t.Component(id).Start; f.capacity < 0 {
			f.capacity, f.start = f.t.Capacity(id), start
		} else if f.capacity != f.t.Capacity(id) || f.start != start {
			return fmt.Sprintf("the servers that are down or drained are not identical: %s has another capacity, or starts otherwise, than those before it", f.t.Name(id))
		}
		back := f.back[id]
		if status != topology.Down {
			back = 0
		}
		key := f.signature(status, back, limited[id], f.t.Links(id))
		g, ok := known[key]
		if !ok {
			g = len(f.groups)
			known[key] = g
			f.groups = append(f.groups, group{status: status, back: back, links: f.t.Links(id), limits: limited[id]})
		}
		f.groups[g].ids = append(f.groups[g].ids, id)
	}
	if !f.gated && !f.open && f.survivors > 0 {
		return fmt.Sprintf("%s cannot be held back and finds %d servers in rotation as soon as what it needs is ready", f.t.Name(f.users), f.survivors)
	}
	return ""
}

// signature is equal for servers that no plan needs to tell apart.
func (f *fleet) signature(status topology.Status, back time.Duration, limits []int32, links []topology.Link) string {
	key := binary.AppendVarint([]byte{byte(status)}, int64(back))
	for _, l := range limits {
		key = binary.AppendVarint(key, int64(l))
	}
	for i := range links {
		l := &links[i]
		key = fmt.Appendf(key, "|%p %d %d %d", &l.Members[0], len(l.Members), l.Need, l.Pool)
		if l.Supply != nil {
			for _, x := range []float64{l.Supply.Base, l.Supply.Rate(), l.Supply.Inrush} {
				key = binary.BigEndian.AppendUint64(key, math.Float64bits(x))
			}
		}
	}
	return string(key)
}
