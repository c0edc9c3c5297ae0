package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A line is what both sides find of a tree; nil is nothing.
type line struct {
	name        string
	here, scram *figures
	took        [2]cost // of here, and of SCRAM
}

// A cost is what a process took.
type cost struct {
	time time.Duration
	peak int64 // bytes; 0 if the system does not tell
	stop bool  // it was stopped
	no   bool  // it does not take the tree
}

func (c cost) String() string {
	switch {
	case c.no:
		return "refused |"
	case c.stop:
		return fmt.Sprintf("> %.0f s |", c.time.Seconds())
	case c.peak == 0:
		return fmt.Sprintf("%.2f s |", c.time.Seconds())
	}
	return fmt.Sprintf("%.2f s | %d MiB", c.time.Seconds(), c.peak>>20)
}

func (l *line) String() string {
	text := "| " + l.name + " | | | | |"
	if f := l.here; f != nil && f.Refused != "" {
		return fmt.Sprintf("| %s | | | %s | | | | | |", l.name, f.Refused)
	} else if f != nil {
		number := func(n *big.Int) string { x, _ := n.Float64(); return topology.Quantity(x, "") }
		text = fmt.Sprintf("| %s | %d | %d | %s | %.6g |", l.name, f.Events, f.Gates, number(f.sets()), f.Probability)
	}
	return fmt.Sprintf("%s %v | %v |", text, l.took[0], l.took[1])
}

// SCRAM writes six digits.
const written = 1e-5

// differ says in what the sides differ, or this one from what is known.
func (l *line) differ(known *figures) string {
	if l.here != nil && l.here.Refused != "" {
		return ""
	}
	if l.here != nil && l.scram != nil {
		if text := l.here.differ(l.scram, written); text != "" {
			return "here " + text + ", as SCRAM has it"
		}
	}
	if l.here != nil && known != nil {
		if text := l.here.differ(known, 1e-9); text != "" {
			return "here " + text + ", as is known"
		}
	}
	return ""
}

func compare(ctx context.Context, file string, limit time.Duration) (*line, error) {
	l := &line{name: strings.TrimSuffix(filepath.Base(file), ".xml")}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	out, took, err := ask(ctx, limit, self, "-tree", file)
	if err != nil {
		return nil, err
	}
	if l.took[0] = took; !took.stop {
		l.here = &figures{}
		if err := json.Unmarshal(out, l.here); err != nil {
			return nil, err
		}
	}
	if l.here == nil || l.here.Refused == "" {
		l.scram, l.took[1], err = scram(ctx, file, limit)
	}
	return l, err
}

// scram has SCRAM solve a tree.
func scram(ctx context.Context, file string, limit time.Duration) (*figures, cost, error) {
	dir, err := os.MkdirTemp("", "versus-")
	if err != nil {
		return nil, cost{}, err
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report.xml")
	_, took, err := ask(ctx, limit, "scram", "--bdd", "--probability", "true", "-l", "1000000", "--no-indent", "-o", report, file)
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return nil, cost{no: true}, nil
	} else if err != nil || took.stop {
		return nil, took, err
	}
	f, err := readReport(report)
	return f, took, err
}

// readReport reads what SCRAM found. Of its many products only the attributes of the list are looked at.
func readReport(file string) (*figures, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	for dec := xml.NewDecoder(in); ; {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("SCRAM's report has no sum of products: %w", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "sum-of-products" {
			return figuresOf(e.Attr)
		}
	}
}

func figuresOf(attributes []xml.Attr) (*figures, error) {
	f := &figures{Count: []*big.Int{new(big.Int)}} // SCRAM counts from 1
	for _, a := range attributes {
		switch a.Name.Local {
		case "probability":
			if _, err := fmt.Sscan(a.Value, &f.Probability); err != nil {
				return nil, fmt.Errorf("probability %q: %w", a.Value, err)
			}
		case "distribution":
			for number := range strings.FieldsSeq(a.Value) {
				n, ok := new(big.Int).SetString(number, 10)
				if !ok {
					return nil, fmt.Errorf("distribution %q", a.Value)
				}
				f.Count = append(f.Count, n)
			}
		}
	}
	return f, nil
}

// patience is how many times the limit a side may take on the clock, if others use the machine.
const patience = 20

// ask runs a program, which is stopped after so much time of a core.
func ask(ctx context.Context, limit time.Duration, program string, args ...string) ([]byte, cost, error) {
	ctx, cancel := context.WithTimeout(ctx, patience*limit)
	defer cancel()
	const limited = `ulimit -t "$1" && shift && exec "$@"`
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", limited, "sh", fmt.Sprint(int(limit.Seconds())), program}, args...)...)
	c.Env = append(c.Environ(), "GOMAXPROCS=1")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if c.ProcessState == nil {
		return nil, cost{}, err
	}
	took := cost{time: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), peak: peak(c.ProcessState)}
	if c.ProcessState.ExitCode() < 0 { // it was stopped
		took.time, took.stop = limit, true
		return nil, took, nil
	}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		err = fmt.Errorf("%s: %w: %s", program, err, &said)
	}
	return out, took, err
}
