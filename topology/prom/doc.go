// Package prom gives a fleet the load and the capacity that Prometheus has measured.
//
// [Read] reads what is at hand: answers of Prometheus' HTTP API, saved or as they come, or what an exporter says at
// /metrics. [Join] gives the numbers to components of a spec that another importer made, or that was written by hand:
//
//  1. A [Rule] picks series by a name or a selector, and makes the name of a component from their labels:
//     "{namespace}/{pod}". Series of the same component add up: the containers of a pod, or all servers' requests as
//     the demand of "users".
//  2. The number of a series is its value at the latest time; at another with [At], which looks back like Prometheus.
//  3. NaN, infinite, negative and stale values are not used, nor are counters, which are no rates: what has a name that
//     ends in _total, _count, _sum or _bucket. Each is a finding, and the component keeps what it had. So are series
//     that belong to nobody, and components without a series.
//  4. What was measured settles what an earlier importer had to assume.
//
// Whether measured load is a demand is for the rule to say. Where load comes from users through supplies, the load of
// servers is what follows from it: give the sum to the users, and compare the servers' own with what follows, as
// package cascade/backtest does, for which there is [Values]. [Calls] reads who calls whom.
//
// Nothing is asked over the network, and no query is made: what a fleet calls load is known to those who run it. One way:
//
//	curl 'http://prometheus:9090/api/v1/query' --data-urlencode 'query=sum by (pod) (rate(http_requests_total[5m]))'
package prom
