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

// chunkSize is the most that one read takes: what 4 KiB would carry in sixteen
// system calls, 64 KiB carry in one.
const chunkSize = 64 << 10

// echoManual reads what has come and writes it back, as often as times says.
// In Node this is client.on('data', …); there the loop and the buffer are
// hidden, here you see them.
//
// The buffer is borrowed only when there is something to read. Ten thousand
// silent clients with one each would cost 640 MB.
func echoManual(times int) netserver.Handler {
	buffers := sync.Pool{New: func() any { return new([chunkSize]byte) }}
	return func(_ context.Context, client *netserver.Conn) error {
		for {
			if err := client.WaitReadable(); err != nil {
				return err
			}
			buf := buffers.Get().(*[chunkSize]byte)
			err := echoChunk(client, buf[:], times)
			buffers.Put(buf)
			if err != nil {
				return err
			}
		}
	}
}

// echoChunk reads once and writes what it has read. Its error is io.EOF when
// the client has sent its FIN; all that came before is then on its way back.
func echoChunk(client *netserver.Conn, buf []byte, times int) error {
	n, err := client.Read(buf)
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

// echoPipe is client.pipe(client): what comes out of the connection goes into
// it again. io.Copy returns at the client's FIN; on Linux the bytes stay in the
// kernel (splice(2)) and this program never sees them, not even to log them.
func echoPipe(_ context.Context, client *netserver.Conn) error {
	_, err := io.Copy(client, client)
	return err
}
