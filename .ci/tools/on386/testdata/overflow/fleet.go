package fleet

// Len fits into 32 bits.
const Len = 1 << 30
