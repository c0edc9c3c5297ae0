package choose

import "slices"

// mostPicks is the longest list that is counted.
const mostPicks = 1 << 62

// mostCells is the largest table of counts: of 64 MB, and less than a second's work. It is no hindrance to fewer than 2
// million classes, but for a few large ones: a list that needs more cells is longer than mostPicks then, or of fewer than
// 68 classes of which more than 100,000 items are taken and as many left.
const mostCells = 1 << 23

// Len returns the number of picks; false if that is more than 1<<62, or too much work to tell. It takes time in
// proportion to the number of classes, times the number of items taken or left, whichever is less.
func (s *Space) Len() (n int64, ok bool) { return s.count() }

func (s *Space) countPicks() (int64, bool) {
	switch {
	case s.none():
		return 0, true
	case s.single:
		ways, fits := smallBinomial(s.n, s.k)
		if !fits || ways > mostPicks {
			return 0, false
		}
		return int64(ways), true
	case s.cells() > mostCells:
		return 0, false
	}
	row, spare := []uint64{1}, []uint64(nil)
	for c := s.classes() - 1; c >= 0; c-- {
		next, ok := s.row(c, row, spare[:0])
		if !ok {
			return 0, false
		}
		row, spare = next, row
	}
	return int64(row[0]), true
}

// countRows returns by class, and one more for what is after the last, its row.
func (s *Space) countRows() [][]uint64 {
	cells := append(make([]uint64, 0, s.cells()), 1)
	rows := make([][]uint64, s.classes()+1)
	rows[s.classes()] = cells
	for c := s.classes() - 1; c >= 0; c-- {
		rows[c], _ = s.row(c, rows[c+1], cells[len(cells):])
		cells = cells[:len(cells)+len(rows[c])]
	}
	return rows
}

// row appends the number of ways to take from class c on what is left to take, for the least that can be left to the
// most, given the row of the class after. It returns false once a number is more than mostPicks: then that of all picks
// is, for what can be left is left by at least one of them.
func (s *Space) row(c int, after, row []uint64) ([]uint64, bool) {
	least, most := s.left(c)
	first, last := s.left(c + 1)
	size := int(s.start[c+1] - s.start[c])
	row = slices.Grow(row, most-least+1)
	ways, next := uint64(0), first // ways is the sum of those after that leave from left-size to left, next what comes next
	for left := least; left <= most; left++ {
		if gone := left - size - 1; gone >= first {
			ways -= after[gone-first]
		}
		for ; next <= min(left, last); next++ {
			if ways += after[next-first]; ways > mostPicks {
				return nil, false
			}
		}
		row = append(row, ways)
	}
	return row, true
}

// left returns the least and the most that can be left to take from class c on.
func (s *Space) left(c int) (least, most int) {
	before := int(s.start[c])
	return max(0, s.k-before), min(s.k, s.n-before)
}

// cells returns the number of cells of all rows.
func (s *Space) cells() int64 {
	cells := int64(0)
	for c := range s.start {
		least, most := s.left(c)
		cells += int64(most-least) + 1
	}
	return cells
}

func (s *Space) classes() int { return len(s.start) - 1 }
