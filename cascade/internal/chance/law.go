package chance

// A law is the joint distribution of how many domains are lost and how many servers are up: law[d] is that of the servers
// with d domains lost. Where lost domains are not counted there is only law[0].
type law []counts

// end is just past the largest number of servers.
func (l law) end() int {
	end := 0
	for _, c := range l {
		if len(c.p) > 0 {
			end = max(end, c.end())
		}
	}
	return end
}

// resize makes room for so many rows, and keeps what room the rows have.
func (l law) resize(rows int) law {
	if cap(l) < rows {
		l = append(l[:cap(l)], make(law, rows-cap(l))...)
	}
	return l[:rows]
}

// sum is the law of the sum of both, with fewer than so many domains lost. It takes the place of out.
func (m *meter) sum(out, a, b law, rows int) law {
	out = out.resize(min(rows, len(a)+len(b)-1))
	for d := range out {
		first, last := max(0, d-len(b)+1), min(d, len(a)-1)
		low, end := 0, 0
		for e := first; e <= last; e++ {
			x, y := a[e], b[d-e]
			switch {
			case len(x.p) == 0 || len(y.p) == 0:
			case low == end:
				low, end = x.low+y.low, x.end()+y.end()-1
			default:
				low, end = min(low, x.low+y.low), max(end, x.end()+y.end()-1)
			}
		}
		out[d].reset(low, end)
		for e := first; e <= last; e++ {
			m.convolve(out[d], a[e], b[d-e])
		}
		out[d] = out[d].trim()
	}
	m.spend(len(out))
	return out
}

// power is the law of the sum of so many independent ones.
func (m *meter) power(one law, count, rows int) law {
	all := law{always(0)}
	for ; count > 0; count /= 2 {
		if count%2 == 1 {
			all = m.sum(nil, all, one, rows)
		}
		if count > 1 {
			one = m.sum(nil, one, one, rows)
		}
	}
	return all
}
