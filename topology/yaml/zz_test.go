package yaml
import ("testing";"fmt";"time";"runtime";"os";"bytes")
func TestZ(t *testing.T){
	s := time.Now()
	text, _ := os.ReadFile("/tmp/big.yaml")
	root, err := parse(text)
	fmt.Println("parse", time.Since(s), err)
	w := newWriter(root); w.value(root.Content[0])
	fmt.Println("write", time.Since(s), len(w.places))
	root = nil
	_ = bytes.MinRead
	s = time.Now()
	tp, err := ReadFile("/tmp/big.yaml")
	fmt.Println(tp, err, time.Since(s))
	var m runtime.MemStats; runtime.ReadMemStats(&m); fmt.Println(m.Sys>>20)
}
