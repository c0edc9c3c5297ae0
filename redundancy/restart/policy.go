package restart

// A policy settles what the order of starting and admitting is where both want the same capacity.
type policy struct {
	first  whichFirst
	lately bool // what enters rotation cold, and makes room for less, waits until all that can start are ready
	enough bool // no more servers run than carry what can be carried: the others would draw power for nothing
}

type whichFirst uint8

const (
	serve whichFirst = iota // what is admitted stays admitted; starts take what is left
	boot                    // where admission can change, starts go before it
	hold                    // nothing is admitted before all that can start are ready
)

var policies = []policy{
	{first: serve}, {first: serve, lately: true}, {first: boot}, {first: boot, lately: true}, {first: hold}, {first: hold, lately: true},
	{first: serve, enough: true}, {first: boot, enough: true},
}
