"""Prints the CPU time of the process so far, in ns: what a start takes, and the import of asyncio."""
import asyncio  # noqa: F401
import time

print(time.process_time() * 1e9)
