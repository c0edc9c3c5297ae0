// Package restart plans the way back of a fleet that has fallen, and checks such plans.
//
// Time 0 is the end of a scenario's cascade: what is down then is dead, the rest runs, warm and in rotation, but for what
// the scenario drained. Operators power on what is dead, put servers in rotation, and admit a fraction of a gated
// demand. A plan is safe when at no instant a component that runs or boots is overloaded, one that sheds included, and every
// start was allowed.
//
// # What to call
//
//   - [Make] plans the way back of any fleet, to full service and on to all that can run. Its figures come from a replay, and stand
//     beside bounds that no safe plan beats.
//   - [Verify] replays any plan and returns the first thing that goes wrong; [Plan.Measure] brings the figures of one that was
//     edited up to date.
//   - [Plan.Timeline] tells what happens by a plan, moment by moment; package report makes a runbook of it.
//   - [Plan.Slack] says how far each step may be moved.
//   - [Plan.Rehearse] tells how a plan goes where boots take other times than they should, or fail, and [Plan.Guard] puts
//     conditions on its steps that keep it safe there.
//   - [Plan.Resume] plans the rest anew when things have gone otherwise.
//
// # What happens in a replay
//
// All steps of one instant take effect together.
//
//   - What is dead can be powered on from the time that it returns, and once all its needs, those only to start
//     included, and its supplies' needs are met by components that are ready. It boots for [s, s+boot), placing base and
//     in-rush on what it draws on; then it is ready. The sources of demand that nothing draws on need no step: they come up as
//     soon as what they need is ready.
//   - Members of a demand's supplies then wait to be put in rotation; all else is in rotation as soon as it is ready.
//     On entering it, a component has the cold part of its capacity, growing linearly to all of it while it warms up.
//   - A gated demand that fell is held at 0 until it is admitted. Each part Δf admitted at t₀ comes as
//     Δf · (1 + surge · e^(−(t−t₀)/decay)). A demand that is not gated cannot be held back: all of it, with its surge, is there
//     as soon as it is up and each of its supplies has a member in rotation.
//
// # Conditions
//
// A plan may be carried out in a world where boots take longer than they should, or fail. So a step may have conditions on what
// can be seen then. Steps of one time are taken together, and in order of time, as a runbook is read:
//
//   - When: they are taken at the first instant from their time on at which all their conditions hold. While they wait the plan's
//     clock stands still: all later steps come as much later, so that what warms up or decays between two steps has as long
//     for it as it was meant to. If the conditions never hold, neither these steps nor any later one are taken.
//   - If: a step whose conditions do not hold when it is its turn is left out, for good, and nothing waits for it.
//   - A power-on or rotate-in with conditions of either sort acts on those of What that can, and leaves out what cannot: what has
//     failed, or has not what it needs, or is not ready. Without conditions that is a violation.
//   - Admission still changes on the grid only: steps that come late and admit wait for the next time of it.
//
// What is ready or boots is counted after the boots that end at an instant; for an If also after the power-ons before it, and, of
// a rotate-in or an Admit, after all power-ons of the instant. Loads are those just before the instant's steps.
//
// Somebody looks whenever anything happens, and where Below is waited for on the grid besides, or each minute if there is none;
// after 500 times at which nothing happened only every second time, then every fourth, and so on.
package restart
