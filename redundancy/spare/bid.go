package spare

import (
	"cmp"
	"math/big"
	"slices"
)

// A bid is a purchase that has not been asked yet. It is made of one that has been, by one more of a column that is no cheaper
// than those it has: so no purchase is made twice, and of each that is asked at most two wait.
type bid struct {
	cost   *big.Rat
	bought []bought // in order of the columns
	before []bought // without the latest
	latest int      // which is of this column, counted from the cheapest; -1 if nothing is bought
}

// bought is how many of a column.
type bought struct{ column, n int }

// compare puts the cheaper bid first, of those that cost the same the one that has more of the first column, and so on.
func (b *bid) compare(other *bid) int {
	if order := b.cost.Cmp(other.cost); order != 0 {
		return order
	}
	return slices.CompareFunc(b.bought, other.bought, func(a, b bought) int {
		return cmp.Or(cmp.Compare(a.column, b.column), cmp.Compare(b.n, a.n))
	})
}

// A market makes bids.
type market struct {
	columns []column
	cheap   []int // columns, the cheapest first, of equal ones the one offered first
}

func newMarket(columns []column) *market {
	m := &market{columns: columns}
	for j := range columns {
		m.cheap = append(m.cheap, j)
	}
	slices.SortStableFunc(m.cheap, func(a, b int) int { return columns[a].cost.Cmp(columns[b].cost) })
	return m
}

// bid is what was bought before at a cost, and one more of a column counted from the cheapest; nil if there is none.
func (m *market) bid(before []bought, cost *big.Rat, at int) *bid {
	if at == len(m.cheap) {
		return nil
	}
	j := m.cheap[at]
	i, found := slices.BinarySearchFunc(before, j, func(b bought, j int) int { return cmp.Compare(b.column, j) })
	if found && before[i].n == m.columns[j].most {
		return m.bid(before, cost, at+1)
	}
	all := slices.Clone(before)
	if found {
		all[i].n++
	} else {
		all = slices.Insert(all, i, bought{j, 1})
	}
	return &bid{new(big.Rat).Add(cost, m.columns[j].cost), all, before, at}
}

// next are the bids that come after one: one more of its latest column, or of the next one instead.
func (m *market) next(b *bid) (all []*bid) {
	if more := m.bid(b.bought, b.cost, max(b.latest, 0)); more != nil {
		all = append(all, more)
	}
	if b.latest < 0 {
		return all
	}
	cost := new(big.Rat).Sub(b.cost, m.columns[m.cheap[b.latest]].cost)
	if instead := m.bid(b.before, cost, b.latest+1); instead != nil {
		all = append(all, instead)
	}
	return all
}

// purchase is a bid by column.
func (m *market) purchase(b *bid) []int {
	x := make([]int, len(m.columns))
	for _, c := range b.bought {
		x[c.column] = c.n
	}
	return x
}
