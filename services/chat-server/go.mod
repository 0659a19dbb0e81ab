module socketlab/chat-server

go 1.26.0

require (
	github.com/sirupsen/logrus v1.10.2
	go.etcd.io/bbolt v1.5.0
	golang.org/x/crypto v0.59.0
	golang.org/x/text v0.44.0
	golang.org/x/time v0.16.0
	socketlab/kit v0.0.0
)

require (
	github.com/joho/godotenv v1.5.1 // indirect
	golang.org/x/sys v0.50.0 // indirect
)

replace socketlab/kit => ../kit
