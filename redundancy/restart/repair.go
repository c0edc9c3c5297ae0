package restart

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Repair is something dead that does not return, and what a plan serves in the end if it returns at once. So it can be served;
// whether more can, is as open as it is for the plan.
type Repair struct {
	What   topology.Names   `json:"what"`             // one component, or it and what it needs that does not return either: all of them
	Others int              `json:"others,omitempty"` // that would do as well as it, being like it
	Served []cascade.Served `json:"served"`           // in the end
	Value  float64          `json:"value"`            // of that, in parts of all that is asked for, by value
}

// A candidate is a repair to be tried.
type candidate struct {
	Repair
	ids      []topology.ID
	unserved float64
	opens    int     // components that can start
	promise  float64 // what could be carried by value
}

// maxRepairs bounds the repairs for which plans are made.
const maxRepairs = 64

// maxRepairWork bounds the plans for repairs, as maxWork does those for the fleet as it is; one is made anyway.
const maxRepairWork = maxWork / 8

// repairs makes plans for what could be repaired, if not all is served, and keeps those that serve more, the best first.
func (f *fleet) repairs(ctx context.Context, p *Plan, m *meter) error {
	p.Repair, p.Untried = nil, 0
	if fully(p) {
		return nil
	}
	has := f.valueOf(p, m)
	if has >= 1-2*settle {
		return nil // the rest is worth nothing
	}
	all := f.candidates(ctx)
	if len(all) > 0 && p.Soonest { // what could be served is another question
		var as candidate
		if _, err := f.tryRepair(ctx, p, m, &as, maxRepairWork); err != nil {
			return err
		}
		has = max(has, as.Value)
	}
	if len(all) > maxRepairs || len(all)*f.t.Len() > maxRepairWork {
		f.byPromise(p, m, all)
	}
	var better []candidate
	work := 0
	for i := range all {
		if i > 0 && (i == maxRepairs || work >= maxRepairWork) {
			p.Untried = len(all) - i
			break
		}
		share := (maxRepairWork - work) / (min(len(all), maxRepairs) - i)
		spent, err := f.tryRepair(ctx, p, m, &all[i], max(share, 1))
		if err != nil {
			return err
		}
		if work += spent; all[i].Value > has+settle {
			better = append(better, all[i])
		}
	}
	slices.SortStableFunc(better, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(math.Round(b.Value/settle), math.Round(a.Value/settle)), len(a.ids)-len(b.ids), cmp.Compare(a.unserved, b.unserved))
	})
	for i := range better {
		p.Repair = append(p.Repair, better[i].Repair)
	}
	return nil
}

// valueOf returns what a plan serves in the end, by value, in parts of all that is asked for; 1 if that is worth nothing.
func (f *fleet) valueOf(p *Plan, m *meter) float64 {
	sum, all := 0., 0.
	for _, s := range p.Served {
		id, _ := f.t.Lookup(s.Demand)
		worth := f.t.Demand(id) * m.worth(id)
		sum, all = sum+float64(worth*s.Fraction), all+worth
	}
	if all == 0 {
		return 1
	}
	return sum / all
}

// tryRepair makes the plan with a repair done, with a share of the work, and returns the work spent.
func (f *fleet) tryRepair(ctx context.Context, p *Plan, m *meter, r *candidate, share int) (int, error) {
	with, err := f.repaired(p, r.ids)
	if err != nil {
		return 0, err
	}
	other, meter, reason, err := survey(f.t, with)
	if err != nil {
		return 0, err
	}
	plan, work, err := other.makeWay(ctx, with, meter, reason, Options{}, share)
	if err != nil || plan.Certainty == cascade.Undetermined {
		return work, err
	}
	r.Served, r.Value, r.unserved = plan.Served, f.valueOf(plan, m), plan.Unserved
	return work, nil
}

// repaired returns what a plan is to be made for when some components return at once.
func (f *fleet) repaired(p *Plan, ids []topology.ID) (*Plan, error) {
	with := p.blank()
	with.Return, with.Soonest = map[string]time.Duration{}, false
	for pattern, at := range p.Return {
		named, err := f.t.Select(pattern)
		if err != nil {
			return nil, err
		}
		rest := slices.DeleteFunc(slices.Clone(named), func(id topology.ID) bool { return slices.Contains(ids, id) })
		names := topology.Names{pattern}
		if len(rest) < len(named) {
			names = f.t.Names(rest)
		}
		for _, name := range names {
			if was, ok := with.Return[name]; ok && (was < 0 || at >= 0 && was > at) {
				continue // as for several patterns that name the same
			}
			with.Return[name] = at
		}
	}
	return with, nil
}

// candidates returns what does not return, of what nothing tells apart the first, each with what it needs that does not return.
func (f *fleet) candidates(ctx context.Context) []candidate {
	known := map[string]int{} // by what tells them apart
	groups := map[string]bool{}
	var all []candidate
	cone := f.newCone()
	for id := range topology.ID(f.t.Len()) {
		if f.status[id] != topology.Down || f.back[id] >= 0 {
			continue
		}
		key := cone.key(id)
		if at, ok := known[key]; ok {
			if at >= 0 {
				all[at].Others++
			}
			continue
		}
		known[key] = -1
		ids := cone.with(ctx, id)
		if ids == nil {
			continue // it cannot start whatever returns
		}
		if group := idKey(ids); !groups[group] {
			groups[group] = true
			known[key] = len(all)
			all = append(all, candidate{Repair: Repair{What: f.t.Names(ids)}, ids: ids})
		}
	}
	return all
}

func idKey(ids []topology.ID) string {
	var key []byte
	for _, id := range ids {
		key = binary.AppendVarint(key, int64(id))
	}
	return string(key)
}

// byPromise puts those first with which most could be carried if all that can start were ready. Of many only those are looked at
// that let most components start; the others stay behind, in that order.
func (f *fleet) byPromise(p *Plan, m *meter, all []candidate) {
	const looked = 2_000_000 // components
	for i, n := range f.newCone().opens(all) {
		all[i].opens = n
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.opens, a.opens) })
	c := newCompass(f, p, m)
	first := all[:min(len(all), looked/f.t.Len()+1)]
	for i := range first {
		first[i].promise = c.promise(p, first[i].ids)
	}
	slices.SortStableFunc(first, func(a, b candidate) int { return cmp.Compare(b.promise, a.promise) })
}

// promise returns what could be carried, by value, if some components returned and all that can start were ready.
func (c *compass) promise(p *Plan, returned []topology.ID) float64 {
	other := *c.fleet
	other.back, other.begun = slices.Clone(c.back), nil
	for _, id := range returned {
		other.back[id] = 0
	}
	other.soonest()
	with := *c
	with.fleet = &other
	j := with.newJourney(p, policy{})
	j.imagine()
	return j.warmValue()
}
