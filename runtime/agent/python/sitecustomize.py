"""Brings the agent into a Python process, then gives way to the module of this name that it hides.

`simul trace` puts this folder first on PYTHONPATH, and nothing else tells Python of it: `argv`, the
options and the files of the program stay as they are. The folder leaves `sys.path` again before
the program's first line; child processes find it through the environment, as this one did.

It runs in any Python that reads PYTHONPATH, so its syntax is that of Python 2.7. It never raises
and never prints: what it cannot do stands in the recording.
"""
import os
import sys

_OLDEST = (3, 8)


def _begin():
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != folder]
    recording = os.environ.get("SIMUL_RECORDING")
    try:
        if recording:
            _start(folder, recording)
    except Exception:
        # A fault of the agent's is none of the program's.
        pass
    return folder


def _start(folder, recording):
    why = None
    if sys.version_info < _OLDEST:
        why = "Python %d.%d is too old for the instrument, which needs 3.8" % sys.version_info[:2]
    elif sys.implementation.name != "cpython":
        why = "the instrument knows CPython alone, and this is %s" % sys.implementation.name
    elif os.name != "posix":
        why = "the instrument for Python does not know this system yet"
    sys.path.insert(0, folder)
    try:
        if why is None:
            import _simul.start

            _simul.start.start(recording)
        else:
            import _simul.refuse

            _simul.refuse.refuse(recording, why)
    finally:
        sys.path.remove(folder)


def _chain(folder):
    """Runs the module that this one hides, which `sys.modules` then has.

    Where there is none, the ImportError is the one that `site` passes over untraced, and the
    import system takes this module out of `sys.modules`.
    """
    # Python 2 empties a module that nobody refers to.
    own = sys.modules.pop("sitecustomize", None)  # noqa: F841
    sys.path_importer_cache.pop(folder, None)
    import sitecustomize  # noqa: F401 (the next on the path)


_chain(_begin())
