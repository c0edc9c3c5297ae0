package csv

import (
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

// A reader reads servers, one a row, and puts those that are alike together.
type reader struct {
	*table.Reader
	o       Options
	at      columns
	domains []*domain
	scale   scale
	kinds   map[string]string // one copy of each, for all servers
	lines   map[string]int    // by name of server, for those that are not of a pattern
	total   int               // components
	pools   []*pool
	byPool  map[string]*pool
	servers []server

	alike                                        alike // users of pools
	thousands                                    thousands
	parts                                        parts
	overloaded, limitless, blank, doubled, alone names // servers with something to tell
}

// columns are the places of columns; -1 where there is none.
type columns struct{ name, capacity, load, unit, pool, kind int }

// A server is one row, or several that follow one another and differ in nothing but their names.
type server struct {
	names names
	kind  string
	amounts
	pool  *pool // nil: none
	needs topology.Names
}

func newReader(t *table.Reader, o Options) *reader {
	r := &reader{
		Reader: t, o: o,
		scale: scale{}, kinds: map[string]string{}, lines: map[string]int{}, byPool: map[string]*pool{},
	}
	r.at = columns{
		name: t.Column("name"), capacity: t.Column("capacity"), load: t.Column("load"),
		unit: t.Column("unit"), pool: t.Column("pool"), kind: t.Column("kind"),
	}
	own := []int{r.at.name, r.at.capacity, r.at.load, r.at.unit, r.at.pool, r.at.kind}
	for i, kind := range t.Header {
		if !slices.Contains(own, i) {
			r.domains = append(r.domains, &domain{column: i, kind: kind, found: map[string]place{}, known: map[string]bool{}})
		}
	}
	return r
}

// given returns a value of a row; "" if it is not given, or if there is no such column.
func given(row []string, column int) string {
	if column < 0 || isNone(row[column]) {
		return ""
	}
	return row[column]
}

func isNone(value string) bool {
	switch strings.ToLower(value) {
	case "", "-", "n/a", "none", "null":
		return true
	}
	return false
}

// row reads one row.
func (r *reader) row(row []string) topology.Faults {
	name, faults := r.nameOf(row[r.at.name])
	amounts, wrong := r.amountsOf(row)
	if faults = append(faults, wrong...); faults != nil {
		return faults
	}
	if r.Separator() == ';' {
		r.thousands.see(name, given(row, r.at.capacity), given(row, r.at.load))
	}
	s := server{names: names{name}, kind: r.kindOf(row), amounts: amounts}
	if faults := r.join(&s, row); faults != nil {
		return faults
	}
	for _, d := range r.domains {
		p := r.find(d, given(row, d.column))
		switch {
		case p.need == "":
			d.without = append(d.without, name)
			continue
		case p.same:
			r.doubled = append(r.doubled, name)
		}
		d.servers += name.count()
		s.needs = append(s.needs, p.need)
	}
	return r.add(s)
}

// nameOf returns what a row is about.
func (r *reader) nameOf(text string) (name, topology.Faults) {
	if text == "" {
		return name{}, r.FaultAt(r.at.name, topology.NotFound, "a server needs a name")
	}
	n, all, err := readName(text)
	if err != nil {
		return n, r.FaultAt(r.at.name, topology.BadSyntax, "%v", err)
	}
	if r.total += len(all); r.total > topology.MaxComponents {
		return n, r.tooMany()
	}
	for _, one := range all {
		if strings.TrimSpace(one) != one {
			return n, r.FaultAt(r.at.name, topology.BadSyntax, "%s begins or ends with a space", table.Quote(one))
		}
	}
	if n.of > 0 {
		return n, nil
	}
	if line, ok := r.lines[n.text]; ok {
		return n, r.FaultAt(r.at.name, topology.NotUnique, "there is a second %s, the first is in line %d: "+
			"write one row for each server, and redundant feeds as a|b", table.Quote(n.text), line)
	}
	r.lines[n.text] = r.Line()
	return n, nil
}

func (r *reader) tooMany() topology.Faults {
	r.total = topology.MaxComponents + 1
	return r.FaultAt(r.at.name, topology.TooLarge, "servers and failure domains are more than %d so far: "+
		"read a part, and leave out columns that are no failure domains", topology.MaxComponents)
}

// kindOf returns the kind of a row's servers.
func (r *reader) kindOf(row []string) string {
	kind := given(row, r.at.kind)
	if kind == "" {
		return "server"
	}
	known, ok := r.kinds[kind]
	if !ok {
		known = strings.Clone(kind)
		r.kinds[known] = known
	}
	return known
}

// add takes over a row, with what came before it if it is the same but for the names.
func (r *reader) add(s server) topology.Faults {
	if r.total > topology.MaxComponents {
		return r.tooMany()
	}
	if s.pool != nil {
		s.pool.add(s)
	} else if r.at.pool >= 0 {
		r.alone = append(r.alone, s.names...)
	}
	r.parts.see(s)
	if s.capacity == 0 && !s.measured {
		r.blank = append(r.blank, s.names...)
	}
	switch {
	case s.capacity == 0:
		r.limitless = append(r.limitless, s.names...)
	case s.measured && topology.Overloaded(s.load, s.capacity):
		r.overloaded = append(r.overloaded, s.names...)
	}
	if last := len(r.servers) - 1; last >= 0 && r.servers[last].isLike(s) {
		r.servers[last].names = append(r.servers[last].names, s.names...)
	} else {
		r.servers = append(r.servers, s)
	}
	return nil
}

func (s server) isLike(other server) bool {
	return s.kind == other.kind && s.amounts == other.amounts && s.pool == other.pool && slices.Equal(s.needs, other.needs)
}
