"""What stands for a builtin function of Python's, which programs get under its name.

A function of ours would be a method of each class that keeps it as an attribute (`lock_class = Lock`),
and no builtin is. So it is an object that is called, and that looks like the builtin.
"""


class StandIn:
    """Says of itself what the builtin would. Each has a class of its own, with `__call__`."""

    __slots__ = ("_plain", "_found", "__weakref__")

    def __init__(self, plain, found):
        self._plain = plain
        #: Its module and name where programs find it: it is pickled by these.
        self._found = found

    def __getattr__(self, name):
        if name in ("__name__", "__qualname__"):
            return self._found[1]
        return getattr(self._plain, name)

    def __repr__(self):
        return repr(self._plain)

    def __eq__(self, other):
        return other is self or other is self._plain

    def __hash__(self):
        return hash(self._plain)

    def __reduce_ex__(self, protocol):
        return self._found[1]


#: Each class has these of its own, or gets other ones.
_SHOWN = {
    "__slots__": (),
    "__module__": property(lambda self: self._found[0]),
    "__class__": property(lambda self: type(self._plain)),
    "__doc__": property(lambda self: self._plain.__doc__),
}


def stand_in(plain, call, module, name):
    """@param call: its `__call__`, a function that gets the stand-in first
    @param name: of the builtin in `module`"""
    kind = type(type(plain).__name__, (StandIn,), dict(_SHOWN, __call__=call))
    return kind(plain, (module, name))
