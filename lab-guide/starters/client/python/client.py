"""A client of the upper server that says nothing yet: python3 client.py [HOST PORT]"""

import asyncio
import signal
import sys


async def main():
    host, port = sys.argv[1:3] or ("127.0.0.1", "8125")
    reader, writer = await asyncio.open_connection(host, int(port))
    print("Connected to", f"{host}:{port}", flush=True)

    # What does the client say, and what must it hear before it may leave?

    while data := await reader.read(4096):  # no bytes: the server's goodbye
        sys.stdout.buffer.write(data)
        sys.stdout.flush()

    writer.close()
    await writer.wait_closed()
    print("Disconnected")


signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C just ends it, whoever is connected
try:
    asyncio.run(main())
except OSError as err:
    sys.exit(err)
