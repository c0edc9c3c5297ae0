package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// times is a flag that may be repeated: board-1=26m. Never is -1.
type times map[string]time.Duration

func (t *times) String() string { return "" }

func (t *times) Set(text string) error {
	pattern, value, err := cut(text, "board-1=26m")
	if err != nil {
		return err
	}
	if value == "never" {
		(*t)[pattern] = -1
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return fmt.Errorf(`%q is no time: write it as "26m", "1h30m" or "never"`, value)
	}
	(*t)[pattern] = d
	return nil
}

// counts is a flag that may be repeated: server=10.
type counts map[string]int

func (c *counts) String() string { return "" }

func (c *counts) Set(text string) error {
	pattern, value, err := cut(text, "server=10")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number of at least 1", value)
	}
	(*c)[pattern] = n
	return nil
}

// cut divides at the last "=", for a pattern may be label=value.
func cut(text, example string) (pattern, value string, err error) {
	i := strings.LastIndex(text, "=")
	if i < 1 || i == len(text)-1 {
		return "", "", fmt.Errorf("write it like %s", example)
	}
	return text[:i], text[i+1:], nil
}
