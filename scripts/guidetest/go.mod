module socketlab/guidetest

go 1.26

require (
	github.com/creack/pty v1.1.24
	github.com/yuin/goldmark v1.8.7
)
