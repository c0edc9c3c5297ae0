module example.com/overflow

go 1.25.0
