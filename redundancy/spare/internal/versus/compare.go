package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
	"github.com/ridethrough/ridethrough/topology"
)

// A line is a line of the table.
type line struct {
	size
	family        string
	scenarios     int
	rows, columns int
	here          side
	written, cbc  side // the program, from the fleet; its solution
}

// A side is what one of the two did.
type side struct {
	took []time.Duration
	late bool // it was stopped
	answer
}

func (s size) compare(cbc lp.Peer, times int, limit time.Duration) (*line, error) {
	dir, err := os.MkdirTemp("", "versus-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	l := &line{size: s}
	if err := l.write(dir); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for range times {
		if err := l.here.time(limit, started(self, "-minimum", dir)); err != nil {
			return nil, fmt.Errorf("here: %w", err)
		}
		if err := l.written.time(limit, started(self, "-program", dir)); err != nil {
			return nil, fmt.Errorf("the program: %w", err)
		}
		if err := l.cbc.time(limit, asked(cbc, dir)); err != nil {
			return nil, fmt.Errorf("%s: %w", cbc.Name, err)
		}
	}
	return l, nil
}

// started starts this program anew, to find a least cost or to write a program.
func started(self, what, dir string) func(context.Context) (answer, error) {
	return func(ctx context.Context) (a answer, err error) {
		c := exec.CommandContext(ctx, self, what, dir)
		c.Env = append(os.Environ(), "GOMAXPROCS=1")
		out, err := c.Output()
		if err != nil {
			return a, err
		}
		if len(out) == 0 {
			return a, nil
		}
		return a, json.Unmarshal(out, &a)
	}
}

// asked starts a peer.
func asked(peer lp.Peer, dir string) func(context.Context) (answer, error) {
	return func(ctx context.Context) (a answer, err error) {
		solution := filepath.Join(dir, "solution")
		if err := peer.Command(ctx, filepath.Join(dir, "program.lp"), solution).Run(); err != nil {
			return a, err
		}
		cost, ok, err := peer.Read(solution)
		return answer{Cost: cost, Bound: cost, None: !ok, Certainty: cascade.Proven}, err
	}
}

// time starts a side, unless it was late before.
func (s *side) time(limit time.Duration, start func(context.Context) (answer, error)) error {
	if s.late {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	began := time.Now()
	a, err := start(ctx)
	if ctx.Err() != nil {
		s.late, s.took = true, []time.Duration{limit}
		return nil
	}
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return fmt.Errorf("%w: %s", err, failed.Stderr)
	}
	s.took, s.answer = append(s.took, time.Since(began)), a
	return err
}

// write writes what both sides read.
func (l *line) write(dir string) error {
	f := l.fleet()
	p := lp.New(f)
	l.family, l.scenarios, l.rows, l.columns = f.Family, len(f.Scenarios), p.Rows(), p.Columns()
	files := map[string]func(io.Writer) error{
		"fleet.json":  func(w io.Writer) error { return json.NewEncoder(w).Encode(f.Spec()) },
		"offers.json": func(w io.Writer) error { return json.NewEncoder(w).Encode(f.Offers) },
		"family":      func(w io.Writer) error { _, err := io.WriteString(w, f.Family); return err },
		"groups.json": func(w io.Writer) error { return json.NewEncoder(w).Encode(f) },
	}
	for name, content := range files { // in any order
		if err := create(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

func create(name string, content func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(content(file), file.Close())
}

// disagree reports whether both sides have an answer, and not both can be right.
func (l *line) disagree() bool {
	return !l.here.late && !l.cbc.late && !l.here.agrees(l.cbc.answer)
}

// String returns a line of the table.
func (l *line) String() string {
	here, cbc := l.here.median().Seconds(), l.cbc.median().Seconds()
	ratio := fmt.Sprintf("%.3g", (l.written.median().Seconds()+cbc)/here)
	alone := fmt.Sprintf("%.3g", cbc/here)
	said := fmt.Sprintf("%v here, %v CBC", l.here.answer, l.cbc.answer)
	switch {
	case l.disagree():
		said = "NOT THE SAME: " + said
	case l.here.late && l.cbc.late:
		said, ratio, alone = "", "", ""
	case l.cbc.late:
		said, ratio, alone = l.here.answer.String()+" here", "> "+ratio, "> "+alone
	case l.here.late:
		said, ratio, alone = l.cbc.answer.String()+" CBC", "< "+ratio, "< "+alone
	case l.here.sure() && l.cbc.sure():
		said = l.here.answer.String() + ", both"
	}
	number := func(n int) string { return topology.Quantity(float64(n), "") }
	return fmt.Sprintf("| %v | %s: %s | %s × %s | %v | %v | %v | %s | %s | %s |", l.size, l.family, number(l.scenarios), number(l.rows), number(l.columns),
		l.here.times(), l.written.times(), l.cbc.times(), ratio, alone, said)
}

func (s side) median() time.Duration {
	slices.Sort(s.took)
	return s.took[len(s.took)/2]
}

// times returns the median time.
func (s side) times() string {
	text := digits(s.median())
	if s.late {
		text = "> " + text
	}
	return text
}

// digits writes a time with three digits.
func digits(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return fmt.Sprintf("%.3g ms", d.Seconds()*1e3)
}
