// Package alike finds which components of a fleet nothing tells apart, alone or together with what hangs on them, and lists the sets of
// components that may fail, of those that are alike only the first.
//
// Nothing tells two servers on one board apart, if all that is said of them is the same; nor two boards with as many servers, all of
// them alike. So whatever becomes of the fleet when server-1 and board-2 are lost, becomes of it when server-5 and board-1 are.
//
// It is sound and not complete: sets that are told to be alike are, and a few that are alike may be told apart, where what is alike is
// not nested but crosswise, such as racks in a ring.
package alike

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A Fleet is the components that may fail, each at a place, so that what is alike stands together: a bunch is pieces of as many places
// that may change places with one another. Inside a piece there may be bunches again.
type Fleet struct {
	IDs   []topology.ID // by place
	Orbit []int32       // by place: those with the same number may stand for each other

	in      []int32 // by place: the innermost bunch
	bunches []bunch // the first is all, in one piece
}

// A bunch is places from one to before another, of pieces of a size.
type bunch struct {
	from, to, size int32
	up             int32 // the bunch that it is in a piece of
}

// Of finds what is alike in a fleet. It takes time in proportion to its components and links, times their logarithm, unless much is
// nested. What a set of those that may fail brings about when it is lost, by needs and by overload in plain rounds, and what its
// probability is, is the same for all that are alike.
func Of(ctx context.Context, t *topology.Topology, may func(topology.ID) bool) (*Fleet, error) {
	g, err := build(ctx, t, may)
	if err != nil {
		return nil, err
	}
	c, err := colour(ctx, g)
	if err != nil {
		return nil, err
	}
	pieces, err := cut(ctx, c)
	if err != nil {
		return nil, err
	}
	l := &layer{
		Fleet: &Fleet{}, colours: c, pieces: pieces, orbits: map[[2]int32]int32{},
		may: func(node int32) bool { return int(node) < t.Len() && may(topology.ID(node)) },
	}
	l.measure()
	l.bunches = []bunch{{0, l.size[0], l.size[0], -1}}
	l.lay(0, 0, -1)
	return l.Fleet, nil
}

// Orbits returns by number the components that may stand for each other, in order of declaration. Some numbers have none.
func (f *Fleet) Orbits() [][]topology.ID {
	var orbits [][]topology.ID
	for place, number := range f.Orbit {
		for int(number) >= len(orbits) {
			orbits = append(orbits, nil)
		}
		orbits[number] = append(orbits[number], f.IDs[place])
	}
	for _, ids := range orbits {
		slices.Sort(ids)
	}
	return orbits
}

// A layer puts components at places.
type layer struct {
	*Fleet
	*colours
	pieces []piece
	may    func(node int32) bool
	size   []int32            // by piece: its places
	orbits map[[2]int32]int32 // of what is in pieces of an orbit
}

// measure counts the places of each piece.
func (l *layer) measure() {
	l.size = make([]int32, len(l.pieces))
	for i := len(l.pieces) - 1; i >= 0; i-- {
		for _, node := range l.pieces[i].heads {
			if l.may(node) {
				l.size[i]++
			}
		}
		for _, part := range l.pieces[i].parts {
			l.size[i] += l.size[part]
		}
	}
}

// lay gives what is in a piece of an orbit the next places, in a bunch.
func (l *layer) lay(at, bunch, orbit int32) {
	p := &l.pieces[at]
	for _, node := range p.heads {
		if l.may(node) {
			l.IDs = append(l.IDs, topology.ID(node))
			l.Orbit = append(l.Orbit, l.orbit(orbit, -1-l.colour[node]))
			l.in = append(l.in, bunch)
		}
	}
	for parts := p.parts; len(parts) > 0; {
		n := 1
		for n < len(parts) && l.pieces[parts[n]].sort == l.pieces[parts[0]].sort {
			n++
		}
		l.layAlike(parts[:n], bunch, orbit)
		parts = parts[n:]
	}
}

// orbit numbers what is of a colour, or pieces of a sort, in all pieces of an orbit.
func (l *layer) orbit(in, what int32) int32 { return number(l.orbits, [2]int32{in, what}) }

// layAlike gives pieces of one sort the next places. A bunch of one piece would be none.
func (l *layer) layAlike(parts []int32, in, orbit int32) {
	size := l.size[parts[0]]
	if size == 0 {
		return
	}
	orbit = l.orbit(orbit, l.pieces[parts[0]].sort)
	if len(parts) == 1 {
		l.lay(parts[0], in, orbit)
		return
	}
	from, at := int32(len(l.IDs)), int32(len(l.bunches))
	l.bunches = append(l.bunches, bunch{from, from + int32(len(parts))*size, size, in})
	for _, part := range parts {
		l.lay(part, at, orbit)
	}
}
