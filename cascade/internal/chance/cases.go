package chance

import "math/bits"

// mostCases is how many cases are kept at once: all of 20 domains, or 21.
const mostCases = 1 << 21

// Cases are what the wide domains may leave, each with its probability. A case is a number whose digits, in a code,
// are how many servers of each sort are in domains that are up; the first digit is how many domains are down. Cases that
// leave the same are one, so they are in order and each is there once.
type cases struct {
	list   []uint64
	chance []float64
}

// A code says how the digits of a case are read.
type code struct {
	digits []digit
	down   uint64 // what a domain that is down adds
	up     []uint64
}

// A digit counts servers of one group, or domains of one kind: what one more of it has.
type digit struct {
	unit  uint64
	parts []part
}

// code finds a code for the wide domains: by groups, for that makes more cases one; if that has too many digits, by kinds.
func (f *fleet) code() (code, bool) {
	if c, ok := f.byGroup(); ok {
		return c, true
	}
	return f.byKind()
}

func (f *fleet) byGroup() (code, bool) {
	most := make([]int, len(f.servers))
	for _, d := range f.wide {
		for _, p := range d.parts {
			most[p.group] += p.count
		}
	}
	unit, next, ok := make([]uint64, len(most)), uint64(1), true
	var c code
	for g := len(most) - 1; g >= 0; g-- {
		if most[g] == 0 {
			continue
		}
		unit[g] = next
		c.digits = append(c.digits, digit{next, []part{{g, 1}}})
		if next, ok = times(next, most[g]+1); !ok {
			return code{}, false
		}
	}
	for _, d := range f.wide {
		up := uint64(0)
		for _, p := range d.parts {
			up += unit[p.group] * uint64(p.count)
		}
		c.up = append(c.up, up)
	}
	return f.counting(c, next)
}

func (f *fleet) byKind() (code, bool) {
	next, ok := uint64(1), true
	var c code
	for rest := f.wide; len(rest) > 0; {
		count := 0
		for count < len(rest) && compareDomains(rest[0], rest[count]) == 0 {
			count++
			c.up = append(c.up, next)
		}
		c.digits = append(c.digits, digit{next, rest[0].parts})
		rest = rest[count:]
		if next, ok = times(next, count+1); !ok {
			return code{}, false
		}
	}
	return f.counting(c, next)
}

// counting adds the digit that counts domains that are down, above the others.
func (f *fleet) counting(c code, next uint64) (code, bool) {
	if f.down == 0 {
		return c, true
	}
	c.down = next
	_, ok := times(next, f.down+2)
	return c, ok
}

func times(x uint64, by int) (uint64, bool) {
	high, low := bits.Mul64(x, uint64(by))
	return low, high == 0
}

// cases lists them, at most so many; false if there are more.
func (f *fleet) cases(m *meter, c code, most int) (cases, bool) {
	all := cases{[]uint64{0}, []float64{1}}
	for i, d := range f.wide {
		all = all.with(d.down, c.down, c.up[i])
		if f.down > 0 {
			others := len(f.wide) - 1 - i + len(f.narrow) + len(f.empty)
			all = all.between(uint64(max(0, f.down-others))*c.down, uint64(f.down+1)*c.down)
		}
		if len(all.list) > most {
			return cases{}, false
		}
		if !m.spend(len(all.list)) {
			break
		}
	}
	return all, true
}

// with has one more domain: each case is one in which it is down, which adds so much, and one in which it is up. Both keep
// the order.
func (c cases) with(q float64, down, up uint64) cases {
	n := len(c.list)
	out := cases{make([]uint64, 0, 2*n), make([]float64, 0, 2*n)}
	for i, j := 0, 0; i < n || j < n; {
		var at uint64
		sum := 0.0
		first, second := i < n, j < n
		if first && second {
			first, second = c.list[i]+down <= c.list[j]+up, c.list[j]+up <= c.list[i]+down
		}
		if first {
			at, sum = c.list[i]+down, float64(c.chance[i]*q)
			i++
		}
		if second {
			at = c.list[j] + up
			sum += float64(c.chance[j] * (1 - q))
			j++
		}
		if sum >= tiny {
			out.list, out.chance = append(out.list, at), append(out.chance, sum)
		}
	}
	return out
}

// between are the cases from one until just before another.
func (c cases) between(from, end uint64) cases {
	low, high := 0, len(c.list)
	for low < high && c.list[low] < from {
		low++
	}
	for high > low && c.list[high-1] >= end {
		high--
	}
	return cases{c.list[low:high], c.chance[low:high]}
}
