package compose

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// A where is a place in a file, for people.
type where struct {
	file         string
	line, column int
	component    string // a service
	field        string // of it, or of the file
}

// in returns the place of a field of what stands at w.
func (w where) in(field string) where {
	if w.field != "" {
		field = w.field + "." + field
	}
	w.field = field
	return w
}

// fault reports something wrong.
func (l *loader) fault(w where, reason topology.Reason, format string, args ...any) {
	if len(l.faults) < maxFaults {
		l.faults = append(l.faults, topology.Fault{
			File: w.file, Line: w.line, Column: w.column, Component: w.component, Field: w.field,
			Reason: reason, Text: fmt.Sprintf(format, args...),
		})
	}
}

// A budget bounds work and memory, whatever a file stands for.
type budget struct {
	left  int
	spent bool // it has been reported
}

// take reports whether n are left, and takes them. The first time that they are not is a fault.
func (l *loader) take(b *budget, n int, w where, of string) bool {
	if n <= b.left {
		b.left -= n
		return true
	}
	b.left = 0
	if !b.spent {
		b.spent = true
		l.fault(w, topology.TooLarge, "with this, the files stand for more %s than any fleet needs: write fewer aliases, variables or services", of)
	}
	return false
}

// ordered is a set of texts in the order in which they came.
type ordered struct {
	all  []string
	seen map[string]bool
}

func (o *ordered) add(s string) {
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	if !o.seen[s] {
		o.seen[s] = true
		o.all = append(o.all, s)
	}
}
