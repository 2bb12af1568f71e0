"""Queues used as pools: what a task takes it puts back. Of such a queue it is told which line took.

A queue of work is known by its second item: one task takes both, and puts none back.
"""
import sys

from _simul import kinds, sites
from _simul.state import KINDS, S, emit

_USE, _GOT = KINDS["use"], kinds.USES["got"]
_MAX_TAKERS = 200
_MAX_RETURNS = 4


class Pool(dict):
    """The takers of a queue to which an item came back."""

    __slots__ = ()


def note_taken(resource):
    takers = resource.takers
    if takers is None:
        return
    task = S.current
    if task == 0 or task in takers or len(takers) >= _MAX_TAKERS:
        resource.takers = None
        return
    frame = taking_frame(sites.user_frame(sys._getframe(1)))
    site = 0
    if frame is not None:
        site = (frame.f_code, frame.f_lasti, frame.f_lineno)
        if type(takers) is Pool:
            tell(resource, task, site)
    takers[task] = site


def note_put(resource):
    takers = resource.takers
    if not takers or takers.pop(S.current, None) is None or type(takers) is Pool:
        return
    for task, site in list(takers.items()):
        if site:
            tell(resource, task, site)
    resource.takers = Pool(takers)


def tell(resource, task, place):
    code, at, line = place
    known = sites.info_of(code).sites
    if ("line", at) not in known:
        known["line", at] = sites.write_line_site(code, line)
    emit(_USE, _GOT, task, resource.id, known["line", at])


def taking_frame(frame):
    """The frame that gets the item: not a function that only passes it on, as `acquire`."""
    for _ in range(_MAX_RETURNS):
        if frame is None or frame.f_back is None:
            break
        line = sites.source_line(frame.f_code.co_filename, frame.f_lineno).lstrip()
        if not line.startswith("return ") or not sites.info_of(frame.f_back.f_code).is_user:
            break
        frame = frame.f_back
    return frame
