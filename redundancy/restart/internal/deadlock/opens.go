package deadlock

// maxOpens bounds the work of looking at what starts: some tenths of a second.
const maxOpens = 20_000_000

// Opens returns for each of some lists of needs how many nodes start that cannot otherwise if they are done without; -1 where the
// work was bounded.
func (g *Graph) Opens(lists [][]int32) []int {
	w := newWalk(g)
	opens := make([]int, len(lists))
	for i, needs := range lists {
		if w.work > maxOpens {
			opens[i] = -1
			continue
		}
		mark, left := len(w.trail), w.left
		w.without(needs...)
		opens[i] = left - w.left
		w.undo(mark)
	}
	return opens
}
