package main

import (
	"context"
	"io"

	"socketlab/kit/netserver"
)

// The three ways to echo, ECHO_MODE.
const (
	manual = "manual" // client.on('data', data => client.write(data))
	pipe   = "pipe"   // client.pipe(client)
	both   = "both"   // the two of them at once: everything comes back twice
)

func handlerFor(mode string) netserver.Handler {
	switch mode {
	case pipe:
		return echoPipe
	case both:
		return echoManual(2)
	default:
		return echoManual(1)
	}
}

// echoManual reads what has come and writes it back, as often as times says.
// In Node this is client.on('data', chunk => client.write(chunk)); there the
// loop is hidden, here you see it.
//
// ReadChunk is read(2) with a buffer for what it reads. It returns io.EOF when
// the client has sent its FIN; all that came before is then on its way back.
func echoManual(times int) netserver.Handler {
	return func(_ context.Context, client *netserver.Conn) error {
		for {
			chunk, err := client.ReadChunk()
			if err != nil {
				return err
			}
			client.LogData("Received", chunk)
			for range times {
				if _, err := client.Write(chunk); err != nil {
					return err
				}
			}
		}
	}
}

// echoPipe is client.pipe(client): what comes out of the connection goes into
// it again. io.Copy returns at the client's FIN; on Linux the bytes stay in the
// kernel (splice(2)) and this program never sees them, not even to log them.
func echoPipe(_ context.Context, client *netserver.Conn) error {
	_, err := io.Copy(client, client)
	return err
}
