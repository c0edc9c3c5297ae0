package restart

import (
	"fmt"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// Outage returns for how long nobody at all would have to go without to leave as much unserved as the plan does: Unserved / Asked; 0 if
// nothing is asked.
func (p *Plan) Outage() time.Duration { return outage(p.Unserved, p.Asked) }

func outage(unserved, asked float64) time.Duration {
	if asked <= 0 || unserved <= 0 {
		return 0
	}
	return time.Duration(min(unserved/asked*float64(time.Minute), math.MaxInt64/2))
}

// unserved puts what a plan leaves unserved into words: "as if nobody were served for 3:15 (26,000 requests/s × minutes)". Where
// not all is served in the end it says until when that counts.
func (p *Plan) unserved() string {
	if p.short() {
		return "until " + clock(p.Full) + " " + p.lost()
	}
	return p.lost()
}

func (p *Plan) lost() string {
	switch area := p.area(p.Unserved); {
	case p.Unserved == 0:
		return "nothing"
	case p.Asked == 0: // nobody has measured it since it was read
		return area
	default:
		return fmt.Sprintf("as if nobody were served for %s (%s)", lasting(p.Outage()), area)
	}
}

// area writes demand × minutes.
func (p *Plan) area(unserved float64) string {
	switch {
	case p.Unit != "":
		return fmt.Sprintf("%s × minutes", topology.Quantity(unserved, p.Unit))
	case len(p.Value) > 0:
		return topology.Quantity(unserved, "") + " demand × minutes, by value"
	}
	return topology.Quantity(unserved, "") + " demand × minutes"
}

// least writes what no safe plan beats, as unserved does, with as many digits as tell it from what the plan leaves.
func (p *Plan) least() string {
	if p.Asked == 0 {
		return topology.Quantity(p.LeastPossible, "")
	}
	least := outage(p.LeastPossible, p.Asked)
	if lasting(least) == lasting(p.Outage()) {
		return p.area(p.LeastPossible)
	}
	return lasting(least)
}

// lasting writes how long something takes, to three or four digits: "3:15", "0:04.2".
func lasting(d time.Duration) string {
	unit := time.Second
	for unit > time.Nanosecond && d < 10*unit {
		unit /= 10
	}
	return clock(d.Round(unit))
}
