package risk

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
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

// Scan finds the single points of failure, and the groups of two, of all components of some patterns (none is all) at once: which
// components take others down that need them, directly or further up. What is asked about is not a point of itself; it is one of
// others that need it.
//
// The smaller groups come first, then those that take more, then those declared first. It looks at needs alone, as [Shared] does;
// overload is left apart. Options.Size is 1 or 2; 0 is 2. [Analyze] goes further, for one component.
//
// Time and memory are in proportion to the groups found, times what they take, and to the pairs in one pool that could take
// enough of it. A hundred thousand servers with two feeds each take some seconds. The error names what the topology does not have,
// says that Options.Common is of no use here, is [ErrTooMany] if there are more than two million groups, or fewer that take too
// many patterns to write down, or is ctx's.
func Scan(ctx context.Context, t *topology.Topology, owners topology.Names, o Options) (Points, error) {
	size := cmp.Or(o.Size, 2)
	if size < 1 || size > 2 {
		return nil, fmt.Errorf("size %d: give 1 or 2; Analyze finds larger groups, of one component", o.Size)
	}
	if err := o.noCommon(); err != nil {
		return nil, err
	}
	ids, err := selected(t, owners)
	if err != nil {
		return nil, err
	}
	may, err := o.mayFail(t)
	if err != nil {
		return nil, err
	}
	f, err := tree.Of(ctx, t, ids, may)
	if err != nil {
		return nil, err
	}
	sets, err := few.Find(ctx, f.Tree, size)
	if errors.Is(err, few.ErrTooMany) {
		return nil, tooMany(size)
	} else if err != nil {
		return nil, err
	}
	s := scan{Forest: f, t: t, takes: map[few.Pair][]int32{}, names: map[string]topology.Names{}}
	s.classify(ids, sets)
	points, err := s.points(ctx)
	if errors.Is(err, ErrTooMany) {
		return nil, tooMany(size)
	}
	return points, err
}

// ErrTooMany says that there are more points of failure than [Scan] or [Shared] tells.
var ErrTooMany = errors.New("there are too many points of failure")

func tooMany(size int) error {
	if size == 1 {
		return fmt.Errorf("%w: ask about fewer components", ErrTooMany)
	}
	return fmt.Errorf("%w: ask for those of one, with Size 1, or about fewer components", ErrTooMany)
}

// What is told may take 700 MB: a point costs some 350 bytes, and each pattern of what it takes 16.
const (
	maxPoints = 2_000_000
	pointCost = 20 // in patterns
	maxTold   = pointCost * maxPoints
)

// A scan gathers who is taken by which group. Components with the same sets are a class, and looked at together.
type scan struct {
	*tree.Forest
	t       *topology.Topology
	classes []class
	takes   map[few.Pair][]int32      // the classes that a group takes; a single one is a pair with itself
	names   map[string]topology.Names // of what some classes have together
	key     []byte
	told    int // of maxTold
	steps   int // since the context was looked at
}

// A class is components with the same cut sets: those of a base, or the one of an event that they own. A component is in one of
// either, and no set is in both.
type class struct {
	sets *few.Family
	ids  []topology.ID
}

func (s *scan) classify(owners []topology.ID, sets []few.Sets) {
	known := map[*few.Family]int{}
	add := func(family *few.Family, id topology.ID) {
		i, ok := known[family]
		if !ok {
			i = len(s.classes)
			known[family] = i
			s.classes = append(s.classes, class{sets: family})
		}
		s.classes[i].ids = append(s.classes[i].ids, id)
	}
	alone := map[int32]*few.Family{}
	for _, id := range owners {
		node := s.Node[id]
		if node == tree.None {
			continue
		}
		add(sets[node].Base, id)
		own := sets[node].Own
		if own == tree.None || s.Components[own] == id {
			continue
		}
		if alone[own] == nil {
			alone[own] = &few.Family{Ones: []int32{own}}
		}
		add(alone[own], id)
	}
}

// turn notes for each group the classes that it takes.
func (s *scan) turn(ctx context.Context) error {
	for k, c := range s.classes {
		for _, e := range c.sets.Ones {
			if err := s.take(ctx, few.Pair{e, e}, int32(k)); err != nil {
				return err
			}
		}
		for _, p := range c.sets.Twos {
			if err := s.take(ctx, p, int32(k)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *scan) take(ctx context.Context, p few.Pair, class int32) error {
	s.takes[p] = append(s.takes[p], class)
	if len(s.takes) > maxPoints {
		return ErrTooMany
	}
	return s.look(ctx, 1)
}

// look counts steps, and looks at the context at every so many.
func (s *scan) look(ctx context.Context, steps int) error {
	if s.steps += steps; s.steps < 1<<12 {
		return nil
	}
	s.steps = 0
	return ctx.Err()
}

func (s *scan) points(ctx context.Context) (Points, error) {
	if err := s.turn(ctx); err != nil {
		return nil, err
	}
	all := Points{}
	for _, p := range s.groups() {
		point := Point{Group: []string{s.t.Name(s.Components[p[0]])}}
		if p[1] != p[0] {
			point.Group = append(point.Group, s.t.Name(s.Components[p[1]]))
		}
		point.Takes, point.Count = s.taken(p)
		if err := s.look(ctx, 1+point.Count); err != nil {
			return nil, err
		}
		if point.Count > 0 {
			all = append(all, point)
			s.told += pointCost
		}
		if s.told > maxTold {
			return nil, ErrTooMany
		}
	}
	return ordered(all), ctx.Err()
}

// groups returns the groups that take something, in order.
func (s *scan) groups() []few.Pair {
	keys := make([]uint64, 0, len(s.takes)) // plain numbers are sorted many times as fast
	for p := range s.takes {
		keys = append(keys, uint64(p[0])<<32|uint64(p[1]))
	}
	slices.Sort(keys)
	groups := make([]few.Pair, len(keys))
	for i, key := range keys {
		groups[i] = few.Pair{int32(key >> 32), int32(key & math.MaxUint32)}
	}
	return groups
}

// ordered returns points by their size, and those that take more first.
func ordered(points Points) Points {
	keys := make([]uint64, len(points)) // size, what is not taken, and the place, which there are fewer than 2^31 of each
	for i, p := range points {
		keys[i] = uint64(len(p.Group)-1)<<63 | uint64(math.MaxInt32-p.Count)<<32 | uint64(i)
	}
	slices.Sort(keys)
	all := make(Points, len(points))
	for i, key := range keys {
		all[i] = points[key&math.MaxUint32]
	}
	return all
}

// taken returns what a group takes, but for what is in it. Names are folded once for groups that take the same.
func (s *scan) taken(p few.Pair) (names topology.Names, count int) {
	var ids []topology.ID
	s.key = s.key[:0]
	itself := false
	for _, k := range s.takes[p] {
		ids = append(ids, s.classes[k].ids...)
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(k))
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
		s.told += len(names)
	}
	if !known && !itself {
		s.names[string(s.key)] = names
	}
	return names, len(ids)
}
