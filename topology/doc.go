// Package topology says what a fleet is: components, what they need, what they draw on, and the loads that follow.
//
// # Load flows down, failure flows up
//
// Users draw on servers, servers draw on power boards, boards draw on a UPS. Load is passed along these arrows. When a
// component fails, whatever drew on it shifts its load to the members that are left, and fails itself if too few are.
//
// A [Component] can carry load or fail. It has a capacity, the most load it carries without being overloaded, and a
// demand, the load it has of its own: the users are a component with a demand that nothing draws on.
//
//   - A need is a requirement without load: up only while these are ("board-1", "2 of etcd-[1-3]"), or only to start.
//   - A [Supply] passes load: to members, by a [Share], so much of it, and so many of them must be up.
//
// A failure domain is any component that others need; it takes no special kind.
//
// # Building
//
// A [Spec] is the fleet as people write it, in Go, in JSON, or in YAML (package topology/yaml). [New], [Read] and
// [ReadFile] check all of it, and report everything that is wrong at once, each [Fault] with its place and what would be
// right. What they return is a [Topology], which never changes: an analysis of it can only be cancelled.
//
// Importers, in the packages below this one, make a Spec of what there is already. What they could not know, and what
// looks wrong, is a [Finding] each. Sources are joined before New; [Findings.Strict] then turns assumptions into errors.
//
// # Asking
//
// [Topology.Closure] tells what goes down with what: a component goes down when one of its needs, or the number of
// members that a supply needs, is no longer met. [Topology.Flow] tells the loads of a [State], and what part of each
// demand is served: what is above the capacity of a component that sheds is rejected, and so is what finds no member up.
//
// What happens then, in time, is told by package cascade.
package topology
