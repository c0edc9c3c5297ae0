package lp

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// A Peer is a solver of integer programs, as a program of its own.
type Peer struct {
	Name    string
	Package string // of Debian
	args    func(program, solution string) []string
	cost    *regexp.Regexp // in its solution, where it is the best
	none    *regexp.Regexp // where there is none
}

// Peers returns COIN-OR's CBC and GLPK.
func Peers() (cbc, glpk Peer) {
	cbc = Peer{"cbc", "coinor-cbc",
		func(program, solution string) []string {
			return []string{program, "ratioGap", "0", "allowableGap", "0", "solve", "solution", solution}
		},
		regexp.MustCompile(`^Optimal - objective value +(\S+)`),
		regexp.MustCompile(`^(Infeasible|Integer infeasible) - `)}
	glpk = Peer{"glpsol", "glpk-utils",
		func(program, solution string) []string { return []string{"--lp", program, "-o", solution} },
		regexp.MustCompile(`Status: +INTEGER OPTIMAL\nObjective: +\S+ = (\S+) `),
		regexp.MustCompile(`Status: +INTEGER EMPTY\n`)}
	return cbc, glpk
}

// Installed reports whether the peer is here.
func (p Peer) Installed() bool {
	_, err := exec.LookPath(p.Name)
	return err == nil
}

// Version returns what Debian calls the version of the peer; "" where it is not a Debian package.
func (p Peer) Version() string {
	out, _ := exec.Command("dpkg-query", "--show", "--showformat=${Version}", p.Package).Output()
	return string(out)
}

// Command is the peer, about to solve a program in a file and to leave its solution in another.
func (p Peer) Command(ctx context.Context, program, solution string) *exec.Cmd {
	return exec.CommandContext(ctx, p.Name, p.args(program, solution)...)
}

// Read returns the least cost from a solution, and whether there is one.
func (p Peer) Read(solution string) (cost float64, ok bool, err error) {
	text, err := os.ReadFile(solution)
	if err != nil {
		return 0, false, err
	}
	if p.none.Match(text) {
		return 0, false, nil
	}
	found := p.cost.FindSubmatch(text)
	if found == nil {
		return 0, false, fmt.Errorf("%s found neither a least cost nor that there is none: %.100s", p.Name, text)
	}
	cost, err = strconv.ParseFloat(string(found[1]), 64)
	return cost, true, err
}
