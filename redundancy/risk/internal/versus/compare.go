package main

import (
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

	"github.com/ridethrough/ridethrough/redundancy/internal/peer"
	"github.com/ridethrough/ridethrough/topology"
)

// A line is what both sides find of a tree; nil is nothing.
type line struct {
	name        string
	here, scram *figures
	took        [2]cost // of here, and of SCRAM
}

// A cost is what a side took.
type cost struct {
	peer.Result
	refused bool // it does not take the tree
}

func (c cost) String() string {
	switch {
	case c.refused:
		return "refused |"
	case c.Stopped:
		return fmt.Sprintf("> %.0f s |", c.Took.Seconds())
	case c.Peak == 0:
		return fmt.Sprintf("%.2f s |", c.Took.Seconds())
	}
	return fmt.Sprintf("%.2f s | %d MiB", c.Took.Seconds(), c.Peak>>20)
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
	if p, ok := published[l.name]; ok && l.here != nil {
		if text := p.differ(l.here); text != "" {
			return "here " + text + ", as is published"
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
	r, err := peer.Run(ctx, limit, self, "-tree", file)
	if err != nil {
		return nil, err
	}
	if l.took[0].Result = r; !r.Stopped {
		l.here = &figures{}
		if err := json.Unmarshal(r.Out, l.here); err != nil {
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
	r, err := peer.Run(ctx, limit, "scram", "--bdd", "--probability", "true", "-l", "1000000", "--no-indent", "-o", report, file)
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return nil, cost{refused: true}, nil
	} else if err != nil || r.Stopped {
		return nil, cost{Result: r}, err
	}
	f, err := readReport(report)
	return f, cost{Result: r}, err
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
