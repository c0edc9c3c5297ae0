package alike

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
)

// A piece is nodes of a graph. Its heads are of colours that no other node of it has. Without them it falls apart, into pieces that
// are joined with nothing but themselves, its heads, and heads of what it is part of.
//
// Pieces of the same sort may change places, if they are part of the same: a node has edges to heads alone outside of its own
// piece, and its colour tells to which, for no two of those it could have edges to are of one colour.
type piece struct {
	heads []int32
	parts []int32 // pieces
	sort  int32
}

// A cutter cuts a graph into pieces.
type cutter struct {
	*colours
	pieces []piece
	open   []open
	mark   []int32 // by node: the piece to be cut that it is in; 0 for a head
	marks  int32
	count  []int32 // by colour, of one piece
}

// open is nodes that are to become a piece. They are in order.
type open struct {
	part  int32 // of this piece
	nodes []int32
}

// mostRounds bounds how deep pieces are cut. What is still whole then is taken for unlike everything.
const mostRounds = 64

// cut returns the pieces of a graph, the first of which is all of it. What they are part of comes before them.
func cut(ctx context.Context, c *colours) ([]piece, error) {
	k := &cutter{colours: c, mark: make([]int32, len(c.sort))}
	all := make([]int32, len(c.sort))
	for node := range all {
		all[node] = int32(node)
	}
	k.open = []open{{-1, all}}
	for round := 1; len(k.open) > 0; round++ {
		stuck, err := k.round(ctx)
		if err != nil {
			return nil, err
		}
		if round < mostRounds {
			k.tell(stuck)
		} else {
			k.tellAll(stuck)
		}
		if err := k.refine(ctx); err != nil {
			return nil, err
		}
		k.open = append(k.open, stuck...)
	}
	k.nameSorts()
	return k.pieces, nil
}

// round cuts what is open, and returns that of which no node has a colour for itself.
func (k *cutter) round(ctx context.Context) (stuck []open, err error) {
	now := k.open
	k.open = nil
	for _, o := range now {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		heads := k.heads(o.nodes)
		if len(heads) == 0 && o.part >= 0 {
			stuck = append(stuck, o)
			continue
		}
		at := int32(len(k.pieces))
		k.pieces = append(k.pieces, piece{heads: heads})
		if o.part >= 0 {
			k.pieces[o.part].parts = append(k.pieces[o.part].parts, at)
		}
		if len(heads) < len(o.nodes) {
			k.fallApart(at, heads, o.nodes)
		}
	}
	return stuck, nil
}

// heads returns the nodes whose colour no other of them has.
func (k *cutter) heads(nodes []int32) (heads []int32) {
	k.count = append(k.count, make([]int32, len(k.span)-len(k.count))...)
	for _, node := range nodes {
		k.count[k.colour[node]]++
	}
	for _, node := range nodes {
		if k.count[k.colour[node]] == 1 {
			heads = append(heads, node)
		}
	}
	for _, node := range nodes {
		k.count[k.colour[node]] = 0
	}
	return heads
}

// fallApart opens the parts of a piece.
func (k *cutter) fallApart(at int32, heads, nodes []int32) {
	k.marks++
	here := k.marks
	for _, node := range nodes {
		k.mark[node] = here
	}
	for _, node := range heads {
		k.mark[node] = 0
	}
	for _, node := range nodes {
		if k.mark[node] == here {
			k.open = append(k.open, open{at, k.joined(node, here)})
		}
	}
}

// joined returns all that is joined with a node, by nodes with the same mark, and takes the mark away.
func (k *cutter) joined(node, mark int32) []int32 {
	found := []int32{node}
	k.mark[node] = 0
	for i := 0; i < len(found); i++ {
		for _, e := range k.of(found[i]) {
			if k.mark[e.to] == mark {
				k.mark[e.to] = 0
				found = append(found, e.to)
			}
		}
	}
	slices.Sort(found)
	return found
}

// tell gives the first node of the rarest colour of each a colour for itself; those that have as many nodes of each colour get the
// same.
func (k *cutter) tell(stuck []open) {
	chosen := map[string][]int32{}
	var order []string
	for _, o := range stuck {
		key, rarest := k.census(o.nodes)
		if chosen[key] == nil {
			order = append(order, key)
		}
		first := slices.IndexFunc(o.nodes, func(node int32) bool { return k.colour[node] == rarest })
		chosen[key] = append(chosen[key], o.nodes[first])
	}
	for _, key := range order {
		k.part(chosen[key])
	}
}

// part gives nodes of one colour another, unless they are all of it.
func (k *cutter) part(some []int32) {
	if c := k.colour[some[0]]; int32(len(some)) < k.span[c].len() {
		k.follow([]int32{c, k.carve(c, some)})
	}
}

// tellAll gives each node a colour for itself.
func (k *cutter) tellAll(stuck []open) {
	for _, o := range stuck {
		for _, node := range o.nodes {
			k.part([]int32{node})
		}
	}
}

// census writes how many nodes there are of each colour, and returns the first of the rarest.
func (k *cutter) census(nodes []int32) (key string, rarest int32) {
	var colours []int32
	for _, node := range nodes {
		colours = append(colours, k.colour[node])
	}
	slices.Sort(colours)
	fewest := len(colours) + 1
	for from := 0; from < len(colours); {
		to := from
		for to < len(colours) && colours[to] == colours[from] {
			to++
		}
		if to-from < fewest {
			fewest, rarest = to-from, colours[from]
		}
		from = to
	}
	return text(colours), rarest
}

// nameSorts gives pieces the same sort that have heads of the same colours, and parts of the same sorts.
func (k *cutter) nameSorts() {
	known := map[string]int32{}
	for i := len(k.pieces) - 1; i >= 0; i-- {
		p := &k.pieces[i]
		slices.SortFunc(p.heads, func(a, b int32) int { return cmp.Compare(k.colour[a], k.colour[b]) })
		slices.SortStableFunc(p.parts, func(a, b int32) int { return cmp.Compare(k.pieces[a].sort, k.pieces[b].sort) })
		key := make([]int32, 0, 1+len(p.heads)+len(p.parts))
		key = append(key, int32(len(p.heads)))
		for _, node := range p.heads {
			key = append(key, k.colour[node])
		}
		for _, part := range p.parts {
			key = append(key, k.pieces[part].sort)
		}
		p.sort = number(known, text(key))
	}
}

func text(numbers []int32) string {
	b := make([]byte, 0, 4*len(numbers))
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return string(b)
}
