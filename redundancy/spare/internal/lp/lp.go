// Package lp writes what spare.Minimum answers as an integer program, so that solvers made by others can be asked the
// same. It is made from the definition alone, and shares nothing with the library but the names of a fleet.
//
// The variables are how often each offer is taken up. In each scenario, and with nothing lost, with n servers left, those
// that are bought included:
//
//   - The servers left carry the demand: n ≥ demand / capacity for the weakest of those there are, and for each that is
//     bought; and n ≥ need.
//   - Each board and each UPS that is left either has room for all that is reserved, base + perUnit · capacity of the
//     servers on it that are left, old and new; or nothing that draws on it is bought, and the true load fits: so much is
//     bought for it, and n is so high.
//
// A choice between two, and whether an offer is taken up at all, is a binary variable. What is left out changes nothing but
// the size of the program: a row that was written already is not written again; a server bought that is no weaker than the
// weakest left raises nothing; where the servers there are fit as reserved, the second alternative is part of the first.
// And n is written as the servers bought less those that are lost, not as a sum of all that are left: so a row has as many
// terms as the scenario loses.
package lp

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// A column is an offer of a server, or of capacity for one source.
type column struct {
	offer  *Offer
	name   string
	server *Group // what it is; nil: it is capacity
	source int    // for this
}

// of returns the server that it is like, or the source that it is capacity for.
func (c *column) of(f *Fleet) string {
	if c.server != nil {
		return c.offer.Like
	}
	return f.Sources[c.source].Name
}

// columns returns what can be bought, in the order of the offers.
func (f *Fleet) columns() (all []column) {
	first, place := map[string]*Group{}, map[string]int{}
	for i := range f.Servers {
		first[f.Servers[i].First()] = &f.Servers[i]
	}
	for i, x := range f.Sources {
		place[x.Name] = i
	}
	for i := range f.Offers {
		o := &f.Offers[i]
		if g := first[o.Like]; g != nil {
			server := *g
			if len(o.Needs) > 0 {
				server.On, server.Need = nil, len(o.Needs)
				for _, name := range o.Needs {
					server.On = append(server.On, place[name])
				}
			}
			all = append(all, column{offer: o, name: fmt.Sprint("x", len(all)), server: &server})
			continue
		}
		for source, x := range f.Sources {
			if (x.Name == o.For || x.Kind == o.For) && x.Capacity > 0 {
				all = append(all, column{offer: o, name: fmt.Sprint("x", len(all)), source: source})
			}
		}
	}
	return all
}

// A Program is the rows of an integer program.
type Program struct {
	fleet   *Fleet
	columns []column
	raises  []int // by source: the column that is more capacity for it; -1 for none
	rows    []string
	written map[string]bool
	binary  []string
	only    [][2]string // a column that is bought only if a binary is 1
	weak    []string    // by column: the binary that is 1 if it is bought; "" for none yet
	most    int         // servers of one offer that could be of use
	reserve []float64   // by column, for capacity: what it could have to have room for is so much,
	each    []float64   // and so much for each of the most of every offer of servers
	intact  []limit
	fixed   map[string]int // what is bought; nil: that is asked
}

// New makes the program of a fleet.
func New(f *Fleet) *Program {
	p := &Program{fleet: f, columns: f.columns(), written: map[string]bool{}}
	p.weak = make([]string, len(p.columns))
	p.reserve, p.each = make([]float64, len(p.columns)), make([]float64, len(p.columns))
	p.raises = slices.Repeat([]int{-1}, len(f.Sources))
	all := []term{{1, "all"}}
	for j, c := range p.columns {
		if c.server != nil {
			all = append(all, term{-1, c.name})
		} else {
			p.raises[c.source] = j
		}
	}
	p.row(all, "=", 0)
	for _, lose := range append([][]string{nil}, f.Scenarios...) {
		p.scenario(f.after(lose))
	}
	return p
}

// Rows returns how many rows there are.
func (p *Program) Rows() int { return len(p.rows) + len(p.only) }

// Columns returns how many variables there are.
func (p *Program) Columns() int { return 1 + len(p.columns) + len(p.binary) }

// Fix leaves nothing to choose but what is bought: so many like a server, so many times more capacity for a source. Then
// the program has a solution only if that purchase is one.
func (p *Program) Fix(bought map[string]int) { p.fixed = bought }

// A term is a variable with a factor.
type term struct {
	of float64
	x  string
}

// row adds a row, once.
func (p *Program) row(terms []term, than string, bound float64) {
	if text := fmt.Sprintf("%s %s %v", sum(terms), than, bound); !p.written[text] {
		p.written[text] = true
		p.rows = append(p.rows, text)
	}
}

func sum(terms []term) string {
	var b strings.Builder
	for _, t := range terms {
		fmt.Fprintf(&b, "%+g %s ", t.of, t.x)
	}
	if len(terms) == 0 {
		return "0 all"
	}
	return strings.TrimSuffix(b.String(), " ")
}

// choice returns a new binary.
func (p *Program) choice() string {
	name := fmt.Sprint("b", len(p.binary))
	p.binary = append(p.binary, name)
	return name
}

// Write writes the program in the LP format of CPLEX.
func (p *Program) Write(w io.Writer) error {
	if len(p.only) > 0 && p.most >= 100_000 {
		return fmt.Errorf("a choice with %d servers is lost in the rounding of solvers: give capacities farther from the loads", p.most)
	}
	b := &strings.Builder{}
	var cost []term
	for _, c := range p.columns {
		cost = append(cost, term{c.offer.Cost, c.name})
	}
	fmt.Fprintf(b, "Minimize\n cost: %s\nSubject To\n", wrap(sum(cost)))
	for i, row := range p.rows {
		fmt.Fprintf(b, " r%d: %s\n", i, wrap(row))
	}
	for i, o := range p.only {
		fmt.Fprintf(b, " o%d: %s - %d %s <= 0\n", i, o[0], p.most, o[1])
	}
	b.WriteString("Bounds\n")
	for j, c := range p.columns {
		if p.fixed != nil {
			fmt.Fprintf(b, " %s = %d\n", c.name, p.fixed[c.of(p.fleet)])
		} else {
			fmt.Fprintf(b, " %s <= %d\n", c.name, p.useful(j))
		}
	}
	b.WriteString("Generals\n all\n")
	for _, c := range p.columns {
		fmt.Fprintf(b, " %s\n", c.name)
	}
	b.WriteString("Binaries\n")
	for _, name := range p.binary {
		fmt.Fprintf(b, " %s\n", name)
	}
	b.WriteString("End\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// useful returns how often at most an offer could be of use: some solvers never find out that a program without bounds has
// no solution.
func (p *Program) useful(j int) int {
	n := p.most
	if c := p.columns[j]; c.server == nil {
		n = int(math.Ceil((p.reserve[j] + p.each[j]*float64(p.most)) / c.offer.By))
	}
	return min(n, cmp.Or(p.columns[j].offer.Most, n))
}

// wrap breaks a line after every tenth term: readers bound the length of a line.
func wrap(row string) string {
	words := strings.Split(row, " ")
	for i := 20; i < len(words); i += 20 {
		words[i] = "\n  " + words[i]
	}
	return strings.Join(words, " ")
}

// wanted returns how many servers carry the demand when the weakest has this capacity.
func (p *Program) wanted(capacity float64) int { return int(math.Ceil(p.fleet.Demand / capacity)) }
