import asyncio
import sys


async def echo(reader, writer):
    loop = asyncio.get_running_loop()
    while True:
        data = await reader.read(1024)
        if not data:
            break
        loop.call_later(0.5, writer.write, data)  # like somebody who thinks first
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
