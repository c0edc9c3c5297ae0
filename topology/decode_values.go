package topology

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// wrong reports a value of another type than the one that is wanted.
func (d *decoder) wrong(n node, want string) {
	switch n.kind() {
	case 'n':
		d.fault(n, BadSyntax, "nothing is given: give %s, or leave the field out", want)
	case '{':
		d.fault(n, BadSyntax, "an object where %s is wanted", want)
	case '[':
		d.fault(n, BadSyntax, "a list where %s is wanted", want)
	case '"':
		d.fault(n, BadSyntax, "the text %s where %s is wanted", quote(n.str()), want)
		if s := n.str(); strings.HasSuffix(want, "number") && numberEnd(s) == len(s) && s != "" {
			d.amend(": write it without quotes")
		}
	default:
		d.fault(n, BadSyntax, "%s where %s is wanted", short(n.raw()), want)
	}
}

// text reads a text.
func (d *decoder) text(n node) string {
	if n.kind() == '"' {
		return n.str()
	}
	d.noText(n, "text")
	return ""
}

// noText reports a value that is no text, perhaps for want of quotes.
func (d *decoder) noText(n node, want string) {
	d.wrong(n, want)
	switch n.kind() {
	case '0', 't', 'f':
		d.amend(`: write "%s"`, short(n.raw()))
	case '{', '[':
		d.amend(": a text that begins with %c stands in quotes", n.kind())
	}
}

// amend adds to the text of the fault that was reported last.
func (d *decoder) amend(format string, args ...any) {
	if !d.full {
		d.faults[len(d.faults)-1].Text += fmt.Sprintf(format, args...)
	}
}

func (d *decoder) readNames(n node, names *Names) {
	*names = nil
	switch n.kind() {
	case '[':
		for item := range n.items() {
			d.at(index(len(*names)), func() { *names = append(*names, d.text(item)) })
			if d.full {
				return
			}
		}
	case '"':
		*names = Names{n.str()}
	default:
		d.noText(n, "a pattern or a list of patterns")
	}
}

func (d *decoder) readLabels(n node, labels *map[string]string) {
	if n.kind() != '{' {
		d.wrong(n, "an object with labels")
		return
	}
	*labels = map[string]string{}
	for key, value := range n.members() {
		name := key.str()
		d.at(fieldStep(name), func() {
			if _, ok := (*labels)[name]; ok {
				d.fault(key, NotUnique, "the label is given twice: leave one out")
			}
			(*labels)[name] = d.text(value)
		})
		if d.full {
			return
		}
	}
}

func (d *decoder) readDuration(n node, p *time.Duration) {
	switch {
	case n.kind() == '"':
		var err error
		if *p, err = readDuration(n.str()); err != nil {
			d.fault(n, BadNumber, "%v", err)
		}
	case n.kind() != '0':
		d.wrong(n, `a duration ("26m")`)
	case strings.Trim(mantissaOf(n.raw()), "-0.") != "":
		d.fault(n, BadNumber, `%s has no unit: write "%[1]ss" for seconds, "%[1]sm" for minutes, "%[1]sh" for hours`, short(n.raw()))
	}
}

func (d *decoder) readBool(n node, p *bool) {
	if *p = n.kind() == 't'; !*p && n.kind() != 'f' {
		d.wrong(n, "true or false")
	}
}

func (d *decoder) readInt(n node, p *int) {
	x := math.NaN()
	if n.kind() == '0' {
		x, _ = strconv.ParseFloat(n.raw(), 64)
	}
	switch {
	case n.kind() != '0':
		d.wrong(n, "a whole number")
	case x != math.Trunc(x):
		d.fault(n, BadNumber, "%s is not whole: write a whole number", short(n.raw()))
	case x < math.MinInt32 || x > math.MaxInt32:
		d.fault(n, BadNumber, "%s is too large", short(n.raw()))
	default:
		*p = int(x)
	}
}

// readFloat reads a number: with a unit, if it is a load.
func (d *decoder) readFloat(n node, p *float64) {
	field := d.path[len(d.path)-1]
	own := field == "capacity" || field == "demand"
	switch {
	case n.kind() == '0':
		*p = d.float(n, quantity{number: n.raw()})
	case !own && field != "base" && field != "perUnit" && field != "inrush":
		d.wrong(n, "a number")
	case n.kind() != '"':
		d.wrong(n, `a number (40, "40kW")`)
	default:
		d.loads, d.src.units = d.loads || own, d.src.units || !own
		q, err := readQuantity(n.str())
		if err != nil {
			d.fault(n, BadNumber, "%v", err)
			return
		}
		*p = d.float(n, q)
	}
}

func (d *decoder) float(n node, q quantity) float64 {
	x, err := q.value()
	if err != nil {
		d.fault(n, BadNumber, "%s %v", short(n.raw()), err)
	}
	return x
}
