package strategy

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Loss is what a layout is judged by: the loss of any so many servers, feeds and sites at once; all of them where a layout
// has no more. It is survived if none of the ways in which it can happen brings a collapse.
type Loss struct {
	Servers int     `json:"servers,omitempty"`
	Feeds   int     `json:"feeds,omitempty"`
	Sites   int     `json:"sites,omitempty"`
	Load    float64 `json:"load,omitempty"` // factor on the demand; 0 is 1
}

func (l Loss) check() error {
	switch {
	case l.Servers < 0 || l.Feeds < 0 || l.Sites < 0:
		return fmt.Errorf("%d servers, %d feeds, %d sites: give numbers from 0", l.Servers, l.Feeds, l.Sites)
	case !(l.Load >= 0 && l.Load <= most):
		return fmt.Errorf("load: %v: give the factor on the demand, to %v, or nothing for 1", l.Load, most)
	}
	return nil
}

// family is all ways of a loss in a fleet.
func (l Loss) family(o Options, f fleet) cascade.Family {
	all := []cascade.Family{cascade.Only(cascade.Scenario{Load: l.Load})}
	for _, p := range []struct {
		lost, of int
		kind     string
	}{{l.Sites, f.layout.Sites, o.Site.Kind}, {l.Feeds, f.feeds(), o.Feed.Kind}, {l.Servers, f.servers(), o.Server.Kind}} {
		if p.lost > 0 {
			all = append(all, cascade.Any(min(p.lost, p.of), plain(p.kind)))
		}
	}
	return cascade.Product(all...)
}

// text is how a column is headed: "site + 2 × server at 120 %".
func (l Loss) text(server, feed, site string) string {
	var terms []string
	for _, p := range []struct {
		lost int
		kind string
	}{{l.Sites, site}, {l.Feeds, feed}, {l.Servers, server}} {
		switch {
		case p.lost == 1:
			terms = append(terms, p.kind)
		case p.lost > 1:
			terms = append(terms, fmt.Sprintf("%d × %s", p.lost, p.kind))
		}
	}
	text := cmp.Or(strings.Join(terms, " + "), "nothing lost")
	if f := cmp.Or(l.Load, 1); f != 1 {
		text += " at " + topology.Quantity(100*f, "%")
	}
	return text
}

// worst is the way of a loss that leaves the fewest servers: none of what is lost stands on what is lost besides. All servers
// being alike, and the end depending only on how many are left, no other way ends worse.
func (l Loss) worst(f fleet) cascade.Scenario {
	s := cascade.Scenario{Load: l.Load}
	sites := min(l.Sites, f.layout.Sites)
	for i := range sites {
		s.Lose = append(s.Lose, fmt.Sprintf("site-%d", i+1))
	}
	from := sites * f.layout.Feeds
	to := from + min(l.Feeds, f.feeds()-from)
	for i := from; i < to; i++ {
		s.Lose = append(s.Lose, fmt.Sprintf("feed-%s", f.feed(i)))
	}
	left := l.Servers
	for i := to; i < f.feeds() && left > 0; i++ {
		n := min(left, f.block)
		s.Lose = append(s.Lose, fmt.Sprintf("server-%s-%s", f.feed(i), f.numbers(n)))
		left -= n
	}
	return s
}
