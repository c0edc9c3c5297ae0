package netbox

import (
	"fmt"
	"math"
	"net/url"

	"github.com/ridethrough/ridethrough/topology"
)

// A listing is one list of the REST API, of which the answers are pages.
type listing struct {
	count float64 // objects that it has, as the last page says; NaN if none does
	ids   map[int64]bool
	open  int // pages that have a next, less those that have one before
}

// Listings are those of which some page says that it is not all.
type listings struct {
	order []string
	of    map[string]*listing
}

// add notes a page, and the objects on it.
func (l *listings) add(page fields, ids []int64) {
	next, previous := page.text("next"), page.text("previous")
	address := next
	if address == "" {
		address = previous
	}
	if modelOfURL(address) == "" { // it is all there, or nothing that is read
		return
	}
	key := address
	if u, err := url.Parse(address); err == nil {
		query := u.Query()
		for _, paging := range []string{"limit", "offset", "start", "page"} {
			query.Del(paging)
		}
		key = u.Path
		if len(query) > 0 {
			key += "?" + query.Encode()
		}
	}
	list := l.of[key]
	if list == nil {
		list = &listing{ids: map[int64]bool{}}
		l.of[key], l.order = list, append(l.order, key)
	}
	list.count = page.number("count", 0, maxInt)
	for _, id := range ids {
		list.ids[id] = true
	}
	if next != "" {
		list.open++
	}
	if previous != "" {
		list.open--
	}
}

// report finds the lists that are not all there.
func (l *listings) report(found *findings) {
	for _, key := range l.order {
		list := l.of[key]
		have := float64(len(list.ids))
		switch {
		case have < list.count:
			found.add(topology.Missing, Incomplete, "",
				fmt.Sprintf("%s of %s objects are in the data, the others are left out: "+
					"give the answers of all pages, one after the other (\"next\" leads to them)",
					plain(have), plain(list.count)), key)
		case math.IsNaN(list.count) && list.open > 0:
			found.add(topology.Missing, Incomplete, "", "the page that \"next\" leads to is not in the data", key)
		}
	}
}
