// Package cascade says what happens to a fleet when parts of it fail.
//
// A [Scenario] is a starting state: what is lost, what is out of rotation, a factor on the demand. [Run] follows it in
// time, and its [Outcome] tells the story: what went down in which round and why, and the [Verdict].
//
//   - holds: nothing is overloaded, and every demand is served in full. Nothing moves after the loss itself.
//   - degrades: something trips or rejects, but in the end every demand is still served.
//   - collapses: in the end some demand is not.
//
// A demand that the scenario itself loses is not judged: where racks are what is asked for, the loss of a rack holds.
//
// # The cascade
//
// Round 0 takes the scenario's components down and, without taking time, closes: whatever needs too many of them goes
// down as well. Then, again and again: loads are computed; components that trip and are overloaded (load > capacity, by
// more than a part in 10⁹) wear by dt/T(load/capacity), and trip at 1; wear is lost when the overload ends; all that trips
// at the same time goes down together, and closes. It ends when nothing that trips is overloaded.
//
// T is 0 for a component that trips at once, a constant delay, or a curve of IEC 60255.
//
// # Intuition fails here
//
// Losing more can make a fleet hold: among unequal servers it may take the weak one that would have been overloaded. And
// a dying server relieves its board, so what trips first may decide what is left: [Outcome.Timing] says where that may
// be, and [Monotone] where it cannot. Look at the state in which nothing is lost first.
//
// # Many scenarios
//
// A [Family] is many scenarios at once, as a value and as text: "any 2 of feed", "up to 3 of server", "each feed + each ups",
// "random 30 of server", "independent server". [Screen] looks at all of them, counts those that differ only in which of some
// interchangeable components they lose as one case each, and draws a sample where there are too many cases. It says which
// of these it did. [Chance] is exact where the fleet is one equally loaded pool, however many scenarios there are.
//
// Behind both is an [Engine], which settles a scenario in the time of what the loss touches, not of the fleet. It answers two
// questions. What holds is one look at the loads, and always what Run says. What becomes of the rest follows plain rounds,
// in which all that is overloaded trips at once: the end that Run finds wherever the order of trips does not matter. Where it
// may, a screening counts it apart, with what could collapse in any order.
//
// A screening can be done in parts, anywhere: see [Plan] and [Merge].
package cascade
