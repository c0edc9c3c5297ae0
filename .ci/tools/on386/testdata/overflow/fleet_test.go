package fleet

import "testing"

func TestLen(t *testing.T) {
	var n int = Len << 10
	t.Log(n)
}
