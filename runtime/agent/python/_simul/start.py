"""Starts the agent in this process: its part of the recording, its first records, its hooks."""
import os
import sys

from _simul import imports, kinds, lifecycle, sites
from _simul.recorder import Recorder
from _simul.refuse import refuse
from _simul.state import agent
from _simul.system import read_file


def start(recording):
    """@param recording: the folder; where it cannot be written to the program runs untraced."""
    if agent.out is not None:
        return
    command = _command_line()
    # A helper of multiprocessing's own, which no program sees.
    if b"multiprocessing.resource_tracker" in command:
        return
    out = Recorder(recording, os.environ.get("SIMUL_LIMIT"))
    if not out.open():
        return
    agent.out = out
    agent.is_on = True
    is_spawned = b"multiprocessing.spawn" in command
    lifecycle.begin_process(kinds.START_METHODS["spawn" if is_spawned else "program"])
    is_server = b"multiprocessing.forkserver" in command
    if is_server:
        lifecycle.next_method("forkserver")
    if is_spawned or is_server:
        # The text that `-c` gives is not the program's.
        sites.forget_interactive()
    if not any(is_text_option(word) for word in command.split(b"\0")):
        # Then such text is what a library compiles for itself.
        sites.forget_interactive("<string>")
    lifecycle.watch()
    imports.watch()
    if os.environ.get("SIMUL_GENERATORS") == "1":
        from _simul import generators

        generators.watch()


def is_text_option(word):
    """`-c`, by itself or behind others: `-Xc` is none, `-Bc` is."""
    return word.startswith(b"-") and not word.startswith((b"--", b"-X", b"-W")) and word.endswith(b"c")


def _command_line():
    try:
        return read_file("/proc/self/cmdline")
    except OSError:
        return " ".join(getattr(sys, "orig_argv", ())).encode("utf-8", "replace")


__all__ = ["start", "refuse"]
