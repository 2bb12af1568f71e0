"""Locks that the program's own files make: who holds one, who waits for it and for how long.

The interpreter's locks are of C and cannot be seen into, so such a lock stands for one: it says
that it is of the same class, and does what that does. Locks that libraries make stay plain.
"""
import sys

from _thread import get_ident

from _simul import kinds, lifecycle, lock_notes, sites
from _simul.blocking import begin_block, end_block
from _simul.resources import Resource, note_resource
from _simul.stand_in import stand_in
from _simul.state import KINDS, S, agent, emit, fault, text

_LOCK, _RLOCK = kinds.RESOURCE_KINDS["lock"], kinds.RESOURCE_KINDS["rlock"]
_REENTRANT = 1 << kinds.FLAGS["acquire"]["reentrant"][0]
_GOT = kinds.USES["got"]
#: The generation of a library's lock that no line of the program's took yet.
_UNUSED = -1
_CAUGHT = (AttributeError, TypeError, ValueError, LookupError, RuntimeError)


class _Traced:
    """What both kinds of lock share."""

    __slots__ = ("_plain", "_simul", "_depth", "_holder", "__weakref__")
    _kind = _LOCK

    def __init__(self, plain, name=""):
        self._plain = plain
        self._depth = 0
        #: Who has it: the task, the thread, the generation, and the code and line that took it.
        self._holder = None
        if name:
            # A library's: it begins when it is first taken.
            self._simul = Resource(0, name)
            self._simul.generation = _UNUSED
        else:
            note_resource(self, self._kind)
            try:
                lock_notes.note_made(self)
            except _CAUGHT as error:
                fault(error)

    @property
    def __class__(self):
        return type(self._plain)

    def __repr__(self):
        return repr(self._plain)

    def acquire(self, blocking=True, timeout=-1):
        plain = self._plain
        # Most locks are free, and what is wrong with the arguments the lock itself says.
        if timeout == -1 and plain.acquire(False):
            self._took()
            return True
        if not blocking and timeout == -1:
            return False
        resource = self._resource()
        block = None if resource is None else begin_block("lock", resource.id, "lock.acquire", True)
        if block is not None and timeout == -1:
            self._note_holder(resource)
        try:
            has_it = plain.acquire(blocking, timeout)
        finally:
            if block is not None:
                end_block(block, resource.by, resource.id)
        if has_it:
            self._took()
        return has_it

    def release(self):
        # Before: the next one has it, and says so, as soon as it is free.
        held = self._depth
        if held:
            self._depth = held - 1
            if held == 1:
                self._gave()
        self._plain.release()

    def __enter__(self):
        self.acquire()
        return True

    def __exit__(self, *_):
        self.release()

    def _at_fork_reinit(self):
        self._depth = 0
        self._plain._at_fork_reinit()

    def _resource(self):
        resource = self._simul
        if not agent.is_on:
            return None
        if resource.generation != agent.generation:
            resource = note_resource(self, self._kind, None, resource.name)
        return resource

    def _note_holder(self, resource):
        """The lock is taken, and whoever has it may be unable to give it back."""
        try:
            holder = self._holder
            if holder is None or self._depth == 0:
                return
            task, thread, generation, code, line = holder
            if generation != agent.generation:
                if thread != get_ident():
                    words = "%s|%s" % (resource.name, sites.function_name(code))
                    note("fork-with-locks", sites.caller_site(), words, lifecycle.fork_site())
            elif thread == get_ident() and S.current != S.body and task != S.current:
                note("loop-deadlock", sites.caller_site(), resource.name, sites.write_line_site(code, line))
        except _CAUGHT as error:
            fault(error)

    def _took(self):
        if self._simul.generation == _UNUSED and sites.user_frame(sys._getframe(1)) is None:
            # What a library does by itself, such as `logging` at the end, is nobody's wait.
            return
        self._depth += 1
        resource = self._resource()
        if resource is None or S.current == 0:
            return
        flags = _REENTRANT if self._depth > 1 else 0
        emit(KINDS["acquire"], flags, S.current, resource.id, 0, S.current)
        if self._depth == 1:
            frame = sites.user_frame(sys._getframe(1))
            site = 0
            if frame is not None:
                site = sites.line_site(frame)
                self._holder = (S.current, get_ident(), agent.generation, frame.f_code, frame.f_lineno)
            emit(KINDS["use"], _GOT, S.current, resource.id, site)

    def _gave(self):
        resource = self._resource()
        if resource is not None and S.current != 0:
            resource.by = S.current
            emit(KINDS["release"], 0, S.current, resource.id, 1, 0)


def note(what, site, words, called):
    emit(KINDS["fact"], kinds.FACTS[what], S.current, site, text(words), called)


class _TracedLock(_Traced):
    __slots__ = ()

    def locked(self):
        return self._plain.locked()

    acquire_lock = _Traced.acquire
    release_lock = _Traced.release
    locked_lock = locked


class _TracedRLock(_Traced):
    __slots__ = ()
    _kind = _RLOCK

    def release(self):
        # A release by another thread is an error, which the lock itself raises.
        if not self._plain._is_owned():
            self._plain.release()
        _Traced.release(self)

    def _is_owned(self):
        return self._plain._is_owned()

    def _release_save(self):
        self._depth, depth = 0, self._depth
        if depth:
            self._gave()
        return (depth, self._plain._release_save())

    def _acquire_restore(self, state):
        depth, saved = state
        self._plain._acquire_restore(saved)
        self._depth = 0
        self._took()
        self._depth = depth

    def _recursion_count(self):
        return self._plain._recursion_count()

    def locked(self):
        return self._plain.locked()


def traced_rlock(state, plain):
    """After `threading.RLock`: a lock of the program's is seen, and that of a handler of `logging`,
    which each line that is logged takes."""
    try:
        frame = sys._getframe(2)
        if agent.is_on and sites.info_of(frame.f_code).is_user:
            return _TracedRLock(plain)
        if agent.is_on and frame.f_code.co_name == "createLock":
            handler = frame.f_locals.get("self")
            return _TracedRLock(plain, "of logging's %s" % type(handler).__name__)
    except _CAUGHT as error:
        fault(error)
    return plain


class _Plain:
    """The interpreter's class of locks, and what makes one that is seen."""

    lock = None
    make = None


class LockMeta(type):
    """From 3.13 on `threading.Lock` is the class of locks: whoever asks it or changes it means that."""

    def __new__(mcs, name, bases, namespace):
        if bases:
            # The interpreter's refusal: nothing is derived from it.
            return type(name, (_Plain.lock,), namespace)
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace):
        pass

    def __call__(cls, *args, **options):
        return _Plain.make(*args, **options)

    def __getattribute__(cls, name):
        return getattr(_Plain.lock, name)

    def __setattr__(cls, name, value):
        setattr(_Plain.lock, name, value)

    def __delattr__(cls, name):
        delattr(_Plain.lock, name)

    def __dir__(cls):
        return dir(_Plain.lock)

    def __subclasscheck__(cls, other):
        return other is cls or issubclass(other, (_Plain.lock, _TracedLock))

    def __instancecheck__(cls, value):
        return isinstance(value, _Plain.lock)

    def __eq__(cls, other):
        return other is cls or other in (_Plain.lock, _TracedLock)

    def __hash__(cls):
        return hash(_Plain.lock)

    def __repr__(cls):
        return repr(_Plain.lock)


def reduce_class(cls):
    """Pickled by its name in `threading`, so that it is the receiver's own: of a process that is not
    traced the plain one."""
    from pkgutil import resolve_name

    return resolve_name, ("threading:Lock",)


def install(copyreg):
    copyreg.pickle(LockMeta, reduce_class)


def lock_factory(plain):
    """What stands for `threading.Lock`."""

    def make(*args, **options):
        # What is wrong with arguments the lock itself says.
        lock = plain(*args, **options)
        try:
            frame = sys._getframe(2)
            if agent.is_on and sites.info_of(frame.f_code).is_user:
                return _TracedLock(lock)
        except _CAUGHT as error:
            fault(error)
        return lock

    if not isinstance(plain, type):

        # It is pickled by its name: `Manager` sends it to where it is spawned.
        return stand_in(plain, lambda _, *args, **options: make(*args, **options), "threading", "Lock")

    _Plain.lock, _Plain.make = plain, staticmethod(make)
    namespace = {"__module__": plain.__module__, "__doc__": plain.__doc__, "__slots__": ()}
    return LockMeta(plain.__name__, (), namespace)
