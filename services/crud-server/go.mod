module socketlab/crud-server

go 1.26.0

require (
	github.com/anishathalye/porcupine v1.3.1
	github.com/sirupsen/logrus v1.10.2
	github.com/tidwall/btree v1.8.2
	go.etcd.io/bbolt v1.5.0
	socketlab/kit v0.0.0
)

require (
	github.com/joho/godotenv v1.5.1 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace socketlab/kit => ../kit
