"""An upper server that does not greet yet: python3 server.py [PORT]"""

import asyncio
import signal
import sys


async def serve(reader, writer):
    """Talks with one client, while others talk with theirs."""
    peer = "%s:%d" % writer.get_extra_info("peername")[:2]
    print(peer, "has come", flush=True)
    try:
        # What does the client hear before it has said anything?

        while data := await reader.read(4096):  # no bytes: the client's goodbye
            print(peer, "sent", len(data), "bytes", flush=True)

        writer.close()
        await writer.wait_closed()
    except OSError as err:
        print(peer, "broke off:", err, flush=True)
    finally:
        writer.close()
        print(peer, "has left", flush=True)


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = await asyncio.start_server(serve, "0.0.0.0", port)
    print("Listening on port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C just ends it, whoever is connected
try:
    asyncio.run(main())
except OSError as err:
    sys.exit(err)
