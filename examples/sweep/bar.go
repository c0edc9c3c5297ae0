package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
)

// A bar tells a person at a terminal how far work is. It is nil if nobody is there.
type bar struct {
	w     io.Writer
	began time.Time
	drawn bool

	whole  cascade.Span // of a shard, whose pieces report one after the other
	first  int64        // item that was not done before
	before int64        // the piece under way
}

func newBar(w io.Writer) *bar {
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return &bar{w: w, began: time.Now(), first: -1}
}

// progress returns what a screening reports to; nil if nobody is there.
func (b *bar) progress() func(cascade.Progress) {
	if b == nil {
		return nil
	}
	return b.show
}

// piece says which of a shard's items are done next.
func (b *bar) piece(whole, piece cascade.Span) {
	if b == nil {
		return
	}
	b.whole, b.before = whole, piece.From
	if b.first < 0 {
		b.first, b.began = piece.From, time.Now()
	}
}

func (b *bar) show(p cascade.Progress) {
	elapsed := time.Since(b.began)
	if b.whole.To > 0 {
		p = b.of(p, elapsed)
	}
	if elapsed > 2*time.Second {
		fmt.Fprintf(b.w, "\r\x1b[K%s %v", draw(p), p)
		b.drawn = true
	}
}

// of returns how far the whole is, from how far a piece is, as if all of it had been done at the rate of what was done
// since the program began.
func (b *bar) of(p cascade.Progress, elapsed time.Duration) cascade.Progress {
	anew := float64(b.before-b.first) + p.Done
	whole := cascade.Progress{Done: float64(b.before-b.whole.From) + p.Done, Total: float64(b.whole.To - b.whole.From)}
	if anew > 0 {
		whole.Elapsed = time.Duration(float64(elapsed) * whole.Done / anew)
		whole.Left = time.Duration(float64(elapsed) * (whole.Total - whole.Done) / anew)
	}
	return whole
}

// draw draws a bar of twenty signs.
func draw(p cascade.Progress) string {
	full := int(20 * p.Done / max(p.Total, 1))
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", 20-full) + "]"
}

// end clears the line.
func (b *bar) end() {
	if b != nil && b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.drawn = false
	}
}
