package chance

// Marks are what the way back needs of G: where its rows are not all but impossible, and their values where the walk
// may end.
type marks struct {
	all    []mark
	first  []int // of each level, in all
	values []float64
}

// A mark is what is kept of one row.
type mark struct {
	low, end int // the numbers that are not all but impossible
	from     int // the first at which the walk may end
	at, till int // the values from there on
}

func (m *marks) clear() { m.all, m.first, m.values = m.all[:0], m.first[:0], m.values[:0] }

// level begins a level.
func (m *marks) level() { m.first = append(m.first, len(m.all)) }

// add keeps a row of the level begun last. Ends is the part at which the walk may end.
func (m *marks) add(row, ends counts) {
	at := len(m.values)
	m.values = append(m.values, ends.p...)
	m.all = append(m.all, mark{row.low, row.end(), ends.low, at, len(m.values)})
}

func (m *marks) rows(level int) []mark {
	end := len(m.all)
	if level+1 < len(m.first) {
		end = m.first[level+1]
	}
	return m.all[m.first[level]:end]
}

func (m *marks) ends(of mark) []float64 { return m.values[of.at:of.till] }
