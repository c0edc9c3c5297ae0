// Package chance computes exactly what becomes of one equally loaded pool when servers are lost by chance.
//
// A pool is n servers that share a demand D equally: with j of them up, each carries D/j. At first some are lost; R are
// left. Then go plain rounds: every server whose load is above its capacity trips, all at once, again and again until
// none is overloaded.
//
//   - Who survives are the j strongest of R, for the largest j at which the weakest of these j carries D/j; none, if there
//     is no such j.
//   - The pool holds if nothing trips at all: the weakest of R carries D/|R|. With nobody left it holds only if D is 0.
//
// # All that counts of a capacity is a number of servers
//
// Let m(c) be the least j at which a server of capacity c carries D/j; n+1 if there is none. Capacities that need equally
// many are interchangeable: they make a level. With N(t) the servers of R whose m is at most t,
//
//	j survive  ⇔  N(j) = j, and N(t) < t for every t > j
//	it holds   ⇔  R is not empty, and no m in R is above |R|
//
// # Independent losses
//
// N(t) sums independent numbers X, one per level. Levels are taken from strong (small m) to weak, t being the m of a level:
//
//	G_t(a) = P(N(t) = a)                               forward:  G_t(a) = Σ_u P(X_t = u) G_before(a - u)
//	H_t(a) = P(N(s) < s for all later s | N(t) = a)    backward: H_t(a) = Σ_u P(X_s = u) H_s(a + u), a + u < s, s the next after t
//
//	P(j survive) = G_t(j) H_t(j), t the last level at or below j
//
// With n servers that all differ this takes O(n·b) time, where b, at most n, is how many values N has that are not
// all but impossible (about 75 standard deviations), and O(n) memory. Equal servers of one level are one binomial.
//
// # A number of losses, all choices equally likely
//
// Give every server the same probability q = k/n, and keep only what has k lost in all: each choice of k has the same
// weight, whatever q is. So the same two sums serve, with H starting from n-k alone, divided by their total; N then
// has no more than k+1 values, and it takes O(nk).
//
// # Domains that fail as one
//
// A server is up if its domain is up and it is not lost itself. Domains are told apart by what they span:
//
//   - All of its servers in one level: it adds to the X of that level. Exact in polynomial time. Of k domains lost
//     at random, G and H run over two numbers: the domains lost so far, and N.
//   - Several levels: every case of which domains are up is walked by itself. Cases that leave equally many servers of
//     each sort are one, so domains of few profiles, or of few sorts of servers, have few cases; else there are 2^domains.
//
// What would take more steps than allowed is refused with [ErrTooHard]; in general this problem is hard.
//
// # How exact
//
// Every sum has positive terms only, so rounding costs relative accuracy: in the order of 1e-16 per server, well
// below 1e-9 with a million. Terms below 2^-1060 are left out: the absolute error from that is below 1e-310, so a probability
// has its digits down to about 1e-300, loses them from there on, and is 0 in the end. No function is used whose last bits
// differ between machines, and the order of servers and domains does not change a bit.
package chance
