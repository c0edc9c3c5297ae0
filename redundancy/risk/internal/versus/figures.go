package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"slices"
	"strings"
)

// Figures are what a side finds of a tree.
type figures struct {
	Events, Gates int
	Count         []*big.Int // by size, from 0
	Probability   float64
	Refused       string // why there are none
}

func (f *figures) sets() *big.Int {
	sum := new(big.Int)
	for _, n := range f.Count {
		sum.Add(sum, n)
	}
	return sum
}

// differ says in what two sides differ; "" if they agree, the probabilities to a relative 1e-9, or as many digits as are known.
func (f *figures) differ(g *figures, digits float64) string {
	trim := func(count []*big.Int) []*big.Int {
		for len(count) > 0 && count[len(count)-1].Sign() == 0 {
			count = count[:len(count)-1]
		}
		return count
	}
	if !slices.EqualFunc(trim(f.Count), trim(g.Count), func(a, b *big.Int) bool { return a.Cmp(b) == 0 }) {
		return fmt.Sprintf("%v cut sets by size, not %v", f.Count, g.Count)
	}
	if math.Abs(f.Probability-g.Probability) > digits*g.Probability {
		return fmt.Sprintf("a probability of %v, not %v", f.Probability, g.Probability)
	}
	return ""
}

// expected reads the known figures: a line for each tree after the first, its name, the number of sets, the probability, that of
// single points, and the numbers by size, from 1. Where there is no such file, none are known.
func expected(file string) (map[string]*figures, error) {
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer in.Close()
	known := map[string]*figures{}
	lines := bufio.NewScanner(in)
	for lines.Scan(); lines.Scan(); {
		field := strings.Split(lines.Text(), "\t")
		if len(field) != 5 {
			return nil, fmt.Errorf("%s: %q has not five fields", file, lines.Text())
		}
		f := &figures{Count: []*big.Int{new(big.Int)}} // the numbers begin with the size of 1
		if _, err := fmt.Sscan(field[2], &f.Probability); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", file, lines.Text(), err)
		}
		for number := range strings.FieldsSeq(field[4]) {
			n, ok := new(big.Int).SetString(number, 10)
			if !ok {
				return nil, fmt.Errorf("%s: %q is no number", file, number)
			}
			f.Count = append(f.Count, n)
		}
		known[field[0]] = f
	}
	return known, lines.Err()
}
