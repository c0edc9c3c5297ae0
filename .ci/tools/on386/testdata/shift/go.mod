module example.com/shift

go 1.25.0
