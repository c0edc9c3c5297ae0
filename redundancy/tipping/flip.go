package tipping

import (
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Flip is the factor at which all ceases to be well, with nothing lost: load may grow to it, or capacities may shrink to
// it. If all is not well as it is, load must shrink to it, or capacities must grow to it.
type Flip struct {
	Factor    float64           `json:"factor"` // 0: no load is small enough, or no capacity too small; +Inf (null in JSON): none is too large, or none large enough
	Certainty cascade.Certainty `json:"certainty"`
	Reason    string            `json:"reason,omitempty"` // why it is not exact
}

// MarshalJSON writes an infinite factor as null.
func (f Flip) MarshalJSON() ([]byte, error) {
	type plain Flip
	factor := &f.Factor
	if math.IsInf(f.Factor, 1) {
		factor = nil
	}
	return json.Marshal(struct {
		Factor *float64 `json:"factor"`
		plain
	}{factor, plain(f)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Flip) UnmarshalJSON(data []byte) error {
	type plain Flip
	var factor struct{ Factor *float64 }
	if err := json.Unmarshal(data, &factor); err != nil {
		return err
	}
	if err := json.Unmarshal(data, (*plain)(f)); err != nil {
		return err
	}
	if factor.Factor == nil {
		f.Factor = math.Inf(1)
	}
	return nil
}

const (
	firstFlip = "first flip found; no finer steps were looked at."
	noFlip    = "no flip found; no finer steps were looked at."
)

// flips finds the factors of load and of capacity.
func (f *finder) flips(ctx context.Context, p *Point) error {
	o, err := cascade.Run(f.t, cascade.Scenario{})
	if err != nil {
		return err
	}
	p.Load = Flip{Factor: o.Margin, Certainty: cascade.Exact}
	if p.Surviving.Load, err = f.loadFlip(ctx, o.Margin); err != nil {
		return err
	}
	return f.capacityFlips(ctx, p)
}

// loadFlip finds the factor of load beyond which the fleet collapses, given that to which it holds.
func (f *finder) loadFlip(ctx context.Context, margin float64) (Flip, error) {
	s := &scale{
		from: margin,
		well: func(x float64) (bool, error) { return f.survives(ctx, f.t, x) },
		rises: func(x float64) (bool, error) {
			t, err := f.changed(x, 1)
			return err == nil && wholly(t) && cascade.Monotone(t), err
		},
	}
	return s.flip()
}

// survives reports whether a fleet with nothing lost does not collapse at a factor of its load.
func (f *finder) survives(ctx context.Context, t *topology.Topology, load float64) (bool, error) {
	o := f.o
	o.Workers = 1
	s, err := cascade.Screen(ctx, t, cascade.Only(cascade.Scenario{Load: load}), o)
	if err != nil {
		return false, err
	}
	return s.Collapsing.Sign() == 0, nil
}

// capacityFlips finds the factors of the capacities. To shrink these by a factor is to grow all load by it where there are
// no other capacities, nor loads that do not grow.
func (f *finder) capacityFlips(ctx context.Context, p *Point) (err error) {
	switch {
	case !slices.ContainsFunc(f.ids, func(id topology.ID) bool { return !math.IsInf(f.t.Capacity(id), 1) }):
		return nil
	case f.proportional():
		p.Capacity, p.Surviving.Capacity = p.Load.inverse(), p.Surviving.Load.inverse()
		return nil
	}
	if p.Capacity, err = f.capacityFlip(ctx, holding, p.Load.Factor >= 1); err == nil {
		p.Surviving.Capacity, err = f.capacityFlip(ctx, surviving, p.Surviving.Load.Factor >= 1)
	}
	return err
}

// proportional reports whether every capacity is one of the pattern, and every load grows as the demand does.
func (f *finder) proportional() bool {
	for id := range topology.ID(f.t.Len()) {
		if _, in := slices.BinarySearch(f.ids, id); !in && !math.IsInf(f.t.Capacity(id), 1) {
			return false
		}
		for _, l := range f.t.Links(id) {
			if l.Supply != nil && l.Supply.Base > 0 {
				return false
			}
		}
	}
	return true
}

func (f Flip) inverse() Flip {
	f.Factor = 1 / f.Factor // 0 and +Inf are each other's
	return f
}

// capacityFlip finds the factor of capacities, given whether all is well as it is.
func (f *finder) capacityFlip(ctx context.Context, q question, well bool) (Flip, error) {
	fixed := !f.byCapacity()
	s := &scale{
		from: leastFactor,
		well: func(x float64) (bool, error) {
			t, err := f.changed(1, 1/x)
			if err != nil {
				return false, err
			}
			if q == holding {
				return cascade.NewEngine(t).Holds(), ctx.Err()
			}
			return f.survives(ctx, t, 1)
		},
		rises: func(x float64) (bool, error) {
			if q == holding || !fixed {
				return fixed, nil
			}
			t, err := f.changed(1, 1/x)
			return err == nil && wholly(t) && cascade.Monotone(t), err
		},
	}
	if well {
		s.from = 1
	}
	if f.t.Len() > manyComponents {
		s.within = 1e-4
	}
	flip, err := s.flip()
	return flip.inverse(), err
}

// manyComponents are so many that a new fleet for each step of a search takes long.
const manyComponents = 2_000

// byCapacity reports whether loads depend on the capacities of the pattern.
func (f *finder) byCapacity() bool {
	for _, id := range f.ids {
		for _, k := range f.t.PoolsOf(id) {
			if share := f.t.Pools()[k].Share; share == topology.Proportional || share == topology.Waterfall {
				return true
			}
		}
	}
	return false
}

// changed returns the fleet with every demand and the capacities of the pattern multiplied by factors.
func (f *finder) changed(load, capacity float64) (*topology.Topology, error) {
	spec := f.t.Spec()
	spec.Components = nil
	for id := range topology.ID(f.t.Len()) {
		c := f.t.Component(id)
		c.Name = topology.Fold([]string{c.Name})[0] // a pattern, where a name may have brackets
		c.Demand *= load
		spec.Components = append(spec.Components, c)
	}
	for _, id := range f.ids {
		spec.Components[id].Capacity *= capacity
	}
	return topology.New(spec)
}
