package triage

import (
	"cmp"
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A search takes one choice after the other.
type search struct {
	*look
	ctx     context.Context
	servers []int32 // classes of servers
	best    choice
	found   admission // of best
	live    int32     // servers in rotation with best
	off     int32     // switched off
	top     float64   // the most value found; best has as much but for what counts as the same
	last    float64   // value of the choice tried last; negative if something is overloaded
	brings  []float64 // by pool: what a unit placed there brings to what is being relieved; 0 between times
	few     int       // choices that are all looked at
	intact  choice
}

// looks is how much work a search may do, in places of classes, sets and pools that are gone through.
const looks = 200_000_000

func newSearch(ctx context.Context, f *fleet) *search {
	s := &search{look: newLook(f), ctx: ctx, brings: make([]float64, len(f.pools)), best: f.asLeft(), intact: f.asLeft()}
	for c := range f.classes {
		if f.classes[c].server {
			s.servers = append(s.servers, int32(c))
		}
	}
	return s
}

// start looks at the choice in which all stay, and returns its value; negative if something is overloaded even so.
func (s *search) start() float64 {
	if s.try(s.intact); !s.found.fits {
		return -1
	}
	return s.found.value
}

// spent reports whether the search has to end.
func (s *search) spent() bool { return s.work > looks || s.ctx.Err() != nil }

// try looks at a choice and keeps it if it is better than the best; it returns the most that it could have.
func (s *search) try(c choice) (most float64) {
	a := s.admit(c)
	s.last = -1
	if !a.fits {
		return 0
	}
	s.last = a.value
	live, off := s.count(c)
	near := Alike * s.total
	switch {
	case !s.found.fits, a.value > s.top+near:
	case a.value < s.top-near:
		return a.most
	case live < s.live || live == s.live && off >= s.off:
		s.top = max(s.top, a.value)
		return a.most
	}
	s.best.copy(c)
	s.found, s.live, s.off, s.top = a, live, off, max(s.top, a.value)
	return a.most
}

// count returns how many servers are in rotation after the last look, and how many a choice switches off.
func (s *search) count(c choice) (live, off int32) {
	for _, i := range s.servers {
		live += s.on[i]
		off += s.classes[i].count() - c.on[i] - c.out[i]
	}
	return live, off
}

// run looks at every choice if these are few, and at good ones else.
func (s *search) run(b limit, a *Answer) {
	if s.enough(b.most) {
		return
	}
	if n := s.choices(); float64(n)*float64(s.size*s.width) < looks/4 && n <= s.few {
		if most, all := s.every(); all {
			a.Every, a.Most = true, min(a.Most, most)
			return
		}
	}
	s.descend(b.fraction)
	ones := slices.Repeat([]float64{1}, len(s.demands))
	if !slices.Equal(ones, b.fraction) {
		s.descend(ones)
	}
	s.level()
	s.improve(b.most)
	if s.top < b.most-Alike*s.total || !s.found.fits {
		a.Most = s.part(b.most)
		s.improve(a.Most)
	}
}

// enough reports whether nothing can be better than the choice in which all stay.
func (s *search) enough(most float64) bool {
	return s.found.fits && s.found.value >= most-Alike*s.total && s.live == s.rotating()
}

func (s *search) rotating() (n int32) {
	for _, c := range s.servers {
		n += s.intact.on[c]
	}
	return n
}

// maxChoices is the most choices that are all looked at.
const maxChoices = 20_000

// choices returns how many there are, or more than maxChoices.
func (s *search) choices() int {
	n := 1
	for _, c := range s.servers {
		k := int(s.classes[c].count())
		ways := k + 1
		if !s.classes[c].ready {
			ways = (k + 1) * (k + 2) / 2
		}
		if n *= ways; n > maxChoices {
			return n
		}
	}
	return n
}

// every looks at every choice. It returns the most that any has, and whether it was done.
func (s *search) every() (most float64, done bool) {
	c := s.intact.clone()
	done = true
	var rest func(i int)
	rest = func(i int) {
		if !done {
			return
		}
		if i == len(s.servers) {
			most = max(most, s.try(c))
			done = !s.spent()
			return
		}
		at := s.servers[i]
		n := s.classes[at].count()
		top := n
		if s.classes[at].ready {
			top = 0
		}
		for on := top; on >= 0; on-- {
			for out := n - on; out >= 0; out-- {
				c.on[at], c.out[at] = on, out
				rest(i + 1)
			}
		}
	}
	rest(0)
	return most, done
}

// answer writes down the best.
func (s *search) answer(a *Answer) {
	t := s.Topology
	a.Admit = make([]float64, t.Len())
	a.Fits, a.Value = s.found.fits, s.found.value
	a.Most = max(a.Most, a.Value)
	a.Status = slices.Clone(s.Status)
	if !a.Fits {
		return
	}
	for k, c := range s.demands {
		for _, id := range s.classes[c].ids {
			a.Admit[id] = s.found.fraction[k]
		}
	}
	s.take(s.best, s.found.fraction)
	s.name(a)
	for i := range s.classes {
		k := &s.classes[i]
		if s.up(int32(i)) == 0 {
			for _, id := range k.ids {
				a.Status[id] = topology.Down
			}
			continue
		}
		if k.limited() && s.on[i] > 0 && total(s.at(int32(i)), s.found.fraction) >= k.capacity-float64(k.capacity*4*topology.Tolerance) {
			a.Tight = append(a.Tight, k.ids[0])
		}
	}
	slices.Sort(a.Tight)
}

// name says which servers: of each class the first declared stay in rotation, the next up.
func (s *search) name(a *Answer) {
	for _, c := range s.servers {
		k := &s.classes[c]
		on, up := s.best.on[c], s.best.on[c]+s.best.out[c]
		for i, id := range k.ids {
			switch {
			case int32(i) < on:
				continue
			case int32(i) >= up:
				a.Off = append(a.Off, id)
				a.Status[id] = topology.Down
			case !k.ready:
				a.Out = append(a.Out, id)
				a.Status[id] = topology.Ready
			}
		}
		a.Live += int(s.on[c])
	}
	slices.Sort(a.Out)
	slices.Sort(a.Off)
}

// byWorth returns the demands, those first of which a unit is worth most.
func (f *fleet) byWorth() []int {
	order := make([]int, len(f.demands))
	unit := make([]float64, len(f.demands))
	for k, c := range f.demands {
		order[k], unit[k] = k, f.Worth[f.classes[c].ids[0]]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(unit[b], unit[a]) })
	return order
}
