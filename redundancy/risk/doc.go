// Package risk finds the few failures that bring a component down, and how likely they are.
//
// A component goes down when it fails of itself, or when one of its needs, or the number of members that one of its supplies needs,
// is no longer met: "1 of feed-[a,b]" fails with both feeds. What is needed only to start, and what is optional, takes nothing
// down. A group, or minimal cut set, is components whose joint failure brings the top down, while that of fewer of them does not. The
// top may be any component, such as the users, or a need: "2 of db-[1-3]".
//
//   - [Shared] finds redundancy that is only on paper: two feeds that both end in one board.
//   - [Scan] finds the single points of failure, and the groups of two, of a whole fleet at once.
//   - [Analyze] finds all groups of one top, counts them, and says how likely it is down: exactly, all that is shared taken into
//     account. [Analysis.Importance] ranks the components, [Analysis.Outages] says how long an outage lasts, restart included.
//   - [Collapse] finds the losses after which overload, not needs, fails the fleet: the other three look at needs alone. What is alike it
//     counts, so a fleet may be large.
//
// # Probabilities
//
// The chance that a component is down is its unavailability, as given, or MTTR/(MTBF+MTTR): see [topology.Failing]. Failures and repairs
// are independent of each other, but for a [CommonCause]. Two sorts are told apart. What fails in time makes outages, and how often is
// known if it has an MTBF: that is Analysis.Frequency. What fails on demand, such as a generator that does not start one time in
// fifty, lets outages through and makes none: it counts for Analysis.Unavailability, and in Frequency for what others begin.
//
// What has neither is taken for perfect in the figures, and is named in Unrated; it is in the groups all the same.
package risk
