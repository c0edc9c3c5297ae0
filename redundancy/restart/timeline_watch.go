package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A watcher notes a timeline while a plan is replayed. Nobody watches if it is nil.
type watcher struct {
	line    *Timeline
	groups  []int32 // by ID: its group; -1 for none
	mixed   int32   // the group that is one of many; -1 if there is none
	demands []int32 // by demand of the replay: that of the timeline
	enough  sufficiency

	steps  int       // noted
	before []float64 // by ID: loads at the end of the moment before

	// Of one look, by group:
	busiest, risen []topped
}

// A topped is the busiest component of some.
type topped struct {
	id    topology.ID
	part  float64 // of its capacity that is used; -1 if there is none
	load  float64
	limit float64
	alike int
}

func newWatcher(r *replay) *watcher {
	w := &watcher{line: &Timeline{Groups: []Group{}, Demands: []Demand{}}, mixed: -1, before: make([]float64, r.t.Len())}
	w.group(r)
	w.sources(r)
	w.enough.prepare(r)
	w.busiest, w.risen = make([]topped, len(w.line.Groups)), make([]topped, len(w.line.Groups))
	return w
}

// moment notes how things stand now. Of one time it is called once, but for the beginning.
func (w *watcher) moment(r *replay) {
	if w == nil {
		return
	}
	m := Moment{At: r.now, Groups: make([]Standing, len(w.line.Groups)), Demands: w.traffic(r)}
	m.Steps = append(m.Steps, r.order[w.steps:r.next]...) // nil if there is none
	w.steps = r.next
	w.count(r, m.Groups)
	w.look(r, len(w.line.Moments) > 0)
	for g := range m.Groups {
		m.Groups[g].Busiest, m.Groups[g].Risen = w.busiest[g].peak(r.t), w.risen[g].peak(r.t)
	}
	m.Rotation, m.Enough = w.enough.of(r)
	copy(w.before, r.flow.Load)
	w.line.Moments = append(w.line.Moments, m)
}

// until looks at how things go from the latest moment until another time.
func (w *watcher) until(r *replay, at time.Duration) {
	if w == nil || at <= r.now {
		return
	}
	moves := len(r.moving()) > 0
	if !moves && !slices.ContainsFunc(r.demands, func(d demand) bool { return d.open && d.left(r.now) > 0 }) {
		return
	}
	if m := &w.line.Moments[len(w.line.Moments)-1]; moves {
		m.Moves, m.Enough = true, m.Rotation
		const looks = 16
		for i := range time.Duration(looks - 1) {
			w.glance(r, r.now+(at-r.now)/looks*(i+1))
		}
	}
	w.glance(r, at)
	copy(w.before, r.flow.Load)
	r.load(r.now)
	r.flow.Update(r.state)
}

// glance notes what is busier at a time than at the latest moment.
func (w *watcher) glance(r *replay, at time.Duration) {
	r.load(at)
	r.flow.Update(r.state)
	w.look(r, false)
	groups := w.line.Moments[len(w.line.Moments)-1].Groups
	for g := range groups {
		if p := w.busiest[g].peak(r.t); p.Utilization() > groups[g].Busiest.Utilization() {
			groups[g].Busiest = p
		}
	}
}

// traffic returns what becomes of the demands.
func (w *watcher) traffic(r *replay) []Traffic {
	all := make([]Traffic, len(w.line.Demands))
	for i := range r.demands {
		d := &r.demands[i]
		if !d.open {
			continue
		}
		a, surge := &all[w.demands[i]], float64(d.full*d.left(r.now))
		admitted := float64(d.full * d.fraction)
		a.Admitted += admitted
		a.Surge += surge
		a.Served += float64((admitted + surge) * r.flow.Served[d.id])
	}
	return all
}

// count counts and sums up the components of each group.
func (w *watcher) count(r *replay, groups []Standing) {
	unlimited := make([]bool, len(groups))
	for id, status := range r.state.Status {
		g := w.groups[id]
		if g < 0 || status == topology.Down {
			continue
		}
		s := &groups[g]
		switch status {
		case topology.Booting:
			s.Booting++
		case topology.Ready:
			s.Ready++
		default:
			s.Rotating++
			s.Capacity += r.state.Capacity[id]
		}
		s.Load += r.flow.Load[id]
		unlimited[g] = unlimited[g] || r.t.Capacity(topology.ID(id)) > maxFinite
	}
	for g := range groups {
		if int32(g) == w.mixed {
			groups[g].Load, groups[g].Capacity = 0, 0
		} else if unlimited[g] {
			groups[g].Capacity = 0
		}
	}
}

// look finds the busiest component of each group and, if asked to, of those whose load has risen.
func (w *watcher) look(r *replay, rise bool) {
	for g := range w.busiest {
		w.busiest[g], w.risen[g] = topped{part: -1}, topped{part: -1}
	}
	for id, status := range r.state.Status {
		g, limit := w.groups[id], r.state.Capacity[id]
		if g < 0 || status == topology.Down || limit > maxFinite {
			continue
		}
		load, part := r.flow.Load[id], 0.0
		if load > 0 {
			part = load / limit
		}
		w.busiest[g].compare(topology.ID(id), part, load, limit)
		if rise && load > w.before[id]*(1+topology.Tolerance) {
			w.risen[g].compare(topology.ID(id), part, load, limit)
		}
	}
}

func (b *topped) compare(id topology.ID, part, load, limit float64) {
	switch {
	case part > b.part:
		*b = topped{id, part, load, limit, 1}
	case load == b.load && limit == b.limit && b.part >= 0:
		b.alike++
	}
}

func (b *topped) peak(t *topology.Topology) Peak {
	if b.part < 0 {
		return Peak{}
	}
	return Peak{Component: t.Name(b.id), Load: b.load, Capacity: b.limit, Alike: b.alike}
}
