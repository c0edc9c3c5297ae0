// Package ridethrough is documentation only: the library is in the packages below it.
//
// ridethrough (to ride through: to stay in operation through a disturbance) tells people who run fleets of servers
// whether their redundancy is real. If 100 servers share the traffic and a power board takes 30 of them, do the other 70
// die of the overload? What spare would have prevented it, and in what order may everything be started again?
//
//   - [github.com/ridethrough/ridethrough/topology] says what a fleet is: components, what they need, what they draw on.
//   - Below it, kube, netbox, compose, ganeti, openpsa, csv, prom and calls read the fleet that you have, and say what they could
//     not know.
//   - [github.com/ridethrough/ridethrough/cascade] says what happens when parts of it fail, round by round, and why.
//   - [github.com/ridethrough/ridethrough/cascade/backtest] holds a prediction against a loss that has happened.
//   - [github.com/ridethrough/ridethrough/redundancy] is the main job: one call, [redundancy.Analyze], one report.
//   - [github.com/ridethrough/ridethrough/redundancy/tipping] finds how much may be lost, and how far load may grow.
//   - [github.com/ridethrough/ridethrough/redundancy/spare] finds the least capacity to add, or load to refuse.
//   - [github.com/ridethrough/ridethrough/redundancy/strategy] puts N+1, 2N and the other usual ways side by side.
//   - [github.com/ridethrough/ridethrough/redundancy/growth] says until when a fleet's redundancy lasts, and how busy it may be.
//   - [github.com/ridethrough/ridethrough/redundancy/restart] finds a safe order in which a fallen fleet comes back.
//   - [github.com/ridethrough/ridethrough/redundancy/maintenance] says whether something may be taken out now, and finds groups to restart.
//   - [github.com/ridethrough/ridethrough/redundancy/risk] finds the few failures that bring it down, and how likely they are.
//   - [github.com/ridethrough/ridethrough/redundancy/redundancytest] fails your Go test if the fleet would not survive.
//   - [github.com/ridethrough/ridethrough/redundancy/report] draws it, and writes runbooks.
//
// Load flows down, failure flows up: users draw on servers, servers on boards, boards on a UPS.
//
// [redundancy.Analyze]: https://pkg.go.dev/github.com/ridethrough/ridethrough/redundancy#Analyze
package ridethrough
