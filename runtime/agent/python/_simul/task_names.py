"""What a task is called, and where what it runs is defined."""
import sys

from _simul import sites
from _simul.state import S


def coroutine_name(task, coro):
    """The task's name where the program gave one, else the coroutine's; and the function's site, or
    for a function of the library's the line that made the task."""
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    is_user = code is not None and sites.info_of(code).is_user
    site = sites.function_site(code) if is_user else sites.caller_site()
    name = S.task_name or (task.get_name() if task is not None else "")
    name = name if type(name) is str else str(name)
    own = getattr(coro, "__qualname__", type(coro).__qualname__)
    # A name of asyncio's own: each is another text. anyio and trio put the module before the function.
    if name == "" or name.startswith("Task-") or name.endswith("." + own):
        name = own.rpartition("<locals>.")[2]
    elif not is_user and "." in name:
        # A library's function runs the program's, and the task has the name of that.
        name, code = function_named(name)
        if code is not None and sites.info_of(code).is_user:
            site = sites.function_site(code)
    return name[:200], site


def function_named(name):
    """Of "module.function" the function's own name, and its code; else the name as it is, and None."""
    at = name.rfind(".")
    while at > 0:
        module = sys.modules.get(name[:at])
        if module is not None:
            own = name[at + 1 :]
            thing = module
            for part in own.split("."):
                thing = getattr(thing, "__dict__", {}).get(part)
            return own.rpartition("<locals>.")[2], getattr(thing, "__code__", None)
        at = name.rfind(".", 0, at)
    return name, None
