package restart_test
import ("testing";"context";"github.com/ridethrough/ridethrough/cascade";"github.com/ridethrough/ridethrough/redundancy/restart")
func TestDbg(t *testing.T){
 p,err:=restart.Make(context.Background(), racks(100000), cascade.Lose("main"), restart.Options{})
 t.Log(err); t.Log(p.Unserved, p.LeastPossible, p.Full, p.Finish, p.Earliest, p.Certainty, p.Served, len(p.Steps)); for _,s:=range p.Steps { t.Log(s) }
}
