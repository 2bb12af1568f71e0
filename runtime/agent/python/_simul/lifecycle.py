"""The first and the last records of a process: begin, fork, uncaught errors, end."""
import _signal
import atexit
import os
import sys
from types import GeneratorType

from _simul import kinds, mask, sites, state
from _simul.recorder import pack
from _simul.stand_in import stand_in
from _simul.state import KINDS, S, agent, emit, error_words, guarded, now, text
from _simul.system import full_path, is_file, read_file, system, thread_time_ns

try:
    from resource import RUSAGE_THREAD as _RUSAGE_THREAD
    from resource import getrusage as _getrusage
except ImportError:
    # Of Linux alone.
    _getrusage = None

_set_mask = getattr(_signal, "pthread_sigmask", None)
_MAIN_LANE = kinds.LANE_KINDS["main"]
_MAIN = kinds.ACTIVATION_KINDS["main"]
_GIL = 1 << kinds.FLAGS["laneBegin"]["gil"][0]
_ENDS = kinds.PROCESS_ENDS
_METHODS = kinds.START_METHODS
_SPAWN_RECEIVED = kinds.LINK_WAYS["receive"] | (kinds.LINK_KINDS["spawn"] << 4)
_OK, _ERROR = kinds.OUTCOMES["ok"], kinds.OUTCOMES["error"]

_LOCKED = 1 << kinds.FLAGS["activationEnd"]["locked"][0]
_STARVED_BIT = kinds.FLAGS["activationEnd"]["starved"][0]

_uncaught = None
#: In its place where that is a KeyboardInterrupt: Python ends by the signal.
_INTERRUPTED = "KeyboardInterrupt"
_SIGINT = 2


def begin_process(method):
    """The process's first records, on its main thread."""
    out = agent.out
    agent.reset_ids()
    S.__init__()
    out.clock()
    global _pid
    _pid = system.getpid()
    version = "%d.%d.%d" % sys.version_info[:3]
    argv = text(" ".join(mask.mask_secrets(command_line())))
    flags = kinds.LANGUAGES["python"] | (method << 4)
    emit(KINDS["processBegin"], flags, 0, system.getpid(), system.getppid(), argv, text(version))
    begin_lane(_MAIN_LANE, "main")
    S.body = S.current = agent.next_id()
    name = text(program_name())
    emit(KINDS["activationBegin"], _MAIN, S.body, 0, program_site(), name, 0)
    emit(KINDS["link"], _SPAWN_RECEIVED, S.body, system.getpid(), 0, 0, 1)


def thread_times():
    """How long the running thread ran, and could have run, in ns; None: the system does not say."""
    try:
        ran, delayed = read_file("/proc/thread-self/schedstat").split()[:2]
    except (OSError, ValueError):
        return None
    return int(ran), int(delayed)


#: What took longer is worth a look at what the machine gave to others meanwhile.
_LONG_NS = 20_000_000
#: Who waits for the interpreter's lock looks again every 5 ms: so often a thread stops at least.
_STOP_NS = 16_000_000


def usage():
    """The processor time of the running thread, ns, and how often it stopped by itself."""
    if _getrusage is None:
        return thread_time_ns(), 0
    used = _getrusage(_RUSAGE_THREAD)
    return int((used.ru_utime + used.ru_stime) * 1e9), used.ru_nvcsw


def cpu_of(wall_ns, before=(0, 0)):
    """Of a call on this thread that took so long: `cpuUs` and the flags `starved` and `locked` of its
    end. @param before: `usage()` at its begin"""
    had_ns, stops = usage()
    had_ns -= before[0]
    if wall_ns < _LONG_NS:
        return min(had_ns // 1000, 0xFFFFFFFF), 0
    times = thread_times()
    starved = 0
    if times is not None:
        S.delayed, starved = times[1], times[1] - S.delayed
    flags = min(15, 16 * starved // wall_ns) << _STARVED_BIT
    if (stops - before[1]) * _STOP_NS >= wall_ns - starved:
        flags |= _LOCKED
    return min(had_ns // 1000, 0xFFFFFFFF), flags


def write_times():
    """What the system says of the running thread."""
    times = thread_times()
    if times is None:
        return
    ran, delayed = times
    low = 0xFFFFFFFF
    emit(KINDS["times"], 0, 0, ran & low, ran >> 32, delayed & low, delayed >> 32)


def begin_lane(kind, name):
    flags = kind | (_GIL if state.shares_gil() else 0)
    emit(KINDS["laneBegin"], flags, 0, S.os_thread & 0xFFFFFFFF, text(name), 0, 0)


def command_line():
    given = getattr(sys, "orig_argv", None)
    if given:
        return [system.basename(given[0])] + list(given[1:])
    return [system.basename(sys.executable or "python")] + list(getattr(sys, "argv", []))


def program_name():
    """The name of the main thread's own code: the program's file."""
    argv = getattr(sys, "argv", None) or [""]
    first = system.basename(debugged_file() or argv[0])
    if first in ("", "-c", "-m"):
        given = command_line()
        if "-m" in given[:-1]:
            return given[given.index("-m") + 1]
        return "<stdin>" if first == "" else "<string>"
    return first


def debugged_file():
    """The program's file where Python's debugger starts it; None: it does not."""
    given = command_line()
    if any(system.basename(word.rstrip("/")) == "debugpy" for word in given[:4]):
        for word in given:
            if word.endswith((".py", ".pyw")) and is_file(word):
                return word
    return None


def program_site():
    """The first line of the program's file; 0: it is no file."""
    argv = getattr(sys, "argv", None) or [""]
    path = full_path(debugged_file() or argv[0])
    if not path.endswith((".py", ".pyw")) or not is_file(path):
        return 0
    return agent.out.site((path, 1, "<module>", ""), 1, 0, kinds.SITE_ROLES["function"])


def watch():
    # What is registered first is called last.
    atexit.register(_at_exit)
    os.register_at_fork(after_in_child=_after_fork)
    _watch_os_exit()
    _watch_uncaught()


def pid():
    return _pid


_pid = 0
_method = "fork"


def next_method(method):
    """How the next forked child is begun: a name of START_METHODS."""
    global _method
    _method = method


_fork = None


def fork_site():
    """The program's line that forked this process; 0: none did."""
    return 0 if _fork is None else sites.write_line_site(*_fork)


def _after_fork():
    global _fork
    if agent.out is None:
        return
    frame = sites.user_frame(sys._getframe(1))
    _fork = None if frame is None else (frame.f_code, frame.f_lineno)
    agent.generation += 1
    agent.reset_ids()
    sites.forget_written()
    if not agent.out.after_fork():
        agent.is_on = False
        return
    begin_process(_METHODS[_method])


def has_failed():
    """An error that nobody caught, or Ctrl-C, ends the program."""
    return _uncaught is not None


_last_words = []


def at_end(function):
    """`function()` is called before the process's last records, at an orderly end."""
    _last_words.append(function)


def _at_exit():
    for function in _last_words:
        function()
    if _uncaught is _INTERRUPTED:
        end_process(_ENDS["signal"], 0, None, False)
    else:
        # What sys.exit was given is not told here: whoever started the process fills it in.
        code = 1 if _uncaught is not None else _UNKNOWN_CODE
        how = _ENDS["uncaught" if _uncaught is not None else "exit"]
        end_process(how, code, _uncaught)


#: No process ends with it.
_UNKNOWN_CODE = -1
_has_ended = False


def end_process(how, code, error=None, is_orderly=True):
    """The last records. What threads do after this is recorded all the same."""
    global _has_ended
    if agent.out is None or _has_ended:
        return
    _has_ended = True
    by = site = signal = 0
    if how == _ENDS["signal"]:
        signal = _SIGINT
    elif not is_orderly:
        by, site = S.current, sites.caller_site()
    elif S.body != 0:
        outcome = _OK if error is None else _ERROR
        words = 0 if error is None else text(error)
        emit(KINDS["activationEnd"], outcome, S.body, words)
    write_times()
    agent.out.clock()
    global _end
    _end = (by, code & 0xFFFFFFFF, signal, site, 0, S.lane, how, KINDS["processEnd"])
    agent.out.end(pack(now(), *_end))


#: The last record but its time.
_end = None


def end_later():
    """What is collected with the interpreter itself is told after the last records: they move on."""
    if _end is not None:
        agent.out.end(pack(now(), *_end))


def _watch_os_exit():
    plain = os._exit

    def _exit(_, *given, **named):
        status = given[0] if given else named.get("status")
        if isinstance(status, int):
            end_process(_ENDS["fork-exit" if _is_forked() else "called"], status & 0xFF, None, False)
        plain(*given, **named)

    os._exit = stand_in(plain, _exit, plain.__module__, plain.__name__)
    posix = sys.modules.get("posix")
    if posix is not None:
        posix._exit = os._exit


def _is_forked():
    return agent.generation > 0


def _watch_uncaught():
    """`sys.excepthook` is called with an error that ends the program. Ours notes it and calls the
    interpreter's own, whose name it has too, so that a program finds its hook unreplaced."""
    plain = sys.excepthook

    def excepthook(_, *given):
        if len(given) == 3:
            note_uncaught(*given[1:])
            given = (*given[:2], without_own_frames(*given[1:]))
        plain(*given)

    sys.excepthook = sys.__excepthook__ = stand_in(plain, excepthook, "sys", "excepthook")


def note_interrupt(error=None, is_seen=True):
    """Ctrl-C is about to end what goes on: the recording says so before it shows any effect.

    @param is_seen: what the main thread did is recorded
    """
    if error is None:
        error = sys.exc_info()[1]
        if not isinstance(error, KeyboardInterrupt):
            return
    # One interrupt passes several hooks on its way out. It is marked: to keep it would keep its frames.
    if not hasattr(error, "_simul"):
        error._simul = True
        # A second one, which a terminal and a tracer may send at once, comes when all is told.
        before = hold_interrupts()
        try:
            note_stuck(error, is_seen)
            emit(KINDS["fact"], kinds.FACTS["interrupted"], S.current)
        finally:
            if before is not None:
                _set_mask(_signal.SIG_SETMASK, before)


def hold_interrupts():
    """@returns the signals that were held back before; None: they cannot be"""
    if _set_mask is None:
        return None
    return _set_mask(_signal.SIG_BLOCK, (_SIGINT,))


@guarded
def note_stuck(error, is_seen):
    from _simul import stuck

    stuck.note(error, is_seen)


def note_uncaught(error, traceback):
    global _uncaught
    if isinstance(error, KeyboardInterrupt):
        note_interrupt(error, False)
        _uncaught = _INTERRUPTED
        return
    _uncaught = error_words(error)
    note_unprimed(error, traceback)
    site, amount = failure_site(traceback), 0
    if isinstance(error, SyntaxError):
        refused = refused_source(error)
        if refused is not None:
            (site, _uncaught), amount = refused, _NOT_COMPILED
    words = text(_uncaught)
    emit(KINDS["fact"], kinds.FACTS["uncaught"], S.current, site, words, 0, amount)


#: The amount of the fact: a file of the program's is not valid Python, and nothing of it ran.
_NOT_COMPILED = 2


def refused_source(error):
    """Where a file of the program's is no valid Python, and why; None: what was compiled was no file."""
    path, line, why = error.filename, error.lineno, error.msg
    if type(path) is not str or type(line) is not int or type(why) is not str:
        return None
    if not is_file(path) or not sites.is_user_file(path):
        return None
    return sites.write_source_site(path, line), "%s: %s" % (type(error).__name__, why[:200])


def note_unprimed(error, traceback):
    """A generator was sent a value before it had come to its first `yield`: which one it was."""
    if type(error) is not TypeError or "just-started" not in str(error):
        return
    found = None
    while traceback is not None:
        if sites.info_of(traceback.tb_frame.f_code).is_user:
            found = traceback.tb_frame
        traceback = traceback.tb_next
    if found is None:
        return
    for name, value in list(found.f_locals.items()):
        frame = getattr(value, "gi_frame", None) if type(value) is GeneratorType else None
        if frame is not None and is_unstarted(value, frame):
            words = "%s|%s" % (sites.function_name(value.gi_code), name)
            site = sites.write_line_site(found.f_code, found.f_lineno)
            emit(KINDS["fact"], kinds.FACTS["not-primed"], S.current, site, text(words))
            return


def is_unstarted(generator, frame):
    suspended = getattr(generator, "gi_suspended", None)
    if suspended is not None:
        return not suspended and not generator.gi_running
    return frame.f_lasti == -1


def failure_site(traceback):
    """The innermost line of the program's in a traceback; 0: there is none."""
    found = None
    while traceback is not None:
        info = sites.info_of(traceback.tb_frame.f_code)
        if info.is_user:
            found = (info, traceback)
        traceback = traceback.tb_next
    if found is None:
        return 0
    info, traceback = found
    at = ("error", traceback.tb_lasti)
    if at not in info.sites:
        info.sites[at] = sites.write_line_site(info.code, traceback.tb_lineno)
    return info.sites[at]


def without_own_frames(error, traceback):
    """The traceback without entries of ours: an interrupt may come while the agent runs."""
    own = system.dirname(system.abspath(__file__)) + os.sep
    first = entry = traceback
    while entry is not None:
        following = entry.tb_next
        while following is not None and following.tb_frame.f_code.co_filename.startswith(own):
            following = following.tb_next
        if following is not entry.tb_next:
            entry.tb_next = following
        entry = following
    return first
