"""The error that ends the function of a multiprocessing.Process: it is printed, and seen nowhere else.

The module that prints it is loaded late, in many children only then; its hook is put in with it.
"""
import sys

from _simul import kinds, lifecycle
from _simul.state import KINDS, S, emit, error_words, guarded, text
from _simul.threading_hooks import put_in


class Failure:
    """What ended this process's function, as the id of a text, and its site; 0: nothing did."""

    words = site = 0


def before_print(*_, **__):
    """Called in the handler of `_bootstrap`, and wherever the program prints an error itself."""
    printer = sys._getframe(3).f_code
    error = sys.exc_info()[1]
    is_last = printer.co_name == "_bootstrap" and printer.co_filename.endswith("multiprocessing/process.py")
    if not is_last or not isinstance(error, Exception):
        return
    lifecycle.note_unprimed(error, error.__traceback__)
    Failure.words = text(error_words(error))
    Failure.site = lifecycle.failure_site(error.__traceback__)
    emit(KINDS["fact"], kinds.FACTS["unhandled"], S.body, Failure.site, Failure.words)


def install(traceback):
    put_in("traceback", [(traceback, "print_exc", guarded(before_print), None, None)])
