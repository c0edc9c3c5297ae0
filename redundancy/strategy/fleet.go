package strategy

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/ridethrough/ridethrough/topology"
)

// maxSites is far above what anyone builds; maxFeeds is how many feeds of a site have a letter.
const (
	maxSites = 1000
	maxFeeds = 26
)

func (l Layout) filled() Layout {
	l.Sites, l.Feeds, l.Enough = cmp.Or(l.Sites, 1), cmp.Or(l.Feeds, 1), cmp.Or(l.Enough, 1)
	return l
}

// check finds what is wrong with a layout that is filled.
func (l Layout) check() error {
	switch {
	case l.Name == "":
		return fmt.Errorf("name: give it one, for the table")
	case strings.ContainsFunc(l.Name, unicode.IsControl):
		return fmt.Errorf("name: it has tabs or ends of line: a table has a line for each layout")
	case l.Sites < 1 || l.Sites > maxSites:
		return fmt.Errorf("sites: %d: give a number from 1 to %d", l.Sites, maxSites)
	case l.Feeds < 1 || l.Feeds > maxFeeds:
		return fmt.Errorf("feeds: %d: give a number of each site from 1 to %d", l.Feeds, maxFeeds)
	case l.Spare < 0:
		return fmt.Errorf("spare: %d: give a number of servers from 0", l.Spare)
	case l.Standby < 0 || l.Standby >= l.Sites:
		return fmt.Errorf("standby: %d of %d sites: at least one must take load", l.Standby, l.Sites)
	case l.Enough < 1 || l.Enough > (l.Sites-l.Standby)*l.Feeds:
		return fmt.Errorf("enough: %d: give a number of blocks from 1 to %d, those that do not stand by", l.Enough, (l.Sites-l.Standby)*l.Feeds)
	}
	return nil
}

// A fleet is a layout with numbers.
type fleet struct {
	layout Layout // filled
	block  int    // servers on each feed
}

func (l Layout) fleet(job *task) (fleet, error) {
	f := fleet{l.filled(), job.least(l.filled().Enough)}
	if size := float64(f.feeds()) * (float64(f.block) + float64(l.Spare)); size > topology.MaxComponents {
		return f, fmt.Errorf("%s servers are more than a topology can have: name a larger server", topology.Quantity(size, ""))
	}
	f.block += l.Spare
	return f, nil
}

func (f fleet) feeds() int   { return f.layout.Sites * f.layout.Feeds }
func (f fleet) servers() int { return f.feeds() * f.block }

// spec writes the fleet: servers need their feed, feeds their site, and the demand draws on all servers.
func (f fleet) spec(job *task, o Options) topology.Spec {
	last := string(rune('a' + f.layout.Feeds - 1))
	supply := topology.Supply{Members: topology.Names{plain(o.Server.Kind)}}
	if active := f.layout.Sites - f.layout.Standby; f.layout.Standby > 0 {
		supply = topology.Supply{Share: topology.Waterfall, Members: topology.Names{f.pattern(1, active, last), f.pattern(active+1, f.layout.Sites, last)}}
	}
	server := topology.Component{
		Name: f.pattern(1, f.layout.Sites, last), Kind: o.Server.Kind, Needs: topology.Names{"feed-{1}-{2}"},
		Capacity: job.server.Capacity, Unit: job.server.Unit, Overload: job.server.Overload, Start: job.server.Start, Failing: o.Server.Failing,
	}
	return topology.Spec{Name: f.layout.Name, Components: []topology.Component{
		{Name: fmt.Sprintf("site-[1-%d]", f.layout.Sites), Kind: o.Site.Kind, Failing: o.Site.Failing},
		{Name: fmt.Sprintf("feed-[1-%d]-[a-%s]", f.layout.Sites, last), Kind: o.Feed.Kind, Failing: o.Feed.Failing, Needs: topology.Names{"site-{1}"}},
		server,
		{Name: plain(job.demand), Demand: job.load, Unit: job.server.Unit, Supplies: []topology.Supply{supply}},
	}}
}

// pattern names the servers of some sites, of which the first and the last are given.
func (f fleet) pattern(from, to int, lastFeed string) string {
	return fmt.Sprintf("server-[%d-%d]-[a-%s]-%s", from, to, lastFeed, f.numbers(f.block))
}

// feed is the number of a feed's site and its letter, counted over all sites: "2-a".
func (f fleet) feed(i int) string {
	return fmt.Sprintf("%d-%c", i/f.layout.Feeds+1, 'a'+rune(i%f.layout.Feeds))
}

// numbers is those of the first n servers of a block: "[01-40]".
func (f fleet) numbers(n int) string {
	digits := len(strconv.Itoa(f.block))
	return fmt.Sprintf("[%0*d-%0*d]", digits, 1, digits, n)
}

// plain writes a name as a pattern that means it alone.
func plain(name string) string { return topology.Fold([]string{name})[0] }
