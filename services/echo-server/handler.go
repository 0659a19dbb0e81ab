package main

import (
	"context"
	"io"
	"sync"

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

// chunkSize is the most that one read takes. One system call then moves what
// sixteen would move with 4 KiB.
const chunkSize = 64 << 10

// echoManual reads what has come and writes it back, times times. In Node this
// is the function given to client.on('data', …); there the loop and the buffer
// are Node's, here you see them.
//
// The buffer is borrowed only when there is something to read, so that
// ten thousand silent clients do not cost 640 MB.
func echoManual(times int) netserver.Handler {
	chunks := sync.Pool{New: func() any { return new([chunkSize]byte) }}
	echoOnce := func(client *netserver.Conn) error {
		buf := chunks.Get().(*[chunkSize]byte)
		defer chunks.Put(buf)
		n, err := client.Read(buf[:])
		if err != nil {
			return err
		}
		client.LogData("Received", buf[:n])
		for range times {
			if _, err := client.Write(buf[:n]); err != nil {
				return err
			}
		}
		return nil
	}
	return func(_ context.Context, client *netserver.Conn) error {
		for {
			if err := client.WaitReadable(); err != nil {
				return err
			}
			// io.EOF: the client has sent its FIN. All that came
			// before it is already on its way back.
			if err := echoOnce(client); err != nil {
				return err
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
