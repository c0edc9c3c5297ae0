package schedule

import "slices"

// A profile is what is taken of a resource: level[i] in [from[i], from[i+1]), the last level for good.
type profile struct {
	from, level []int64
}

func (p *profile) reset() {
	p.from, p.level = append(p.from[:0], 0), append(p.level[:0], 0)
}

// earliest returns the first time from s on at which a job of duration d fits that takes during and keeps then; -1 if there is none.
func (p *profile) earliest(s, d, during, then, capacity int64) int64 {
	last := len(p.from) - 1
	if then > 0 {
		at := last
		for at >= 0 && p.level[at] <= capacity-then {
			at--
		}
		if at == last {
			return -1
		}
		if at >= 0 {
			s = max(s, p.from[at+1]-d)
		}
	}
	for at := p.at(s); at <= last && p.from[at] < s+d; at++ {
		if p.level[at] > capacity-during {
			if at == last {
				return -1
			}
			s = p.from[at+1]
		}
	}
	return s
}

// at returns the index of the level at a time.
func (p *profile) at(t int64) int { return lastBegun(p.from, t) }

// lastBegun returns the last of some times, in order, that is not after another; the first if all are.
func lastBegun(from []int64, at int64) int {
	low, high := 0, len(from)
	for high-low > 1 {
		if mid := (low + high) / 2; from[mid] <= at {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// split returns the index of a level that begins at a time.
func (p *profile) split(t int64) int {
	at := p.at(t)
	if p.from[at] == t {
		return at
	}
	p.from, p.level = slices.Insert(p.from, at+1, t), slices.Insert(p.level, at+1, p.level[at])
	return at + 1
}

// add places a job in [s, e).
func (p *profile) add(s, e, during, then int64) {
	at := p.split(s)
	end := at
	if e > s {
		end = p.split(e)
	}
	for i := at; i < end; i++ {
		p.level[i] += during
	}
	if then != 0 {
		for i := end; i < len(p.level); i++ {
			p.level[i] += then
		}
	}
}

// A generator builds schedules of a project.
type generator struct {
	*project
	profiles []profile
}

func newGenerator(p *project) *generator {
	return &generator{project: p, profiles: make([]profile, len(p.capacity))}
}

// serial starts one job after another as early as it fits beside those before it in the list: the serial scheme of Kelley
// (1963). It reports false if for some job that is never; not for lists in which jobs can be done one at a time.
func (g *generator) serial(list []int32, start []int64) bool {
	for r := range g.profiles {
		g.profiles[r].reset()
	}
	for _, j := range list {
		s := g.release[j]
		for _, i := range g.before[j] {
			s = max(s, start[i]+g.duration[i])
		}
		if s = g.fit(j, s); s < 0 {
			return false
		}
		start[j] = s
		for _, u := range g.uses[j] {
			g.profiles[u.resource].add(s, s+g.duration[j], u.during, u.then)
		}
	}
	return true
}

// fit returns the first time from s on at which a job fits; -1 if there is none.
func (g *generator) fit(j int32, s int64) int64 {
	uses := g.uses[j]
	for still := 0; still < len(uses); { // uses since the last that moved it
		for k := range uses {
			u := &uses[k]
			at := g.profiles[u.resource].earliest(s, g.duration[j], u.during, u.then, g.capacity[u.resource])
			if at < 0 {
				return -1
			}
			if at == s {
				still++
			} else {
				s, still = at, 1
			}
			if still == len(uses) {
				break
			}
		}
	}
	return s
}
