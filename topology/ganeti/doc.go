// Package ganeti reads the fleet of a Ganeti cluster from the text that hscan, and hbal -S, write: the text that all of
// Ganeti's htools read with -t.
//
// What it says is whether the memory of a cluster is N+1 redundant, in Ganeti's own definition: a cluster is N+1 if,
// whichever node is lost, the instances that it ran find enough memory where their disks are mirrored.
//
//  1. A node is a component "node/NAME" of the kind node. Its capacity is the memory that it has for instances, in MiB:
//     what is free, and what the instances need that it is the primary of, stopped ones too. With nothing lost, what is
//     left of it is what is free. Its label group is the name of its node group.
//  2. An instance is a component "instance/NAME" of the kind instance. Its demand is its memory. It draws on its primary
//     node and, when that is down, on its secondary.
//  3. Ganeti keeps memory free for some instances only, and so it is here. Those that are stopped count as if they ran.
//     Those that are planned (forthcoming) or marked offline are components without a demand. Those that are not to be
//     balanced automatically, and those without a secondary, go down with their primary: their memory is demanded
//     nowhere else.
//  4. A location is a component "location/TAG" that the nodes with this tag need. Cluster tags say which tags these are:
//     htools:nlocation:power makes power:rack-3 a location of the kind power, a common cause of failure. A node with
//     several needs them all. Node groups are no failure domains.
//  5. A node that is offline, or of which some figure is unknown ("?"), has the label offline=yes and next to no memory:
//     whatever runs or is moved there makes it trip, and is moved on or goes down, as it would.
//
// Instances have the labels template, status and primary, those that have a secondary node the label secondary, those
// that are not to be balanced automatically auto=no, and those that are planned forthcoming=yes.
//
// Findings tell what is left out, what was taken, and what looks wrong: copies that share a location, services that
// share a node although their exclusion tags (htools:iextags) say that they must not, disks on one node only.
//
// Disks, CPUs, spindles and policies are not read. Verdicts are before any rebalancing, and without what a scheduler
// would choose for instances that have no secondary.
package ganeti
