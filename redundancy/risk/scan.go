package risk

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/few"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/topology"
)

// A Point is a single point of failure, or two components that are one together.
type Point struct {
	Group []string       `json:"group"` // one component, or two of which neither suffices; in order of declaration
	Takes topology.Names `json:"takes"` // what goes down with them, by what it needs, of what was asked about
	Count int            `json:"count"` // of Takes
}

// Points are all of some fleet. They print with those that are alike in one line.
type Points []Point

// Scan finds the single points of failure, and the groups of two, of all components of a pattern ("" is all) at once: which
// components take others down that need them, directly or further up. What is asked about is not a point of itself; it is one of
// others that need it.
//
// The smaller groups come first, then those that take more, then those declared first. It looks at needs alone, as [Shared] does;
// overload is left apart. Options.Size is 1 or 2; 0 is 2. [Analyze] goes further, for one component.
//
// Time and memory are in proportion to the groups found, times what they take, and to the pairs in one pool that could take
// enough of it. A hundred thousand servers with two feeds each take some seconds. The error names what the topology does not have,
// says that there are too many groups of two, some ten millions, or that
// Options.Common is of no use here, or is ctx's.
func Scan(ctx context.Context, t *topology.Topology, pattern string, o Options) (Points, error) {
	size := cmp.Or(o.Size, 2)
	if size < 1 || size > 2 {
		return nil, fmt.Errorf("size %d: give 1 or 2; Analyze finds larger groups, of one component", o.Size)
	}
	if err := o.noCommon(); err != nil {
		return nil, err
	}
	owners, err := selected(t, pattern)
	if err != nil {
		return nil, err
	}
	may, err := o.mayFail(t)
	if err != nil {
		return nil, err
	}
	f, err := tree.Of(ctx, t, owners, may)
	if err != nil {
		return nil, err
	}
	sets, err := few.Find(ctx, f.Tree, size)
	if errors.Is(err, few.ErrTooMany) {
		return nil, fmt.Errorf("%w: ask for groups of one, with Size 1, or about fewer components", err)
	} else if err != nil {
		return nil, err
	}
	return pointsOf(t, owners, f, sets), nil
}

func pointsOf(t *topology.Topology, owners []topology.ID, f *tree.Forest, sets []few.Sets) Points {
	s := scan{Forest: f, t: t, takes: map[few.Pair][]int{}, names: map[string]topology.Names{}}
	s.classify(owners, sets)
	for k, c := range s.classes {
		if c.own != tree.None {
			s.take(few.Pair{c.own, c.own}, k)
		}
		for _, e := range c.base.Ones {
			s.take(few.Pair{e, e}, k)
		}
		for _, p := range c.base.Twos {
			s.take(p, k)
		}
	}
	return s.points()
}

// A scan gathers who is taken by which group. Components with the same sets are a class, and looked at together.
type scan struct {
	*tree.Forest
	t       *topology.Topology
	classes []class
	takes   map[few.Pair][]int        // the classes that a group takes; a single one is a pair with itself
	names   map[string]topology.Names // of what some classes have together
	key     []byte
}

// A class is components with the same cut sets, themselves apart.
type class struct {
	own  int32 // as in [few.Sets]; None if it is the component itself
	base *few.Family
	ids  []topology.ID
}

func (s *scan) classify(owners []topology.ID, sets []few.Sets) {
	type key struct {
		own  int32
		base *few.Family
	}
	known := map[key]int{}
	for _, id := range owners {
		node := s.Node[id]
		if node == tree.None {
			continue
		}
		k := key{sets[node].Own, sets[node].Base}
		if k.own != tree.None && s.Components[k.own] == id {
			k.own = tree.None
		}
		i, ok := known[k]
		if !ok {
			i = len(s.classes)
			known[k] = i
			s.classes = append(s.classes, class{own: k.own, base: k.base})
		}
		s.classes[i].ids = append(s.classes[i].ids, id)
	}
}

func (s *scan) take(p few.Pair, class int) { s.takes[p] = append(s.takes[p], class) }

func (s *scan) points() Points {
	all := Points{}
	order := slices.SortedFunc(maps.Keys(s.takes), few.Pair.Compare)
	for _, p := range order {
		point := Point{Group: []string{s.t.Name(s.Components[p[0]])}}
		if p[1] != p[0] {
			point.Group = append(point.Group, s.t.Name(s.Components[p[1]]))
		}
		if point.Takes, point.Count = s.taken(p); point.Count > 0 {
			all = append(all, point)
		}
	}
	slices.SortStableFunc(all, func(a, b Point) int {
		return cmp.Or(len(a.Group)-len(b.Group), b.Count-a.Count)
	})
	return all
}

// taken returns what a group takes, but for what is in it. Names are folded once for groups that take the same.
func (s *scan) taken(p few.Pair) (names topology.Names, count int) {
	var ids []topology.ID
	s.key = s.key[:0]
	itself := false
	for _, k := range s.takes[p] {
		ids = append(ids, s.classes[k].ids...)
		s.key = binary.LittleEndian.AppendUint64(s.key, uint64(k))
	}
	ids = slices.DeleteFunc(ids, func(id topology.ID) bool {
		is := id == s.Components[p[0]] || id == s.Components[p[1]]
		itself = itself || is
		return is
	})
	names, known := s.names[string(s.key)]
	if !known || itself {
		slices.Sort(ids)
		names = s.t.Names(ids)
	}
	if !known && !itself {
		s.names[string(s.key)] = names
	}
	return names, len(ids)
}
