package risk

import (
	"fmt"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
)

// Summary tells in one line how likely the top is down, and how often: "users is down by needs alone with a probability of 7.99936e-05: 4.1 nines, 42m a year
// (exact); once in 5.704 years, for 4h in the mean".
func (a *Analysis) Summary() string {
	if !a.rated() {
		return "How likely " + a.Top + " is down is not determined: nothing of it has an unavailability"
	}
	text := fmt.Sprintf("%s is down by needs alone with a probability of %s (%s)", a.Top, a.available(), a.Certainty)
	if a.Frequency > 0 {
		text += fmt.Sprintf("; %s, for %s in the mean", often(a.Frequency), clock.About(a.Lasts))
	}
	if len(a.Unrated) > 0 {
		text += fmt.Sprintf("; taken for perfect: %s", phrase.List(a.Unrated, 4))
	}
	return text
}
