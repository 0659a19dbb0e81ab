package main

import (
	"fmt"
	"net"
)

// saysCRUD is the lab's own database, lab-guide/protocols/crud.md.
func saysCRUD() protocol {
	p := protocol{
		ping: "read nothing\n", pong: "ERR missing nothing\n",
		create: func(r record) turn {
			return turn{fmt.Appendf(nil, "create %s %s\n", r.key, r.value), fmt.Appendf(nil, "OK created %s v1\n", r.key)}
		},
		read: func(r record) turn {
			return turn{fmt.Appendf(nil, "read %s\n", r.key), fmt.Appendf(nil, "OK %s v1 %s\n", r.key, r.value)}
		},
		list: func(prefix []byte, those []record) turn {
			var heard []byte
			for _, r := range those {
				heard = fmt.Appendf(heard, "%s v1 %s\n", r.key, r.value)
			}
			return turn{fmt.Appendf(nil, "list %s\n", prefix), fmt.Appendf(heard, "OK %d records\n", len(those))}
		},
	}
	p.enter = func(conn net.Conn, _ client) error { return p.checkStep(conn) }
	return p
}

// saysRedis is RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/.
// Redis has nothing like list: SCAN goes through all keys.
func saysRedis() protocol {
	p := protocol{
		// While a server loads its file, it answers with an error instead.
		ping: "PING\r\n", pong: "+PONG\r\n",
		create: func(r record) turn {
			return turn{redisCommand("SET", string(r.key), string(r.value), "NX"), []byte("+OK\r\n")}
		},
		read: func(r record) turn {
			return turn{redisCommand("GET", string(r.key)), redisString(nil, string(r.value))}
		},
	}
	p.enter = func(conn net.Conn, _ client) error { return p.checkStep(conn) }
	return p
}

// redisCommand is an array of strings.
func redisCommand(words ...string) []byte {
	text := fmt.Appendf(nil, "*%d\r\n", len(words))
	for _, word := range words {
		text = redisString(text, word)
	}
	return text
}

func redisString(to []byte, text string) []byte {
	return fmt.Appendf(to, "$%d\r\n%s\r\n", len(text), text)
}
