package restart

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxStays bounds what is said of what stays off: of so many classes.
const maxStays = 3

// stays says what a plan that serves all leaves off, or out of rotation, and what would be overloaded with one more of it when all has
// settled; "" if there is nothing to say.
func (c *compass) stays(ctx context.Context, p *Plan) string {
	off, out := c.leftOver(p)
	if len(off)+len(out) == 0 || p.short() {
		return ""
	}
	r, err := replayFrom(c.t, c.outcome, p)
	if err != nil || r.run(ctx) != nil {
		return ""
	}
	r.load(c.settled(p))
	r.flow.Update(r.state)
	var lines []string
	for _, ids := range c.byClass(off) {
		lines = append(lines, c.stay(ids, "off", c.whyOff(r, ids[0])))
	}
	for _, ids := range c.byClass(out) {
		lines = append(lines, c.stay(ids, "out of rotation", c.whyOut(r, ids[0])))
	}
	if n := len(lines) - maxStays; n > 0 {
		lines = append(lines[:maxStays], fmt.Sprintf("and so it is with %d more", n))
	}
	return strings.Join(lines, "; ")
}

// byClass puts together what nothing tells apart, in order of the first.
func (c *compass) byClass(ids []topology.ID) (all [][]topology.ID) {
	at := map[attempted]int{}
	for _, id := range ids {
		key := c.attempted(id, "")
		if _, known := at[key]; !known {
			at[key] = len(all)
			all = append(all, nil)
		}
		all[at[key]] = append(all[at[key]], id)
	}
	return all
}

// stay says "s-[7-9] stay off: with one of them board-1 would be overloaded: 230 W of 200 W".
func (c *compass) stay(ids []topology.ID, where, why string) string {
	verb, with := "stays", "with it"
	if len(ids) > 1 {
		verb, with = "stay", "with one of them"
	}
	text := fmt.Sprintf("%s %s %s", list(c.t.Names(ids)), verb, where)
	if why == "" {
		return text + ": nothing safe was found " + with
	}
	return text + ": " + with + " " + why
}

// whyOff says what would be overloaded while a component boots, or once it is ready; "" if nothing would by that alone.
func (c *compass) whyOff(r *replay, id topology.ID) string {
	for _, l := range c.limited[id] {
		if c.bootTime[id] > 0 && c.limits[l].most == 0 {
			return "more would boot of " + c.limits[l].pattern + " than may: none"
		}
	}
	why := ""
	if c.bootTime[id] > 0 {
		why = c.tooMuch(r, id, topology.Booting)
	}
	if why == "" && c.rotates[id] {
		return c.tooMuch(r, id, topology.Ready)
	} else if why == "" {
		return c.whyOut(r, id)
	}
	return why
}

// whyOut says what would be overloaded with a component in rotation, or that less would be served.
func (c *compass) whyOut(r *replay, id topology.ID) string {
	if why := c.tooMuch(r, id, topology.Up); why != "" {
		return why
	}
	s := cloneState(r.state)
	s.Status[id] = topology.Up
	flow := c.t.Flow(s)
	for i := range c.asked {
		if d := c.asked[i].id; flow.Served[d] < r.flow.Served[d]*(1-topology.Tolerance) {
			return "less of " + c.t.Name(d) + " would be served"
		}
	}
	return ""
}

// tooMuch says what would be overloaded the most if a component had a status; "" if nothing.
func (c *compass) tooMuch(r *replay, id topology.ID, status topology.Status) string {
	s := cloneState(r.state)
	if s.Status[id] = status; status == topology.Up {
		s.Capacity[id] *= max(coldest, warmth(c.t.Start(id), 0))
	}
	flow := c.t.Flow(s)
	full, worst := c.overloaded(s, flow)
	if len(full) == 0 {
		return ""
	}
	return c.t.Name(worst) + " would be overloaded" + c.beside(worst, s, flow)
}
