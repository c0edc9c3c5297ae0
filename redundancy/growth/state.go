package growth

import (
	"cmp"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A state is what a scenario leaves, before anything trips: what of it is up, and the loads of that.
type state struct {
	t      *topology.Topology
	status []topology.Status
	load   float64       // the scenario's factor on the load
	asked  []topology.ID // demands but for those lost by name

	demand []float64
	flow   *topology.Flow // of the demands
}

func newState(t *topology.Topology, s cascade.Scenario) (*state, error) {
	st := &state{t: t, status: make([]topology.Status, t.Len()), demand: make([]float64, t.Len())}
	lost, err := st.set(s, t.Closure())
	if err != nil {
		return nil, err
	}
	for id := range topology.ID(t.Len()) {
		if _, named := slices.BinarySearch(lost, id); t.Demand(id) > 0 && !named {
			st.asked = append(st.asked, id)
		}
	}
	return st, nil
}

// set takes on what a scenario leaves, and returns what it loses by name. The closure is as it was after it.
func (st *state) set(s cascade.Scenario, closure *topology.Closure) ([]topology.ID, error) {
	lose, err := st.t.Select(s.Lose...)
	if err != nil {
		return nil, err
	}
	drain, err := st.t.Select(s.Drain...)
	if err != nil {
		return nil, err
	}
	clear(st.status)
	for _, id := range drain {
		st.status[id] = topology.Ready
	}
	lost := closure.Fail(lose...)
	for _, l := range lost {
		st.status[l.ID] = topology.Down
	}
	closure.Undo(lost)
	st.load = cmp.Or(s.Load, 1)
	return lose, nil
}

// at computes the loads at a place on a way.
func (st *state) at(p *path, u float64) {
	for i, id := range p.demands {
		st.demand[id] = float64(float64(st.load*p.factor(i, u)) * st.t.Demand(id))
	}
	st.update()
}

func (st *state) update() {
	s := topology.State{Status: st.status, Demand: st.demand}
	if st.flow == nil {
		st.flow = st.t.Flow(s)
		return
	}
	st.flow.Update(s)
}

// holds reports whether nothing is overloaded, and every demand that counts is served in full.
func (st *state) holds() bool {
	for id := range topology.ID(st.t.Len()) {
		if st.status[id] != topology.Down && topology.Overloaded(st.flow.Load[id], st.t.Capacity(id)) {
			return false
		}
	}
	for _, id := range st.asked {
		if st.flow.Served[id] < 1-topology.Tolerance {
			return false
		}
	}
	return true
}

// use returns the utilization of a component; 0 if it has no limit.
func (st *state) use(id topology.ID) float64 { return st.flow.Load[id] / st.t.Capacity(id) }

// ending returns the name of the component that ends what holds to a place on the way: a little beyond it is overloaded.
// What is full but takes no more, such as the first tier of a waterfall, is not. "" if nothing is overloaded, so that it is
// a demand that is not served.
func (st *state) ending(p *path, u float64) string {
	beyond := []float64{u + rounding, u + 100*rounding, u + 10_000*rounding}
	if math.IsInf(u, -1) {
		beyond = []float64{u, math.Log(rounding), 0}
	}
	for _, place := range beyond {
		if st.at(p, place); !st.holds() {
			break
		}
	}
	return st.overloaded()
}

// overloaded returns the name of the component that is most overloaded, of equals the first; "" if none is.
func (st *state) overloaded() string {
	highest := 0.0
	for id := range topology.ID(st.t.Len()) {
		if st.status[id] != topology.Down {
			highest = max(highest, st.use(id))
		}
	}
	if !topology.Overloaded(highest, 1) {
		return ""
	}
	for id := range topology.ID(st.t.Len()) {
		if st.status[id] != topology.Down && st.use(id) >= highest*(1-topology.Tolerance) {
			return st.t.Name(id)
		}
	}
	return ""
}
