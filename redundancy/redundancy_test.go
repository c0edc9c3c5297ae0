package redundancy

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// chat is 100 servers of 100 requests/s on boards of 30, 30, 20 and 20, for 8,000 requests/s.
func chat() topology.Spec {
	return topology.Spec{
		Name:  "chat",
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: []string{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: []string{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: []string{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: []string{"board-4"}},
			{Name: "users", Demand: 8_000, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}
}

func analyze(t *testing.T, spec topology.Spec, o Options) *Report {
	r, err := Analyze(t.Context(), topology.Must(topology.New(spec)), o)
	require.NoError(t, err)
	return r
}

// 8,000 requests/s over 70 servers are 114.3 each, over 80 just 100: 10 more are needed on what board-1 and board-2 do
// not carry; or 1,000 of 8,000 are refused; and while board-1 is dark for 26 minutes, 7,000 of 8,000 are served.
func TestHundred(t *testing.T) {
	r := analyze(t, chat(), Options{Scenarios: cascade.Each("board"), Return: map[string]time.Duration{"board-1": 26 * time.Minute}})
	require.False(t, r.Holds())
	require.Equal(t, cascade.Holds, r.Intact.Verdict)
	require.InDelta(t, 1.25, r.Intact.Margin, 1e-12)
	require.Equal(t, "2", r.Screening.Holding.String())
	require.Equal(t, "2", r.Screening.Collapsing.String())
	require.Len(t, r.Cases, 4)

	lost := r.Cases[0]
	require.Equal(t, cascade.Collapses, lost.Outcome.Verdict)
	require.Len(t, lost.Outcome.Rounds, 2)
	require.InDelta(t, 8000.0/70/100, lost.Outcome.Rounds[0].Use, 1e-12)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 0}}, lost.Outcome.Served)
	require.Equal(t, cascade.Exact, lost.Shed.Certainty)
	require.InDelta(t, 1000, lost.Shed.Lost, 1e-9)
	require.Equal(t, cascade.Proven, lost.Restart.Certainty)
	require.InDelta(t, 26*1000, lost.Restart.Unserved, 1e-6)
	require.Equal(t, 26*time.Minute, lost.Restart.Full)

	held := r.Cases[2]
	require.Equal(t, cascade.Holds, held.Outcome.Verdict)
	require.InDelta(t, 1, held.Outcome.Margin, 1e-12)
	require.Nil(t, held.Shed)
	require.Nil(t, held.Restart)

	require.Equal(t, "board", r.Tipping[0].Of)
	require.Equal(t, 0, r.Tipping[0].Any)
	require.Equal(t, 1, r.Tipping[0].Some)
	require.Equal(t, "server", r.Tipping[1].Of)
	require.Equal(t, 20, r.Tipping[1].Any)

	require.Equal(t, cascade.Proven, r.Spare.Certainty)
	require.InDelta(t, 10, r.Spare.Cost, 1e-9)
	require.Len(t, r.Spare.Buy, 1)
	require.Equal(t, "chat-061", r.Spare.Buy[0].Like) // on board-3
	require.Len(t, r.Spare.Binding, 2)
	require.Equal(t, "board-1", r.Spare.Binding[0].Scenario.String())
	require.Equal(t, "board-2", r.Spare.Binding[1].Scenario.String())
}

func TestSameBytesWithAnyNumberOfWorkers(t *testing.T) {
	o := Options{Scenarios: cascade.Join(cascade.Any(2, "board"), cascade.Any(2, "chat-[001-030]")), Workers: 1}
	one := analyze(t, chat(), o)
	o.Workers = 7
	seven := analyze(t, chat(), o)
	require.Equal(t, one.String(), seven.String())
	a, err := json.Marshal(one)
	require.NoError(t, err)
	b, err := json.Marshal(seven)
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
}

func TestManyScenariosTellTheWorst(t *testing.T) {
	r := analyze(t, chat(), Options{Scenarios: cascade.Join(cascade.Each("server"), cascade.Any(2, "board"))})
	require.Equal(t, "106", r.Screening.Scenarios.String())
	require.Equal(t, int64(7), r.Screening.Run) // the servers of a board are interchangeable, and so are boards of as many
	require.Equal(t, "100", r.Screening.Holding.String())
	require.Len(t, r.Cases, 3) // the pairs of boards leave 40 to 60 servers
	require.Equal(t, "board-[1-2]", r.Cases[0].Outcome.Scenario.String())
}

// Two demands on the same servers.
func TestTwoDemands(t *testing.T) {
	spec := chat()
	spec.Components = append(spec.Components, topology.Component{Name: "robots", Demand: 10, Supplies: []topology.Supply{{Members: []string{"server"}}}})
	r := analyze(t, spec, Options{Scenarios: cascade.Each("board")})
	require.Equal(t, cascade.Proven, r.Spare.Certainty)
	require.Equal(t, 11.0, r.Spare.Cost) // 8,010 on servers of 100
	require.Equal(t, cascade.Proven, r.Cases[0].Shed.Certainty)
	require.Equal(t, cascade.Proven, r.Cases[0].Restart.Certainty)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 1}, {Demand: "robots", Fraction: 1}}, r.Cases[0].Restart.Served)
}

func TestCancelledAnalysisReturnsWhatIsKnown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Analyze(ctx, topology.Must(topology.New(chat())), Options{Scenarios: cascade.Each("board")})
	require.ErrorIs(t, err, context.Canceled)
	require.NotNil(t, r)
	require.False(t, r.Holds())
	require.Contains(t, r.String(), "not determined")
}

func TestUnknownNamesAreNamed(t *testing.T) {
	_, err := Analyze(t.Context(), topology.Must(topology.New(chat())), Options{Scenarios: cascade.Each("bord")})
	require.ErrorContains(t, err, `no component and no kind is named "bord"; did you mean "board"?`)
}

func TestReportMarshals(t *testing.T) {
	data, err := json.Marshal(analyze(t, chat(), Options{Scenarios: cascade.Each("board")}))
	require.NoError(t, err)
	var back map[string]any
	require.NoError(t, json.Unmarshal(data, &back))
	for _, key := range []string{"intact", "screening", "cases", "tipping", "spare"} {
		require.Contains(t, back, key)
	}
}

// A fleet that is overloaded on a good day says so before anything else.
func TestOverloadedOnAGoodDay(t *testing.T) {
	spec := chat()
	spec.Components[5].Demand = 10_001
	r := analyze(t, spec, Options{Scenarios: cascade.Each("board")})
	require.False(t, r.Holds())
	first := strings.SplitN(r.String(), "\n", 5)
	require.Contains(t, first[3], "nothing lost")
	require.Contains(t, first[3], "collapses")
}

// What counts as served enough changes verdicts everywhere alike.
func TestServe(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "s-[1-4]", Kind: "server", Capacity: 25, Overload: topology.Overload{Shed: true}},
		{Name: "users", Demand: 80, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}
	for _, c := range []struct {
		serve float64
		want  cascade.Verdict
	}{{0, cascade.Collapses}, {1, cascade.Collapses}, {.9376, cascade.Collapses}, {.9375, cascade.Degrades}} { // 75 of 80 are served
		r := analyze(t, spec, Options{Scenarios: cascade.Each("s-1"), Serve: c.serve})
		require.Equal(t, c.want, r.Cases[0].Outcome.Verdict, "%v", c.serve)
		require.Equal(t, c.want, r.Screening.Worst[0].Verdict, "%v", c.serve)
		require.Contains(t, r.String(), string(c.want))
	}
	for _, serve := range []float64{-.1, 1.1, math.NaN()} {
		_, err := Analyze(t.Context(), topology.Must(topology.New(spec)), Options{Serve: serve})
		require.ErrorContains(t, err, "from 0 to 1")
	}
}

func TestOptionsAreCheckedFirst(t *testing.T) {
	fleet := topology.Must(topology.New(chat()))
	r, err := Analyze(t.Context(), fleet, Options{Return: map[string]time.Duration{"bord-1": 0}})
	require.Nil(t, r)
	require.ErrorContains(t, err, `return: not found: no component and no kind is named "bord-1"; did you mean "board-1"?`)
	r, err = Analyze(t.Context(), fleet, Options{AtOnce: map[string]int{"servr": 1}})
	require.Nil(t, r)
	require.ErrorContains(t, err, "at once: not found")
}

// A scenario that takes every demand down itself says nothing.
func TestNoVacuousHolds(t *testing.T) {
	r := analyze(t, chat(), Options{Scenarios: cascade.Each("users")})
	require.Equal(t, "1", r.Screening.Unasked.String())
	require.False(t, r.Holds())
	require.Contains(t, r.String(), "In 1 of those that hold no demand is left to judge by.")
}

// Where scenarios are not equally likely, the report says how likely it is that the fleet does not hold.
func TestReportOfIndependentLosses(t *testing.T) {
	spec := chat()
	for i := range spec.Components {
		if spec.Components[i].Kind == "board" {
			spec.Components[i].Failing.Unavailability = .01
		}
	}
	r := analyze(t, spec, Options{Scenarios: cascade.Independent("board")})
	// It holds if none of the four is lost, or one of the two that have twenty.
	require.InDelta(t, 1-.99*.99*.99*.99-2*.01*.99*.99*.99, r.Screening.Fail.Low, 1e-15)
	require.Contains(t, r.String(), "It does not hold with a probability of 2 %, and collapses with 2 %.")
	require.NotContains(t, analyze(t, spec, Options{Scenarios: cascade.Each("board")}).String(), "It does not hold with a probability")
}

// Of several demands, each row names those that are served least, and what cannot be said of them stands apart.
func TestReportOfSeveralDemands(t *testing.T) {
	spec := topology.Spec{Kinds: map[string]topology.Component{
		"server": {Capacity: 10, Overload: topology.Overload{Shed: true}, Start: topology.Start{Boot: time.Minute}}, // too long to mend what is overloaded
	}}
	for _, name := range []string{"mail", "news", "shop", "wiki", "chat", "maps"} {
		spec.Components = append(spec.Components,
			topology.Component{Name: name + "-1", Kind: "server", Needs: []string{"rack"}},
			topology.Component{Name: name + "-2", Kind: "server"},
			topology.Component{Name: name, Demand: 8, Supplies: []topology.Supply{{Members: []string{name + "-[1-2]"}}}})
	}
	spec.Components[1].Needs = []string{"rack"}                                 // mail has both of its servers there,
	spec.Components[5].Demand, spec.Components[8].Demand = 12.5, 12.5           // news and shop are left with 10 of 12.5,
	spec.Components[11].Demand, spec.Components[14].Demand = 20, 16             // wiki with 10 of 20, chat with 10 of 16
	spec.Components = append(spec.Components, topology.Component{Name: "rack"}) // and maps with what it needs
	r := analyze(t, spec, Options{Scenarios: cascade.Only(cascade.Scenario{Lose: []string{"rack"}})})
	require.Contains(t, r.String(), "wiki-2 at 200 %, 1 of 6 demands served in full: 0 % of mail, 50 % of wiki, 62.5 % of chat\n")
	require.Contains(t, r.String(), "\nMinimum spare\n  Nothing on offer helps (proven): rack cannot hold, however many like mail-1, news-1, news-2 and 8 more are bought.\n    rack: mail lost both of mail-[1-2]\n")
	require.Contains(t, r.String(), "\nNot determined\n  The way back from rack")
	spec.Components[14].Demand = 8
	r = analyze(t, spec, Options{Scenarios: cascade.Only(cascade.Scenario{Lose: []string{"rack"}})})
	require.Contains(t, r.String(), "2 of 6 demands served in full: 0 % of mail, 50 % of wiki, 80 % of news, shop\n")
	spec.Components[5].Demand, spec.Components[8].Demand = 8, 10.0001 // 99.999 %, which would round to all of it
	r = analyze(t, spec, Options{Scenarios: cascade.Only(cascade.Scenario{Lose: []string{"rack"}})})
	require.Contains(t, r.String(), "3 of 6 demands served in full: 0 % of mail, 50 % of wiki, over 99.99 % of shop\n")
}

// Names as clouds give them are told whole.
func TestLongNames(t *testing.T) {
	const node = "node/ip-10-123-123-123.ap-southeast-2.compute.internal"
	spec := topology.Spec{Components: []topology.Component{{Name: node, Capacity: 1, Kind: "node"},
		{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: []string{node}}}}}}
	require.Contains(t, analyze(t, spec, Options{Scenarios: cascade.Each("node")}).String(), "\n  "+node+"  collapses")
}
