package restart

// A policy settles what the order of starting and admitting is where both want the same capacity.
type policy struct {
	first  whichFirst
	lately bool // what enters rotation cold, and makes room for less, waits until all that can start are ready
	enough bool // no more servers run than carry what can be carried: the others would draw power for nothing

	// Of journeys only:
	chosen  bool // only those servers enter rotation with which the most can be carried in the end
	bold    bool // nothing is held back for what may come without a step later
	ahead   bool // demands that nobody serves yet are admitted before somebody does, as far as all can be served in the end
	apart   bool // nothing starts by which a demand comes that what is ready then cannot carry: it waits until others are warm
	waits   bool // nobody enters rotation before what is admitted ahead can be carried: its surge decays meanwhile
	patient bool // while something warms up nothing is done
	quick   bool // of servers those start first that boot in less time, not those that are ready last
	rest    bool // nothing is admitted, or served less: what is left off is brought back when all is served that can be
}

// journeys are the policies for any fleet.
var journeys = []policy{
	{first: serve}, {first: serve, chosen: true, lately: true}, {first: boot}, {first: boot, chosen: true, lately: true},
	{first: hold, lately: true}, {first: hold, chosen: true}, {first: serve, enough: true}, {first: boot, enough: true, chosen: true},
	{first: serve, ahead: true}, {first: serve, ahead: true, lately: true, chosen: true}, {first: boot, ahead: true, lately: true},
	{first: serve, ahead: true, waits: true},
	{first: serve, quick: true}, {first: boot, quick: true},
	{first: serve, bold: true}, {first: hold, bold: true}, {first: serve, bold: true, ahead: true, lately: true},
	{first: serve, apart: true},
}

type whichFirst uint8

const (
	serve whichFirst = iota // what is admitted stays admitted; starts take what is left
	boot                    // where admission can change, starts go before it
	hold                    // nothing is admitted before all that can start are ready
)

// policies are those for the common shape.
var policies = []policy{
	{first: serve}, {first: serve, lately: true}, {first: boot}, {first: boot, lately: true}, {first: hold}, {first: hold, lately: true},
	{first: serve, enough: true}, {first: boot, enough: true},
}
