package strategy

import (
	"cmp"
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// Options of [Compare]. The zero value compares the usual layouts by the number of servers, if the topology has one pool of
// servers that are alike.
type Options struct {
	Like    string   // a server as it would be bought, or a pattern of such that are alike; "" is those that the demands draw on
	Server  Part     // Kind and Failing are those of Like unless given
	Feed    Part     // its kind is "feed" unless given
	Site    Part     // its kind is "site" unless given
	Layouts []Layout // none: Usual
	Losses  []Loss   // none: a server, two, a feed, a feed and a server, a site

	Serve   float64 // fraction of the demand that must be served in the end, else it is a collapse; 0 is 1
	Workers int     // 0 is GOMAXPROCS; the table does not depend on it
}

// A Part is what layouts are made of: what it is called, what one costs, and how often it fails. If no part has a price, a
// server costs 1.
type Part struct {
	Kind    string           `json:"kind"`
	Price   float64          `json:"price"`
	Failing topology.Failing `json:"failing,omitzero"`
}

// most is the largest number that topologies and scenarios take.
const most = 1e50

func (o Options) filled() Options {
	if len(o.Layouts) == 0 {
		o.Layouts = Usual()
	}
	if len(o.Losses) == 0 {
		o.Losses = []Loss{{Servers: 1}, {Servers: 2}, {Feeds: 1}, {Feeds: 1, Servers: 1}, {Sites: 1}}
	}
	o.Feed.Kind = cmp.Or(o.Feed.Kind, "feed")
	o.Site.Kind = cmp.Or(o.Site.Kind, "site")
	if o.Server.Price == 0 && o.Feed.Price == 0 && o.Site.Price == 0 {
		o.Server.Price = 1
	}
	return o
}

// named takes from the server what was not said of it.
func (o Options) named(job *task) Options {
	o.Server.Kind = cmp.Or(o.Server.Kind, job.server.Kind, "server")
	o.Server.Failing = cmp.Or(o.Server.Failing, job.server.Failing)
	return o
}

// kinds finds parts that could not be told apart.
func (o Options) kinds() error {
	for _, two := range [][2]string{{o.Server.Kind, o.Feed.Kind}, {o.Server.Kind, o.Site.Kind}, {o.Feed.Kind, o.Site.Kind}} {
		if two[0] == two[1] {
			return fmt.Errorf("kind: %q is that of two parts: give server, feed and site a kind each", two[0])
		}
	}
	return nil
}

func (o Options) check() error {
	if !(o.Serve >= 0 && o.Serve <= 1) {
		return fmt.Errorf("serve: %v: give the fraction of the demand that is enough, from 0 to 1", o.Serve)
	}
	for _, p := range []struct {
		field string
		price float64
	}{{"server", o.Server.Price}, {"feed", o.Feed.Price}, {"site", o.Site.Price}} {
		if !(p.price >= 0 && p.price <= most) {
			return fmt.Errorf("%s: price: %v: give what one costs, from 0 to %v", p.field, p.price, most)
		}
	}
	for _, l := range o.Layouts {
		if err := l.filled().check(); err != nil {
			return fmt.Errorf("layout %q: %w", l.Name, err)
		}
	}
	for i, l := range o.Losses {
		if err := l.check(); err != nil {
			return fmt.Errorf("losses[%d]: %w", i, err)
		}
	}
	return nil
}
