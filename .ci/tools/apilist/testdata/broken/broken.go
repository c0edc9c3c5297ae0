package broken

var X = undefined
