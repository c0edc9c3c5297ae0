package redundancy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// byNeeds tells what takes demands down by what they need, and how likely that is: at best, for overload comes on top.
func (r *Report) byNeeds() string {
	points := firstLines(alone(r.Points), 10)
	var likely []string
	for _, a := range r.Risks {
		if a.Unavailability.High > 0 {
			likely = append(likely, a.Summary())
		}
	}
	return strings.Trim(points+"\n"+firstLines(strings.Join(likely, "\n"), 10), "\n")
}

// notShared says so if it is not determined what redundancy is only on paper.
func (r *Report) notShared() string {
	if r.Shared != nil || r.Spare == nil { // the context ended first
		return ""
	}
	return "What redundancy is only on paper is not determined: there are too many components that alone take some away.\n"
}

// notByNeeds tells what of that is not determined.
func (r *Report) notByNeeds() string {
	demands := r.demands()
	switch {
	case len(demands) == 0 || r.Spare == nil: // there is nothing to tell, or the context ended first
		return ""
	case r.Points == nil:
		return "What alone takes a demand down by needs is not determined: there are too many such points.\n"
	case len(r.Risks) == len(demands) || !r.rated():
		return ""
	}
	told := map[string]bool{}
	for _, a := range r.Risks {
		told[a.Top] = true
	}
	demands = slices.DeleteFunc(demands, func(id topology.ID) bool { return told[r.Fleet.Name(id)] })
	return fmt.Sprintf("The odds of %s by needs alone are not determined: they rest on too much to be worked out in passing; see risk.Analyze.\n",
		phrase.List(r.Fleet.Names(demands), 4))
}

// alone tells points by what they take, or by their sorts, whichever is shorter.
func alone(points risk.Points) string {
	bySort, byTaken := points.String(), taken(points)
	if strings.Count(byTaken, "\n") < strings.Count(bySort, "\n") {
		return byTaken
	}
	return bySort
}

// taken tells those points in one line that take the same: "each of board-1, ups-[1-2] takes users".
func taken(points risk.Points) string {
	var order []string
	by := map[string]risk.Points{}
	for _, p := range points {
		takes := strings.Join(p.Takes, "\n")
		if by[takes] == nil {
			order = append(order, takes)
		}
		by[takes] = append(by[takes], p)
	}
	lines := make([]string, len(order))
	for i, takes := range order {
		alike := by[takes]
		if len(alike) == 1 {
			lines[i] = alike[0].String()
			continue
		}
		var names []string
		for _, p := range alike {
			names = append(names, p.Group[0])
		}
		lines[i] = fmt.Sprintf("each of %s takes %s", phrase.List(topology.Fold(names), 8), phrase.List(alike[0].Takes, 6))
	}
	return strings.Join(lines, "\n")
}
