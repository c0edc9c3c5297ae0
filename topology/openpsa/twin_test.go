package openpsa

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A tree is a model as its text has it, evaluated by the definitions of the connectives.
type tree struct {
	gates  []*branch // each refers to those before it
	houses []bool
	events int
}

// A branch is a formula: op is "event", "gate" or "house" for references.
type branch struct {
	op   string
	n    int // which event, gate or house event; the bound of atleast, or of constant
	high int // of cardinality
	args []*branch
}

// randomTree writes whatever formulas, or coherent ones.
func randomTree(r *rand.Rand, coherent bool) *tree {
	m := &tree{events: 1 + r.IntN(7)}
	for range r.IntN(3) {
		m.houses = append(m.houses, r.IntN(2) == 0)
	}
	for range 1 + r.IntN(6) {
		m.gates = append(m.gates, m.branch(r, 3, coherent))
	}
	return m
}

func (m *tree) branch(r *rand.Rand, depth int, coherent bool) *branch {
	if depth == 0 || r.IntN(3) == 0 {
		return m.leaf(r)
	}
	ops := []string{"and", "or", "atleast"}
	if r.IntN(8) == 0 && len(m.houses) > 0 {
		return &branch{op: "not", args: []*branch{{op: "house", n: r.IntN(len(m.houses))}}}
	}
	if !coherent && r.IntN(5) == 0 {
		ops = []string{"not", "xor", "iff", "nand", "nor", "imply", "cardinality"}
	}
	b := &branch{op: ops[r.IntN(len(ops))]}
	n := map[string]int{"not": 1, "imply": 2}[b.op]
	if n == 0 {
		n = 1 + r.IntN(4)
	}
	for range n {
		b.args = append(b.args, m.branch(r, depth-1, coherent))
	}
	if b.op == "atleast" || b.op == "cardinality" {
		b.args = m.distinct(b.args)
		b.n = r.IntN(len(b.args) + 1)
		b.high = b.n + r.IntN(len(b.args)+1-b.n)
	}
	return b
}

// distinct keeps one of references to the same.
func (m *tree) distinct(args []*branch) (all []*branch) {
	for _, a := range args {
		same := func(b *branch) bool { return a.op == b.op && a.n == b.n && len(a.args) == 0 }
		if !slices.ContainsFunc(all, same) {
			all = append(all, a)
		}
	}
	return all
}

func (m *tree) leaf(r *rand.Rand) *branch {
	switch n := r.IntN(10); {
	case n < 3 && len(m.gates) > 0:
		return &branch{op: "gate", n: r.IntN(len(m.gates))}
	case n == 3 && len(m.houses) > 0:
		return &branch{op: "house", n: r.IntN(len(m.houses))}
	case n == 4 && r.IntN(3) == 0:
		return &branch{op: "constant", n: r.IntN(2)}
	}
	return &branch{op: "event", n: r.IntN(m.events)}
}

// fails evaluates a formula.
func (m *tree) fails(b *branch, failed []bool) bool {
	switch b.op {
	case "event":
		return failed[b.n]
	case "gate":
		return m.fails(m.gates[b.n], failed)
	case "house":
		return m.houses[b.n]
	case "constant":
		return b.n == 1
	}
	var values []bool
	count := 0
	for _, a := range b.args {
		v := m.fails(a, failed)
		values = append(values, v)
		if v {
			count++
		}
	}
	switch b.op {
	case "and":
		return count == len(values)
	case "or":
		return count > 0
	case "atleast":
		return count >= b.n
	case "cardinality":
		return count >= b.n && count <= b.high
	case "not", "nor":
		return count == 0
	case "nand":
		return count < len(values)
	case "imply":
		return !values[0] || values[1]
	}
	all := values[0]
	for _, v := range values[1:] {
		all = (all != v) == (b.op == "xor")
	}
	return all
}

// Names with characters that mean something in a pattern.
func eventName(n int) string {
	return []string{"e-1", "e-2", "a,b", "[x]", "2 of e", "k=v", `b\{c}`}[n]
}

func gateName(n int) string { return []string{"gate", "basic event", "g/1", "g", "t", "u-[1]"}[n] }

func (m *tree) write(b *branch) string {
	quoted := func(tag, name string) string {
		return fmt.Sprintf("<%s name=%q/>", tag, strings.ReplaceAll(name, `\`, "&#92;"))
	}
	switch b.op {
	case "event":
		return quoted("basic-event", eventName(b.n))
	case "gate":
		return quoted("event", gateName(b.n))
	case "house":
		return quoted("house-event", fmt.Sprint("h", b.n))
	case "constant":
		return fmt.Sprintf(`<constant value="%v"/>`, b.n == 1)
	}
	var text strings.Builder
	for _, a := range b.args {
		text.WriteString(m.write(a))
	}
	return fmt.Sprintf(`<%s min="%d" max="%d">%s</%s>`, b.op, b.n, b.high, text.String(), b.op)
}

// files writes the declarations in any order, into two files.
func (m *tree) files(r *rand.Rand) []io.Reader {
	var all []string
	for n, g := range m.gates {
		all = append(all, fmt.Sprintf(`<define-gate name="%s">%s</define-gate>`, gateName(n), m.write(g)))
	}
	for n := range m.events {
		name := strings.ReplaceAll(eventName(n), `\`, "&#92;")
		all = append(all, fmt.Sprintf(`<define-basic-event name="%s"><float value="0.1"/></define-basic-event>`, name))
	}
	for n, h := range m.houses {
		all = append(all, fmt.Sprintf(`<define-house-event name="h%d"><constant value="%v"/></define-house-event>`, n, h))
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	cut := r.IntN(len(all) + 1)
	return []io.Reader{
		strings.NewReader(`<opsa-mef><define-fault-tree name="T">` + strings.Join(all[:cut], "\n") + `</define-fault-tree></opsa-mef>`),
		strings.NewReader(`<opsa-mef><define-fault-tree name="U">` + strings.Join(all[cut:], "\n") + `</define-fault-tree></opsa-mef>`),
	}
}

// component returns the name of the component of a gate, which is another where that is a kind.
func component(n int) string {
	if name := gateName(n); name != Gate && name != BasicEvent {
		return name
	}
	return gateName(n) + " (gate)"
}

// compare holds a fleet against the formulas, for random sets of failed events.
func (m *tree) compare(t *testing.T, r *rand.Rand, fleet *topology.Topology) {
	for range 20 {
		failed := make([]bool, m.events)
		c := fleet.Closure()
		for n := range failed {
			if failed[n] = r.IntN(2) == 0; failed[n] {
				id, ok := fleet.Lookup(eventName(n))
				require.True(t, ok, eventName(n))
				c.Fail(id)
			}
		}
		for n, g := range m.gates {
			id, ok := fleet.Lookup(component(n))
			require.True(t, ok, component(n))
			down := c.Down(id) || fleet.Unavailability(id) == 1
			require.Equal(t, m.fails(g, failed), down, "%s with %v of\n%s", component(n), failed, m.write(g))
		}
	}
}

// What is read of random trees fails as their formulas say. Where they are not coherent, they are refused, or constants
// decide.
func TestTwin(t *testing.T) {
	trees := 6000
	if testing.Short() {
		trees = 1500
	}
	read, refused, decided := 0, 0, 0
	for seed := range uint64(trees) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := randomTree(r, seed%3 > 0)
		spec, findings, err := Read(Options{}, m.files(r)...)
		if err != nil {
			require.Equal(t, []topology.Reason{NotCoherent}, reasons(err), "%v", err)
			require.Zero(t, seed%3, "%v", err)
			refused++
			continue
		}
		read++
		if strings.Contains(findings.String(), "by constants") {
			decided++
		}
		fleet, err := topology.New(spec)
		require.NoError(t, err)
		m.compare(t, r, fleet)
	}
	require.Greater(t, read, trees/2)
	require.Greater(t, refused, trees/20)
	require.Greater(t, decided, trees/20)
}

// Constants decide a connective where all that its other arguments may be leads to the same.
func TestDecide(t *testing.T) {
	cases := 0
	for op, limits := range connectives {
		for n := max(limits[0], 1); n <= min(limits[1], 4); n++ {
			for bounds := range (n + 1) * (n + 1) {
				low, high := bounds/(n+1), bounds%(n+1)
				if op == "atleast" {
					high = n
				}
				each(n, []truth{open, no, yes}, func(values []truth) {
					cases++
					require.Equal(t, decided(op, low, high, values), withArguments(op, low, high, values).decide(), "%s %d %d %v", op, low, high, values)
				})
			}
		}
	}
	require.Greater(t, cases, 1000)
}

// each calls f with all lists of n of the values.
func each(n int, values []truth, f func([]truth)) {
	if n == 0 {
		f(nil)
		return
	}
	for _, v := range values {
		each(n-1, values, func(rest []truth) { f(append([]truth{v}, rest...)) })
	}
}

func withArguments(op string, low, high int, values []truth) *formula {
	f := &formula{element: &element{tag: op}, min: low, max: high}
	for _, v := range values {
		f.args = append(f.args, &formula{value: v})
	}
	return f
}

// decided tries all that open arguments may be.
func decided(op string, low, high int, values []truth) truth {
	m, b := &tree{}, &branch{op: op, n: low, high: high}
	for n := range values {
		b.args = append(b.args, &branch{op: "event", n: n})
	}
	seen := map[bool]bool{}
	each(len(values), []truth{no, yes}, func(all []truth) {
		failed := make([]bool, len(all))
		for n, v := range all {
			if values[n] != open && values[n] != v {
				return
			}
			failed[n] = v == yes
		}
		seen[m.fails(b, failed)] = true
	})
	if len(seen) == 2 {
		return open
	}
	return truthOf(seen[true])
}
