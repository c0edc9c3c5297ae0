package restart_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A clockwork carries out a plan for servers of 10 that share a gated demand equally, ten seconds by ten seconds, as the package
// comment reads.
type clockwork struct {
	steps    []restart.Step // in order
	boot     []int          // by server, in ticks
	demand   float64
	grid     int
	ready    []int // by server: when; -1: off
	in       []bool
	fraction float64

	unserved     float64 // until full
	sum          float64
	full, finish int
	fault        string // what goes wrong first
}

const ten = 10 * time.Second

func (c *clockwork) holds(now int, all []restart.Condition) bool {
	for _, k := range all {
		ready := 0
		in := 0
		for _, up := range c.in {
			in += count(up)
		}
		for i := range c.ready {
			if !slices.Contains(k.What, name(i)) || c.ready[i] < 0 {
				continue
			}
			if now < c.ready[i] {
				if k.Settled {
					return false
				}
				if k.Below > 0 { // it boots without load
					continue
				}
			}
			ready += count(now >= c.ready[i])
			if load := c.demand * c.fraction / float64(max(in, 1)); k.Below > 0 && c.in[i] && load > k.Below*10*(1+1e-9) {
				return false
			}
		}
		if ready < k.Ready {
			return false
		}
	}
	return true
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func name(i int) string { return fmt.Sprintf("s-%d", i) }

// run lets ticks pass; steps wait with the clock of the plan.
func (c *clockwork) run(last int) {
	held, next := 0, 0
	served := -1.
	for now := range last {
		for i := range c.ready {
			if c.ready[i] == now {
				c.finish = now
			}
		}
		for next < len(c.steps) && c.fault == "" {
			at := int(c.steps[next].At / ten)
			end, ripe := next, now >= at+held
			for end < len(c.steps) && c.steps[end].At == c.steps[next].At {
				ripe = ripe && c.holds(now, c.steps[end].When)
				ripe = ripe && (c.steps[end].Do != restart.Admit || now%c.grid == 0)
				end++
			}
			if !ripe {
				break
			}
			held = now - at
			c.take(now, c.steps[next:end])
			next = end
		}
		in := 0
		for _, up := range c.in {
			in += count(up)
		}
		is := 0.
		if in > 0 {
			is = c.fraction
			if c.demand*c.fraction > float64(10*in)*(1+1e-9) && c.fault == "" {
				c.fault = string(restart.Overload)
			}
		}
		if c.fault != "" {
			return
		}
		if is != served {
			c.full, c.unserved, served = now, c.sum, is
		}
		c.sum += c.demand * (1 - is) * ten.Minutes()
	}
}

// take takes the steps of an instant: power-ons, then what turns, then what is admitted. Conditions look at loads before all that.
func (c *clockwork) take(now int, steps []restart.Step) {
	turned, fraction := slices.Clone(c.in), c.fraction
	for _, do := range []restart.Action{restart.PowerOn, restart.Rotate, restart.Admit} {
		for _, s := range steps {
			if s.Do != do || !c.holds(now, s.If) {
				continue
			}
			if do == restart.Admit {
				fraction = s.Admit
			}
			for i := range c.ready {
				if slices.Contains(s.What, name(i)) {
					c.act(now, i, &s, turned)
				}
			}
		}
	}
	c.in, c.fraction = turned, fraction
}

func (c *clockwork) act(now, i int, s *restart.Step, turned []bool) {
	ready := c.ready[i] >= 0 && c.ready[i] <= now
	switch {
	case s.Do == restart.PowerOn && c.ready[i] < 0:
		c.ready[i] = now + c.boot[i]
		if c.boot[i] == 0 {
			c.finish = now
		}
	case s.Do == restart.Rotate && ready:
		turned[i] = true
	case s.Do == restart.Rotate && len(s.When)+len(s.If) == 0 && c.fault == "":
		c.fault = string(restart.NotReady)
	}
}

// randomSteps are of a plan that makes some sense.
func randomSteps(r *rand.Rand, n, grid int) []restart.Step {
	some := func() topology.Names {
		var all topology.Names
		for i := range n {
			if r.IntN(3) > 0 {
				all = append(all, name(i))
			}
		}
		return append(all, name(r.IntN(n)))
	}
	condition := func() restart.Condition {
		c := restart.Condition{What: some()}
		slices.Sort(c.What)
		c.What = slices.Compact(c.What)
		switch r.IntN(4) {
		case 0:
			c.Settled = true
		case 1:
			c.Below = float64(1+r.IntN(10)) / 10
		default:
			c.Ready = 1 + r.IntN(len(c.What)+1)/2
		}
		return c
	}
	steps := []restart.Step{on(0, some()...)}
	for k := range 2 + r.IntN(7) {
		at := time.Duration(r.IntN(4)*k) * 3 * ten
		s := restart.Step{At: at, Do: []restart.Action{restart.PowerOn, restart.Rotate, restart.Rotate, restart.Admit, restart.Admit}[r.IntN(5)], What: some()}
		if s.Do == restart.Admit {
			s.At -= s.At % (time.Duration(grid) * ten)
			s.What, s.Admit = topology.Names{"users"}, float64(r.IntN(11))/10
		}
		if r.IntN(2) == 0 || s.Do == restart.Rotate && r.IntN(4) > 0 {
			s.When = append(s.When, condition())
		}
		if r.IntN(3) == 0 {
			s.If = append(s.If, condition())
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b restart.Step) int { return int(a.At - b.At) })
	return steps
}

func TestConditionTwin(t *testing.T) {
	t.Parallel()
	safe, unsafe, waited := 0, 0, 0
	for seed := range uint64(6000) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := 1 + r.IntN(4)
		c := &clockwork{demand: float64(10 * (1 + r.IntN(n+1))), grid: []int{1, 6}[r.IntN(2)], in: make([]bool, n)}
		spec := topology.Spec{}
		for i := range n {
			c.boot, c.ready = append(c.boot, 2*r.IntN(8)), append(c.ready, -1)
			spec.Components = append(spec.Components, topology.Component{Name: name(i), Kind: "s", Capacity: 10, Start: topology.Start{Boot: time.Duration(c.boot[i]) * ten}})
		}
		spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: c.demand, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}})
		fleet := topology.Must(topology.New(spec))
		c.steps = randomSteps(r, n, c.grid)
		p := &restart.Plan{Scenario: cascade.Lose("s"), Grid: time.Duration(c.grid) * ten, Steps: c.steps}
		err := p.Measure(t.Context(), fleet)
		c.run(300)
		var v *restart.Violation
		if errors.As(err, &v) {
			require.Equal(t, string(v.Reason), c.fault, "seed %d: %v\n%v", seed, err, p)
			unsafe++
			continue
		}
		require.NoError(t, err)
		require.Empty(t, c.fault, "seed %d\n%v", seed, p)
		require.Equal(t, p.Finish, time.Duration(c.finish)*ten, "seed %d\n%v", seed, p)
		require.Equal(t, p.Full, time.Duration(c.full)*ten, "seed %d\n%v", seed, p)
		require.InDelta(t, p.Unserved, c.unserved, 1e-6, "seed %d\n%v", seed, p)
		safe++
		if p.Full > c.steps[len(c.steps)-1].At {
			waited++
		}
	}
	t.Log(safe, "safe,", waited, "of them served later than planned;", unsafe, "not")
	require.Greater(t, min(unsafe, waited), 120)
}
