// Package schedule finds the earliest finish of jobs that share resources, and proves it.
//
// A job runs for its duration without a break, from its release on and once the jobs it comes after have ended. While it runs
// it takes something of each resource it uses; what it takes from its end on it keeps for good. At no instant may more be
// taken than there is. That is how a machine starts: while it boots it draws its base load and an inrush, and then the base
// load; a limit on how many start at once is a resource of which nothing is kept. Where nothing is kept at all, it is the
// resource-constrained project scheduling problem (RCPSP).
//
// Four steps, each leaving the next one less to do:
//
//   - Whether there is a schedule at all is decided at once: [Result.Stuck].
//   - Schedules are generated one job after another, from the front and from the back in turn, in orders that a genetic
//     algorithm breeds.
//   - Bounds come from chains of jobs, from jobs of which no two can run together, and from the work to be done between two
//     instants.
//   - A solver of constraints that learns from its conflicts proves the rest, or finds better.
//
// # Backwards in time
//
// Seen backwards, a job that takes a while it runs and keeps b takes a − b while it runs and gives b back after that, and what
// there is at first is what all jobs leave over in the end. Turned round twice a problem is itself again. So everything here
// is written for numbers b of either sign, and the back of a schedule is the front of another.
//
// As a job keeps no more than it takes, what is free backwards only grows with the jobs that are done, one at a time. So if
// jobs are done greedily from the back, in any order, the same ones are stuck in the end.
package schedule
