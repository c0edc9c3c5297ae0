package maintenance

import "github.com/ridethrough/ridethrough/topology"

// A stage is a state of a group.
type stage struct {
	phase Phase
	off   []topology.ID // down, and whatever needs too many of these
	boot  []topology.ID // booting, if what it needs runs; else down
	drain []topology.ID // running, out of rotation
	cold  []topology.ID // in rotation, with the cold part of its capacity
	named []topology.ID // taken out: a demand among them is not asked for
}

// stages returns the states that a group passes through if all of it goes at one instant. What is in rotation as soon as it is
// ready is cold from then on.
func (g *group) stages(q *question) []*stage {
	var all []*stage
	if len(g.turns) > 0 {
		all = append(all, &stage{phase: Drained, drain: g.turns})
	}
	all = append(all, &stage{phase: Off, off: g.named})
	for _, w := range g.waves {
		s := &stage{phase: Booting, boot: w.boot, off: w.rest}
		s.drain, s.cold = q.back(w.ready)
		all = append(all, s)
	}
	drain, cold := q.back(g.down)
	if len(cold) > 0 && len(drain) > 0 { // else it is as if drained, or as cold as it will be
		all = append(all, &stage{phase: Ready, drain: drain, cold: cold})
	}
	if len(g.wounded) > 0 {
		all = append(all, &stage{phase: Cold, cold: g.wounded})
	}
	for _, s := range all {
		s.named = g.named
	}
	return all
}

// back divides what is ready into what waits for rotation and what is in it, cold.
func (q *question) back(ready []topology.ID) (drain, cold []topology.ID) {
	for _, id := range ready {
		if q.rotates[id] {
			drain = append(drain, id)
		} else if q.warms(id) {
			cold = append(cold, id)
		}
	}
	return drain, cold
}
