"""A command complains much, and nobody reads it."""
import asyncio
import sys

CODE = "import sys; sys.stderr.write('warning' * 60_000)"


async def lint():
    linter = await asyncio.create_subprocess_exec(sys.executable, "-c", CODE, stderr=asyncio.subprocess.PIPE)
    _, complaints = await linter.communicate()
    return linter.returncode, len(complaints)


print(asyncio.run(lint()))
