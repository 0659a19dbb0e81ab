module socketlab/kit

go 1.26.0

require (
	github.com/joho/godotenv v1.5.1
	github.com/sirupsen/logrus v1.10.2
	go.etcd.io/bbolt v1.5.0
	golang.org/x/sys v0.49.0
)
