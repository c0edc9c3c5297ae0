package shift

func high(n int) (int, int64) { return n >> 40, int64(n) >> 40 }
