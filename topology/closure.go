package topology

// A Closure is the set of components that are down, closed: whatever needs too many of them is down as well.
// It is the greatest fixpoint, so components that need each other stay up together.
// It is not safe for concurrent use.
type Closure struct {
	t    *Topology
	down []bool
	live []int32 // by set: members that are up; counted only for sets that keep something up
	next []int32 // by set: how many of the links it keeps up are met no longer
}

// A Loss is a component going down.
type Loss struct {
	ID   ID
	Link *Link // the need or supply that is met no longer; nil for those that were failed
	Left int   // of its members that stand no earlier in the list: fewer than it needs
}

// Closure returns the state in which everything is up.
func (t *Topology) Closure() *Closure {
	c := &Closure{t: t, down: make([]bool, t.Len()), live: make([]int32, len(t.sets)), next: make([]int32, len(t.sets))}
	for s := range t.sets {
		c.live[s] = int32(len(t.sets[s].members))
	}
	return c
}

// Down reports whether a component is down.
func (c *Closure) Down(id ID) bool { return c.down[id] }

// Left returns how many members of a link are up. It counts only for links that keep their owner up.
func (c *Closure) Left(l *Link) int { return int(c.live[l.Set]) }

// Fail takes components down, and whatever is not up without them. It returns all that went down, those that were
// given first, each cause before its consequences. It takes time in proportion to these and the links they break.
func (c *Closure) Fail(ids ...ID) []Loss {
	var lost []Loss
	for _, id := range ids {
		lost = c.lose(lost, Loss{ID: id})
	}
	for i := 0; i < len(lost); i++ {
		for _, s := range c.t.setsOf(lost[i].ID) {
			for _, k := range c.unmet(s) {
				lost = c.lose(lost, Loss{ID: k.owner, Link: &c.t.links[k.link], Left: int(c.live[s])})
			}
		}
	}
	return lost
}

// lose appends a loss, unless the component is down already.
func (c *Closure) lose(lost []Loss, l Loss) []Loss {
	if c.down[l.ID] {
		return lost
	}
	c.down[l.ID] = true
	for _, s := range c.t.setsOf(l.ID) {
		c.live[s]--
	}
	return append(lost, l)
}

// unmet returns whom a set has just ceased to keep up.
func (c *Closure) unmet(s int32) []keep {
	keeps, first := c.t.keeps[s], c.next[s]
	for int(c.next[s]) < len(keeps) && c.t.links[keeps[c.next[s]].link].Need > int(c.live[s]) {
		c.next[s]++
	}
	return keeps[first:c.next[s]]
}

// Undo takes back the latest Fail that has not been taken back; lost is what that returned.
func (c *Closure) Undo(lost []Loss) {
	for _, l := range lost {
		c.down[l.ID] = false
		for _, s := range c.t.setsOf(l.ID) {
			c.live[s]++
			keeps := c.t.keeps[s]
			for c.next[s] > 0 && c.t.links[keeps[c.next[s]-1].link].Need <= int(c.live[s]) {
				c.next[s]--
			}
		}
	}
}
