package spare

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Timeline is what to refuse while a cascade is under way, and by when. It prints as a runbook.
type Timeline struct {
	Scenario cascade.Scenario `json:"scenario"`
	Timing   bool             `json:"timing,omitempty"`  // what comes later may depend on which component trips first: see [cascade.Outcome]
	Stages   []Stage          `json:"stages"`            // in order; the last is how it ends if nothing is done
	Skipped  int              `json:"skipped,omitempty"` // stages between the last two that are not told
}

// A Stage is the time from one trip to the next.
type Stage struct {
	From    time.Duration  `json:"from"`              // after the losses of the scenario
	By      time.Duration  `json:"by"`                // the next trip; equal to From if there is no time to act
	Open    bool           `json:"open,omitempty"`    // nothing trips any more: there is no By
	Tripped topology.Names `json:"tripped,omitempty"` // since the stage before
	Shed    *Shedding      `json:"shed"`              // what is enough at any time before By
}

// maxStages is how many stages are told.
const maxStages = 12

// ShedInTime finds what is to be refused at each stage of the cascade that follows a scenario, and by when: acting ends
// the overload, and the wear of what was overloaded is lost with it, so it is enough to act at any time before the next
// trip. What has tripped by then is lost as well. At most a dozen stages are told, the last among them.
//
// Components that trip at once leave no time: then what the first stage says must have been done beforehand, or is done by
// a machine.
//
// The cascade is that of [cascade.Run], and each stage is a [Shed]: value and the error are the same.
func ShedInTime(ctx context.Context, t *topology.Topology, s cascade.Scenario, value map[string]float64) (*Timeline, error) {
	if err := checkValue(t, value); err != nil {
		return nil, err
	}
	outcome, err := cascade.Run(t, s)
	if err != nil {
		return nil, err
	}
	line := &Timeline{Scenario: s, Timing: outcome.Timing}
	rounds := stagesOf(outcome)
	if len(rounds) > maxStages {
		line.Skipped = len(rounds) - maxStages
		rounds = append(rounds[:maxStages-1:maxStages-1], rounds[len(rounds)-1])
	}
	w := watch{t: t, outcome: outcome}
	for _, round := range rounds {
		stage := w.stage(round)
		if round == 0 && outcome.Judge(1) == cascade.Holds {
			stage.Shed, err = nothingToShed(t, s, outcome)
		} else {
			stage.Shed, err = shedAfter(ctx, t, s, w.gone, value)
		}
		if stage.Shed != nil {
			stage.Shed.Scenario.Name = stage.name(s)
			line.Stages = append(line.Stages, stage)
		}
		if err != nil {
			return line, err
		}
	}
	return line, nil
}

// stagesOf returns the rounds in which one could act: the first, all after which time passes, and the last.
func stagesOf(o *cascade.Outcome) []int {
	rounds := []int{0}
	for i := 1; i < len(o.Rounds); i++ {
		if i == len(o.Rounds)-1 || o.Rounds[i+1].At > o.Rounds[i].At {
			rounds = append(rounds, i)
		}
	}
	return rounds
}

// A watch follows an outcome.
type watch struct {
	t       *topology.Topology
	outcome *cascade.Outcome
	next    int           // of its failures
	gone    []topology.ID // what has tripped so far
}

// stage goes on to a round.
func (w *watch) stage(round int) Stage {
	before := len(w.gone)
	for ; w.next < len(w.outcome.Failures) && w.outcome.Failures[w.next].Round <= round; w.next++ {
		if f := &w.outcome.Failures[w.next]; f.Cause == cascade.Tripped {
			if id, ok := w.t.Lookup(f.Component); ok {
				w.gone = append(w.gone, id)
			}
		}
	}
	rounds := w.outcome.Rounds
	slices.Sort(w.gone[before:])
	stage := Stage{From: rounds[round].At, Tripped: w.t.Names(w.gone[before:])}
	if stage.Open = round == len(rounds)-1; !stage.Open {
		stage.By = rounds[round+1].At
	}
	return stage
}

// name is what the scenario of a stage is called.
func (s *Stage) name(of cascade.Scenario) string {
	if s.From == 0 && len(s.Tripped) == 0 {
		return of.Name
	}
	return fmt.Sprintf("%s, after %s", of, moment(s.From))
}

// MarshalJSON writes durations as "40s"; by is left out where there is none.
func (s Stage) MarshalJSON() ([]byte, error) {
	type plain Stage
	by := ""
	if !s.Open {
		by = s.By.String()
	}
	return json.Marshal(struct {
		From string `json:"from"`
		By   string `json:"by,omitempty"`
		plain
	}{s.From.String(), by, plain(s)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Stage) UnmarshalJSON(data []byte) error {
	type plain Stage
	read := struct {
		From string `json:"from"`
		By   string `json:"by"`
		*plain
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	for _, d := range []struct {
		text string
		into *time.Duration
	}{{read.From, &s.From}, {read.By, &s.By}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.into, err = time.ParseDuration(d.text); err != nil {
			return err
		}
	}
	return nil
}

// String is a runbook: a line for each stage.
func (l *Timeline) String() string {
	width := 0
	for i := range l.Stages {
		width = max(width, len(l.when(i)))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s:", l.Scenario)
	for i, s := range l.Stages {
		if i == len(l.Stages)-1 && l.Skipped > 0 {
			fmt.Fprintf(&text, "\n  %*s  (%d more trips)", -width, "…", l.Skipped)
		}
		fmt.Fprintf(&text, "\n  %*s  ", -width, l.when(i))
		if len(s.Tripped) > 0 {
			fmt.Fprintf(&text, "without %s: ", someOf(s.Tripped))
		}
		text.WriteString(s.Shed.line())
	}
	if l.Timing {
		text.WriteString("\nWhat comes later may depend on which component trips first.")
	}
	return text.String()
}

// when says by when to act in a stage.
func (l *Timeline) when(i int) string {
	s := &l.Stages[i]
	switch {
	case s.Open && i == 0:
		return "at any time"
	case s.Open:
		return "after that"
	case s.By == 0:
		return "beforehand, for it trips at once"
	default:
		return "by " + moment(s.By)
	}
}

// moment writes a time for people.
func moment(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	case d < time.Minute:
		return d.Round(10 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(100 * time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
