"""Starts the agent in this process: its part of the recording, its first records, its hooks."""
import os
import sys

from _simul import imports, kinds, lifecycle
from _simul.recorder import Recorder
from _simul.refuse import refuse
from _simul.state import agent


def start(recording):
    """@param recording: the folder; where it cannot be written to the program runs untraced."""
    if agent.out is not None:
        return
    if sys.flags.isolated:
        return
    out = Recorder(recording, os.environ.get("SIMUL_LIMIT"))
    if not out.open():
        return
    agent.out = out
    agent.is_on = True
    lifecycle.begin_process(kinds.START_METHODS["program"])
    lifecycle.watch()
    imports.watch()


__all__ = ["start", "refuse"]
