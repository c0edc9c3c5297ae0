// Package pool recognises the commonest shape of a fleet, for which much is known exactly: one demand, and one equally
// loaded pool of servers that carries it.
//
// The servers may be of any capacities, stand on failure domains of any sizes (boards, dual feeds, racks on boards), and
// draw on components with a capacity, directly or further up. In each state every server in rotation carries the same
// load q, and the load of all else is a sum over servers of base + rate·q.
package pool

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// A Pool is a fleet of that shape.
type Pool struct {
	Topology   *topology.Topology
	Demand     topology.ID    // the only component with a demand
	Link       *topology.Link // its only supply, with an equal share
	Base, Rate float64        // the pool carries Base + Rate · the demand
	Need       int            // servers that must be up for the demand to be
	Servers    []topology.ID  // in order of declaration
	Power      []topology.ID  // components with a capacity that get load from servers, in order of declaration

	place map[topology.ID]int // by server: where it stands in Servers
	power map[topology.ID]int // by component: where it stands in Power
}

// Find returns the pool of a topology, or a sentence that says why it does not have the shape; then the pool is nil.
// It takes time in proportion to the components and links.
func Find(t *topology.Topology) (p *Pool, reason string) {
	p = &Pool{Topology: t, place: map[topology.ID]int{}, power: map[topology.ID]int{}}
	for _, find := range []func() string{p.findDemand, p.findServers, p.findPower} {
		if reason := find(); reason != "" {
			return nil, reason
		}
	}
	return p, ""
}

func (p *Pool) findDemand() string {
	t, found := p.Topology, 0
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			if found++; found == 1 {
				p.Demand = id
			} else {
				return fmt.Sprintf("there are several demands, %s and %s among them.", t.Name(p.Demand), t.Name(id))
			}
		}
	}
	switch {
	case found == 0:
		return "there is no demand."
	case len(t.PoolsOf(p.Demand)) > 0:
		return fmt.Sprintf("%s has a demand and is drawn on as well.", t.Name(p.Demand))
	case !unlimited(t, p.Demand):
		return fmt.Sprintf("%s has a demand and a capacity of its own.", t.Name(p.Demand))
	}
	return p.findLink()
}

func (p *Pool) findLink() string {
	t := p.Topology
	for i, l := range t.Links(p.Demand) {
		if l.Pool < 0 {
			continue
		}
		if p.Link != nil {
			return fmt.Sprintf("%s has several supplies.", t.Name(p.Demand))
		}
		p.Link = &t.Links(p.Demand)[i]
	}
	if t.Pools()[p.Link.Pool].Share != topology.Equal { // New has seen to it that there is a link
		return fmt.Sprintf("the share of %s is %s, not equal.", t.Name(p.Demand), p.Link.Supply.Share)
	}
	p.Base, p.Rate, p.Need = p.Link.Supply.Base, p.Link.Supply.Rate(), p.Link.Need
	return ""
}

func (p *Pool) findServers() string {
	t := p.Topology
	p.Servers = sorted(p.Link.Members)
	for i, id := range p.Servers {
		if len(t.PoolsOf(id)) > 1 {
			return fmt.Sprintf("%s carries load of others than %s.", t.Name(id), t.Name(p.Demand))
		}
		p.place[id] = i
	}
	if owners := t.Pools()[p.Link.Pool].Owners; len(owners) > 1 {
		return fmt.Sprintf("%s and %s draw on the same servers.", t.Name(owners[0]), t.Name(owners[1]))
	}
	return ""
}

// findPower walks all that servers draw on.
func (p *Pool) findPower() string {
	t := p.Topology
	seen := make([]bool, len(t.Pools()))
	reached := map[topology.ID]bool{}
	queue := p.Servers
	for ; len(queue) > 0; queue = queue[1:] {
		for i := range t.Links(queue[0]) {
			l := &t.Links(queue[0])[i]
			if reason := p.checkDraw(queue[0], l); reason != "" {
				return reason
			}
			if l.Pool < 0 || seen[l.Pool] {
				continue
			}
			seen[l.Pool] = true
			for _, m := range l.Members {
				if !reached[m] {
					reached[m] = true
					queue = append(queue[:len(queue):len(queue)], m)
				}
			}
		}
	}
	for id := range topology.ID(t.Len()) {
		if !reached[id] || unlimited(t, id) {
			continue
		}
		if t.Overload(id).Shed {
			return fmt.Sprintf("%s, which servers draw on, sheds.", t.Name(id))
		}
		p.power[id] = len(p.Power)
		p.Power = append(p.Power, id)
	}
	return ""
}

// checkDraw says what keeps a link from splitting load in fixed parts over members, of which one at least takes it.
func (p *Pool) checkDraw(owner topology.ID, l *topology.Link) string {
	if l.Pool < 0 {
		return ""
	}
	name, share := p.Topology.Name(owner), p.Topology.Pools()[l.Pool].Share
	switch share {
	case topology.Equal, topology.Weighted, topology.Each:
	default:
		return fmt.Sprintf("the share of %s is %s.", name, share)
	}
	for _, w := range l.Supply.Weights {
		if share == topology.Weighted && w == 0 {
			return fmt.Sprintf("a weight of %s is 0.", name)
		}
	}
	if l.Need == 0 {
		return fmt.Sprintf("a supply of %s is optional, so its load may go nowhere.", name)
	}
	return ""
}
