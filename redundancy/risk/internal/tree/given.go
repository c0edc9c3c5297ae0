package tree

// What a basic event may be given to do.
type Given int8

// The zero value is nothing.
const (
	Open Given = iota
	Works
	Failed
)

// Given returns what is left of a tree where some of its events are given to fail, or to work, and whether it fails for certain.
// The events keep their numbers.
func (t *Tree) Given(state []Given) (left *Tree, fails bool) {
	if t.Top == None {
		return t, false
	}
	p := propagator{from: t, to: New(t.Events), node: make([]int32, t.Len()), parents: make([]int32, t.Len())}
	for n := range int32(t.Len()) {
		switch {
		case !t.IsEvent(n):
			p.node[n] = p.rewrite(n)
		case state[n] == Works:
			p.node[n] = never
		case state[n] == Failed:
			p.node[n] = always
		default:
			p.node[n] = n
		}
	}
	if top := p.node[t.Top]; top >= 0 {
		p.to.Top = top
	}
	return p.to.trimmed(), p.node[t.Top] == always
}
