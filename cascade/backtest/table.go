package backtest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// maxRows is how many rows are printed.
const maxRows = 30

// table writes the rows: all, or those that differ most.
func (r *Result) table() string {
	unit := r.unit()
	lines := [][]string{r.heading(unit)}
	for _, row := range r.shown() {
		name := row.Component
		if unit == "" && row.Unit != "" {
			name += " (" + row.Unit + ")"
		}
		line := []string{
			name, number(row.Before.Measured, "–"), number(row.Before.Predicted, "–"), percent(row.Before.Relative()),
			number(row.After.Measured, "–"), number(row.After.Predicted, "down"), row.verdict(),
		}
		if r.changed() {
			line = append(line, number(row.Scaled.Predicted, "down"), percent(row.Scaled.Relative()))
		}
		lines = append(lines, line)
	}
	table := align(lines)
	if left := len(r.Rows) - maxRows; left > 0 {
		table += fmt.Sprintf("and %d more, which differ less\n", left)
	}
	return table
}

func (r *Result) heading(unit string) []string {
	heading := []string{unit, "before", "model", "off by", "after", "predicted", "off by"}
	if r.changed() {
		heading = append(heading, "at load "+figure(r.Ratio), "off by")
	}
	return heading
}

// verdict is the error after the loss, or what else is to be said.
func (r Row) verdict() string {
	switch state := r.After.State(); state {
	case Lost, Survived, Gone:
		return string(state)
	}
	return percent(r.After.Relative())
}

// shown returns the rows that are printed.
func (r *Result) shown() []Row {
	if len(r.Rows) <= maxRows {
		return r.Rows
	}
	rows := slices.Clone(r.Rows)
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(b.weight(), a.weight()) })
	return rows[:maxRows]
}

// weight orders rows by how much they have to say.
func (r Row) weight() float64 {
	switch relative, state := math.Abs(r.After.Relative()), r.After.State(); {
	case state == Survived || state == Gone:
		return math.Inf(1)
	case math.IsNaN(relative):
		return -1
	default:
		return relative
	}
}

// unit returns the unit of all rows; "" if they have several.
func (r *Result) unit() string {
	if len(r.Rows) == 0 {
		return ""
	}
	unit := r.Rows[0].Unit
	for _, row := range r.Rows {
		if row.Unit != unit {
			return ""
		}
	}
	return unit
}

func number(x float64, none string) string {
	if math.IsNaN(x) {
		return none
	}
	return topology.Quantity(x, "")
}

// align writes lines of cells, the first to the left, the others to the right.
func align(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				row.WriteString(cell + pad)
			} else {
				row.WriteString("  " + pad + cell)
			}
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	return b.String()
}
