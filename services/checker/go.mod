module socketlab/checker

go 1.26.0

require (
	golang.org/x/term v0.45.0
	socketlab/kit v0.0.0
)

require (
	github.com/sirupsen/logrus v1.10.2 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace socketlab/kit => ../kit
