package restart_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A snarl is a small fleet that has fallen, whose components need each other.
type snarl struct {
	fleet   *topology.Topology
	options restart.Options
	cost    []float64 // by ID
	returns []bool
}

// lost is all but the spare component.
var fallen = cascade.Lose("c")

// newSnarl makes fleets until one makes sense. All of a kind c is lost; one more component runs.
func newSnarl(r *rand.Rand) snarl {
	for {
		n := 2 + r.IntN(4)
		names := []string{"x"}
		for i := range n {
			names = append(names, fmt.Sprint("c-", i))
		}
		need := func(some bool) string {
			of := topology.Names{names[r.IntN(n+1)]}
			for range r.IntN(3) {
				if name := names[r.IntN(n+1)]; !slices.Contains(of, name) {
					of = append(of, name)
				}
			}
			k := len(of)
			if some {
				k = 1 + r.IntN(k)
			}
			var text strings.Builder
			text.WriteString(fmt.Sprintf("%d of ", k))
			for i, name := range of {
				text.WriteString([]string{"", ","}[min(i, 1)] + name)
			}
			return text.String()
		}
		spec := topology.Spec{Components: []topology.Component{
			{Name: "x", Capacity: 1}, {Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"x"}}}},
		}}
		s := snarl{options: restart.Options{Return: map[string]time.Duration{}, Waive: map[string]float64{}}}
		for _, name := range names[1:] {
			c := topology.Component{Name: name, Kind: "c"}
			for range 1 + r.IntN(2) {
				c.StartNeeds = append(c.StartNeeds, need(true))
			}
			if r.IntN(3) == 0 {
				c.Needs = append(c.Needs, need(r.IntN(4) == 0))
			}
			if r.IntN(5) == 0 {
				c.Supplies = []topology.Supply{{Members: topology.Names{names[r.IntN(n+1)]}, Base: 1}}
			}
			if r.IntN(5) == 0 {
				s.options.Return[name] = -1
			}
			if r.IntN(4) == 0 {
				s.options.Waive[name] = float64(r.IntN(4)-1) / 2
			}
			spec.Components = append(spec.Components, c)
		}
		t, err := topology.New(spec)
		if err != nil {
			continue
		}
		s.fleet = t
		for id := range topology.ID(t.Len()) {
			name, cost := t.Name(id), 1.
			if c, ok := s.options.Waive[name]; ok {
				cost = c
			}
			_, never := s.options.Return[name]
			s.cost, s.returns = append(s.cost, cost), append(s.returns, !never)
		}
		return s
	}
}

// A bond is one need or supply of one component.
type bond struct {
	owner topology.ID
	link  topology.Link
}

// same reports whether two say the same: whoever does without one does without the other.
func (b bond) same(o bond) bool {
	return b.owner == o.owner && b.link.Set == o.link.Set && b.link.Need == o.link.Need && b.link.Supply == nil && o.link.Supply == nil
}

func (s *snarl) bonds() (all []bond) {
	for id := range topology.ID(s.fleet.Len()) {
		for _, l := range s.fleet.Links(id) {
			all = append(all, bond{id, l})
		}
	}
	return all
}

func among(l *topology.Link, in []bool) (n int) {
	for _, m := range l.Members {
		if in[m] {
			n++
		}
	}
	return n
}

// start lets start, of those that may, what can without some needs.
func (s *snarl) start(runs, may []bool, without func(b bond) bool) []bool {
	runs = slices.Clone(runs)
	for again := true; again; {
		again = false
		for id := range topology.ID(s.fleet.Len()) {
			can := !runs[id] && may[id]
			for _, l := range s.fleet.Links(id) {
				can = can && (among(&l, runs) >= l.Need || without(bond{id, l}))
			}
			if can {
				runs[id], again = true, true
			}
		}
	}
	return runs
}

func (s *snarl) waivable(b bond) bool { return b.link.Supply == nil && s.cost[b.owner] >= 0 }

// target is the largest set that can be up in the end: found by trying all.
func (s *snarl) target(alive []bool) []bool {
	best, most := alive, -1
	n := s.fleet.Len()
	for subset := range 1 << n {
		in, size, ok := make([]bool, n), 0, true
		for id := range n {
			in[id] = subset>>id&1 > 0
			ok = ok && (in[id] || !alive[id]) && (!in[id] || alive[id] || s.returns[id])
			size += subset >> id & 1
		}
		if !ok || size <= most {
			continue
		}
		for id := range topology.ID(n) {
			for _, l := range s.fleet.Links(id) {
				ok = ok && (!in[id] || alive[id] || l.Start || among(&l, in) >= l.Need)
			}
		}
		if ok && slices.Equal(s.start(alive, in, s.waivable), in) {
			best, most = in, size
		}
	}
	return best
}

// cheapest tries all sets of needs for the target to start.
func (s *snarl) cheapest(alive, target []bool) float64 {
	var open []bond
	for _, b := range s.bonds() {
		if s.waivable(b) && target[b.owner] && !alive[b.owner] && !slices.ContainsFunc(open, b.same) {
			open = append(open, b)
		}
	}
	best := math.Inf(1)
	for subset := range 1 << len(open) {
		cost := 0.
		for i, b := range open {
			if subset>>i&1 > 0 {
				cost += s.cost[b.owner]
			}
		}
		broken := func(b bond) bool {
			i := slices.IndexFunc(open, func(o bond) bool { return o.same(b) })
			return i >= 0 && subset>>i&1 > 0
		}
		if cost < best && slices.Equal(s.start(alive, target, broken), target) {
			best = cost
		}
	}
	return best
}

func TestBreakTwin(t *testing.T) {
	broke, locked := 0, 0
	for seed := range uint64(800) {
		s := newSnarl(rand.New(rand.NewPCG(seed, 21)))
		p, err := restart.Make(t.Context(), s.fleet, fallen, s.options)
		require.NoError(t, err)
		alive := make([]bool, s.fleet.Len())
		for id := range topology.ID(s.fleet.Len()) {
			alive[id] = s.fleet.Kind(id) != "c"
		}
		target := s.target(alive)
		require.Equal(t, s.cheapest(alive, target), p.BreakCost, "seed %d: %v", seed, p)
		require.Equal(t, p.BreakCost, p.BreakBound, "seed %d", seed)
		sum := 0.
		for _, n := range p.Break {
			sum += n.Cost
		}
		require.Equal(t, p.BreakCost, sum)
		broken := func(b bond) bool {
			return slices.ContainsFunc(p.Break, func(n restart.Need) bool {
				ids, err := s.fleet.Select(n.Owner...)
				require.NoError(t, err)
				of := n.Of
				if of == 0 {
					of = len(b.link.Members)
				}
				return b.link.Supply == nil && slices.Contains(ids, b.owner) && of == b.link.Need && slices.Equal(n.Needs, b.link.Names)
			})
		}
		require.Equal(t, target, s.start(alive, target, broken), "seed %d: %v", seed, p)
		broke += len(p.Break)
		for _, d := range p.Deadlocks {
			locked++
			s.checkDeadlock(t, alive, d)
		}
		require.True(t, len(p.Deadlocks) == 0 || p.Deadlocks[0].Size == p.Deadlocks[0].Least)
	}
	t.Log(broke, "needs broken,", locked, "deadlocks")
	require.Greater(t, broke, 500)
	require.Greater(t, locked, 200)
}

// checkDeadlock checks that members are stuck while all else runs that can, whatever can be waived, but for needs that can never be met.
func (s *snarl) checkDeadlock(t *testing.T, alive []bool, d restart.Deadlock) {
	free := *s
	free.cost = slices.Repeat([]float64{1}, len(s.cost))
	target := free.target(alive)
	ids, err := s.fleet.Select(d.Members...)
	require.NoError(t, err)
	require.Len(t, ids, d.Size)
	runs := slices.Clone(target)
	for _, id := range ids {
		require.True(t, target[id])
		runs[id] = false
	}
	hopeless := func(b bond) bool { return among(&b.link, target) < b.link.Need }
	require.Equal(t, runs, s.start(runs, target, hopeless))
}

// The name service of a site that is dark needs its storage to start, which finds its disks by name; the second name service would
// do as well, and its tool for starting stands in the site that has burnt down.
func TestBreakNamed(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "burnt"}, {Name: "site"},
		{Name: "tool", Needs: topology.Names{"burnt"}},
		{Name: "dns-1", Needs: topology.Names{"site"}, StartNeeds: topology.Names{"dns-storage"}},
		{Name: "dns-2", Needs: topology.Names{"site"}, StartNeeds: topology.Names{"tool"}},
		{Name: "dns-storage", Needs: topology.Names{"site"}, StartNeeds: topology.Names{"1 of dns-[1-2]"}},
		{Name: "clock", Needs: topology.Names{"site"}, StartNeeds: topology.Names{"clock"}},
		{Name: "s-[1-4]", Kind: "server", Capacity: 10, Needs: topology.Names{"site"}, StartNeeds: topology.Names{"dns-storage", "clock"}},
		{Name: "users", Demand: 40, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	dark := cascade.Lose("burnt", "site")
	o := restart.Options{Return: map[string]time.Duration{"burnt": -1}, Waive: map[string]float64{"clock": 5, "dns-storage": 3}}
	p := plan(t, fleet, dark, o)
	t.Log(p)
	require.Equal(t, []restart.Need{
		{Owner: topology.Names{"dns-2"}, Needs: topology.Names{"tool"}, Cost: 1}, {Owner: topology.Names{"clock"}, Needs: topology.Names{"clock"}, Cost: 5},
	}, p.Break)
	require.Equal(t, []restart.Deadlock{{Members: topology.Names{"clock"}, Size: 1, Cycle: true, Least: 1}}, p.Deadlocks)
	require.Contains(t, p.String(), "break         cheapest: dns-2 needs tool; clock needs clock (cost 6, proven)")
	require.Contains(t, p.String(), "deadlock      clock needs itself to start")
	// The clock cannot be started without itself: so the servers do without it. The second name service stays down.
	o.Waive = map[string]float64{"clock": -1, "dns-2": -1}
	p = plan(t, fleet, dark, o)
	require.Equal(t, []restart.Need{
		{Owner: topology.Names{"dns-1"}, Needs: topology.Names{"dns-storage"}, Cost: 1}, {Owner: topology.Names{"s-[1-4]"}, Needs: topology.Names{"clock"}, Cost: 4},
	}, p.Break)
	require.Len(t, p.Deadlocks, 1)
	for _, wrong := range []map[string]float64{{"dsn": 1}, {"dns-1": math.NaN()}, {"dns-1": math.Inf(1)}} {
		_, err := restart.Make(t.Context(), fleet, dark, restart.Options{Waive: wrong})
		require.ErrorContains(t, err, "waive: ")
	}
}
