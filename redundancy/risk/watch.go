package risk

import (
	"time"

	"github.com/ridethrough/ridethrough/cascade"
)

// A watch tells how far an analysis is: how many parts of the fleet are solved, of all, and one more for what then comes. How long a
// part takes nobody knows; what is tried for it brings it nearer to its end, ever less.
type watch struct {
	tell   func(cascade.Progress) // nil is nobody
	began  time.Time
	solved int
	all    int
	tried  int // since the last part
}

func (w *watch) solve(done, parts int) {
	w.solved, w.all, w.tried = done, parts+1, 0
	w.say()
}

func (w *watch) try() {
	w.tried++
	w.say()
}

func (w *watch) finish() {
	w.solved, w.tried = w.all, 0
	w.say()
}

func (w *watch) say() {
	if w.tell == nil {
		return
	}
	part := float64(w.tried) / float64(w.tried+16)
	w.tell(cascade.Progress{Done: float64(w.solved) + part, Total: float64(w.all), Elapsed: time.Since(w.began)})
}
