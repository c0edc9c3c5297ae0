// Package psplib reads the instances of PSPLIB (Kolisch & Sprecher 1996, doi:10.1016/S0377-2217(96)00170-1).
package psplib

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
)

// An Instance is a problem, and what is known of its earliest finish.
type Instance struct {
	Name         string
	Problem      schedule.Problem
	Lower, Upper int64
}

// Set reads the instances of a set in a directory, "j30" say: those that set.csv lists, from the directory set.
func Set(dir, set string) ([]Instance, error) {
	file, err := os.Open(filepath.Join(dir, set+".csv"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []Instance
	for _, row := range rows[min(1, len(rows)):] {
		if len(row) != 3 {
			return nil, fmt.Errorf("psplib: a row of %s.csv has %d fields, want 3", set, len(row))
		}
		lower, err1 := strconv.ParseInt(row[1], 10, 64)
		upper, err2 := strconv.ParseInt(row[2], 10, 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("psplib: bounds of %s: %q, %q", row[0], row[1], row[2])
		}
		p, err := open(filepath.Join(dir, set, row[0]))
		if err != nil {
			return nil, err
		}
		all = append(all, Instance{row[0], p, lower, upper})
	}
	return all, nil
}

func open(name string) (schedule.Problem, error) {
	file, err := os.Open(name)
	if err != nil {
		return schedule.Problem{}, err
	}
	defer file.Close()
	p, err := Read(file)
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// Read reads an instance with one mode for each job, without its nonrenewable resources. The jobs include the two of no
// duration that begin and end the project.
func Read(r io.Reader) (p schedule.Problem, err error) {
	section, lines := "", bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if head, found := strings.CutSuffix(line, ":"); found {
			section = head
			continue
		}
		row := numbers(line)
		if len(row) == 0 {
			continue
		}
		switch section {
		case "PRECEDENCE RELATIONS":
			err = successors(&p, row)
		case "REQUESTS/DURATIONS":
			err = requests(&p, row)
		case "RESOURCEAVAILABILITIES":
			p.Capacity = row
		}
		if err != nil {
			return p, err
		}
	}
	return p, lines.Err()
}

// numbers returns the numbers of a line; nil if there is anything else in it.
func numbers(line string) (row []int64) {
	for field := range strings.FieldsSeq(line) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return nil
		}
		row = append(row, n)
	}
	return row
}

// grow makes sure that there is a job of a number, counted from 1, and that there is reason for it.
func grow(p *schedule.Problem, number int64) (*schedule.Job, error) {
	const many = 1 << 16
	if number < 1 || number > many {
		return nil, fmt.Errorf("psplib: job %d", number)
	}
	for int64(len(p.Jobs)) < number {
		p.Jobs = append(p.Jobs, schedule.Job{})
	}
	return &p.Jobs[number-1], nil
}

func successors(p *schedule.Problem, row []int64) error {
	if len(row) < 3 {
		return fmt.Errorf("psplib: a row of successors has %d numbers", len(row))
	}
	for _, after := range row[3:] {
		job, err := grow(p, after)
		if err != nil {
			return err
		}
		job.After = append(job.After, int(row[0])-1)
	}
	return nil
}

func requests(p *schedule.Problem, row []int64) error {
	if len(row) < 3 {
		return fmt.Errorf("psplib: a row of requests has %d numbers", len(row))
	}
	job, err := grow(p, row[0])
	if err != nil {
		return err
	}
	job.Duration = row[2]
	for r, n := range row[3:] {
		if n > 0 {
			job.Uses = append(job.Uses, schedule.Use{Resource: r, During: n})
		}
	}
	return nil
}
