package topology

// Tolerance is how far above its capacity, in parts of it, a load still counts as at capacity: it absorbs rounding,
// no more.
const Tolerance = 1e-9

// Overloaded reports whether a load is above a capacity. At capacity is not overloaded.
func Overloaded(load, capacity float64) bool {
	return !(load <= capacity+float64(capacity*Tolerance)) // so that NaN is
}

// A Status is what a component does at one instant.
type Status uint8

// The statuses.
//
//	status   places load              takes load   counts for a need
//	Up       base + perUnit · served  yes          yes
//	Ready    base                     no           yes
//	Booting  base + inrush            no           no
//	Down     no                       no           no
const (
	Up      Status = iota // running, and in rotation
	Ready                 // running, out of rotation: not yet put in, or drained
	Booting               // powered on, not yet running
	Down                  // not running

	// Unrelieved is down, and placing all the load that it would place if it alone were up again. Where the dead are
	// counted so, no load is lower than in any order of their failures: a bound, monotone in what is lost.
	Unrelieved
)

// A State is what all components do at one instant, by ID.
type State struct {
	Status   []Status  // nil: all are up
	Demand   []float64 // nil: as declared
	Capacity []float64 // nil: as declared; less while components warm up; +Inf for no limit
}

// A Flow is the loads of a state, by ID.
type Flow struct {
	Load   []float64 // in the component's unit
	Served []float64 // fraction of what is passed to it that it, and all it draws on, serve; 0 unless it is up

	t        *Topology
	placed   []float64 // by pool
	fraction []float64 // by pool: of placed, what is served
	tiers    []portion
	then     []portion
	rejects  bool // some load may be rejected or go nowhere
}

// Flow computes the loads of a state in one pass, owners before members, and what is served in a pass back:
//
//	load(x) = demand(x) + Σ share(x) · (base + perUnit · served load(o)), over the supplies of the owners o that x is a member of
//
// It takes time in proportion to the components, their links and the members of their pools.
func (t *Topology) Flow(s State) *Flow {
	f := &Flow{
		t: t, Load: make([]float64, t.Len()), Served: make([]float64, t.Len()),
		placed: make([]float64, len(t.pools)), fraction: make([]float64, len(t.pools)),
	}
	f.Update(s)
	return f
}

// Update computes the loads of another state of the same topology, in the memory of the one before.
func (f *Flow) Update(s State) {
	if s.Demand == nil {
		s.Demand = f.t.demand
	}
	if s.Capacity == nil {
		s.Capacity = f.t.capacity
	}
	f.pass(s)
	f.serve(s)
}

func (f *Flow) pass(s State) {
	copy(f.Load, s.Demand)
	clear(f.placed)
	f.rejects = f.t.sheds
	for _, step := range f.t.flow {
		if pool, ok := step.pool(); ok {
			f.split(s, pool)
		} else {
			f.place(s, ID(step))
		}
	}
}

func (s State) status(id ID) Status {
	if s.Status == nil {
		return Up
	}
	return s.Status[id]
}

// place adds to an owner's pools what it places on them.
func (f *Flow) place(s State, owner ID) {
	status, served := s.status(owner), 0.0
	switch status {
	case Down:
		return
	case Up, Unrelieved:
		if served = f.Load[owner]; f.t.sheds {
			served = f.t.passed(owner, served, s.Capacity[owner])
		}
	}
	links := f.t.Links(owner)
	for i := range links {
		l := &links[i]
		if l.Pool < 0 {
			continue
		}
		load := l.Supply.Base + float64(l.Supply.Rate()*served)
		if status == Booting {
			load += l.Supply.Inrush
		}
		f.placed[l.Pool] += load
	}
}

// passed returns the load that a component serves: what it sheds goes no further.
func (t *Topology) passed(id ID, load, capacity float64) float64 {
	if t.shed[id] && Overloaded(load, capacity) {
		return capacity
	}
	return load
}

// split adds to the members of a pool what they take of it.
func (f *Flow) split(s State, pool int32) {
	p, load := &f.t.pools[pool], f.placed[pool]
	takes := false
	tiers := f.portions(s, p, load)
	for tier, q := range tiers {
		takes = takes || q.over > 0
		if s.Status != nil && p.alike() {
			f.give(s, p, load, tier, tiers)
			continue
		}
		for _, m := range p.Members[q.from:q.to] {
			switch s.status(m) {
			case Up:
				f.Load[m] += q.share(p.weight(s, m, tier))
			case Unrelieved:
				f.Load[m] += f.alone(s, p, load, m, tier, tiers)
			}
		}
	}
	f.rejects = f.rejects || !takes
}

// give is split for a tier of which all that take load take the same.
func (f *Flow) give(s State, p *Pool, load float64, tier int, tiers []portion) {
	q := &tiers[tier]
	share := q.share(1)
	for _, m := range p.Members[q.from:q.to] {
		switch s.Status[m] {
		case Up:
			f.Load[m] += share
		case Unrelieved:
			f.Load[m] += f.alone(s, p, load, m, tier, tiers)
		}
	}
}

// serve follows what is rejected, or goes nowhere, back up to those who passed it on.
func (f *Flow) serve(s State) {
	t := f.t
	for id := range f.Served {
		f.Served[id] = 0
		if s.status(ID(id)) == Up {
			f.Served[id] = 1
			if load := f.Load[id]; f.rejects && load > 0 {
				f.Served[id] = t.passed(ID(id), load, s.Capacity[id]) / load
			}
		}
	}
	if !f.rejects {
		return
	}
	for i := len(t.flow) - 1; i >= 0; i-- {
		step := t.flow[i]
		if pool, ok := step.pool(); ok {
			f.fraction[pool] = f.servedOf(s, pool)
		} else {
			for _, l := range t.Links(ID(step)) {
				if l.Pool >= 0 {
					f.Served[step] *= f.fraction[l.Pool]
				}
			}
		}
	}
}

// servedOf returns the fraction of a pool's load that its members serve, each in proportion to its part of it.
func (f *Flow) servedOf(s State, pool int32) float64 {
	p := &f.t.pools[pool]
	served, taken := 0.0, 0.0
	for tier, q := range f.portions(s, p, f.placed[pool]) {
		for _, m := range p.Members[q.from:q.to] {
			if s.status(m) == Up {
				share := q.share(p.weight(s, m, tier))
				served += float64(share * f.Served[m])
				taken += share
			}
		}
	}
	if taken == 0 {
		if f.placed[pool] == 0 {
			return 1 // nothing is passed on, so nothing is lost
		}
		return 0
	}
	return served / taken
}
