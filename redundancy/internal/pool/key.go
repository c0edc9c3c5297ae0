package pool

import (
	"encoding/binary"
	"math"
)

// keyOf tells draws apart.
func keyOf(parts []Part) string {
	var key []byte
	for _, p := range parts {
		key = binary.BigEndian.AppendUint64(key, uint64(p.On))
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(p.Base))
		key = binary.BigEndian.AppendUint64(key, math.Float64bits(p.Rate))
	}
	return string(key)
}
