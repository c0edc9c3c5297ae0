package hidden

type Hidden int
