package risk

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns a line for each sort of Sharings: "rack-[13-20] each need 1 of their own, as rack-13 of line-[a,b]-13; all of
// them need board-2". One that is the only one of its sort is told as it is.
func (s Sharings) String() string {
	var order []string
	sorts := map[string][]Sharing{}
	for _, one := range s {
		if len(one.Owners) == 0 {
			continue // it is none
		}
		key := fmt.Sprintf("%q %q %d %q", shape(one.Owners), shape(one.Members), one.Need, one.because())
		if sorts[key] == nil {
			order = append(order, key)
		}
		sorts[key] = append(sorts[key], one)
	}
	var lines []string
	for _, key := range order {
		lines = append(lines, together(sorts[key]))
	}
	return strings.Join(lines, "\n")
}

// together tells Sharings that are alike.
func together(alike []Sharing) string {
	first := alike[0]
	if len(alike) == 1 {
		return first.String()
	}
	var owners []string
	for _, one := range alike {
		owners = append(owners, phrase.Expand(one.Owners)...)
	}
	return fmt.Sprintf("%s each need %d of their own, as %s of %s; %s", strings.Join(topology.Fold(owners), ", "), first.Need,
		phrase.Expand(first.Owners)[0], strings.Join(first.Members, ", "), first.because())
}

// shape returns names without their numbers.
func shape(names []string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, strings.Join(names, "\n"))
}
