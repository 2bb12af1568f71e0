/** threading, queue and concurrent.futures under trace. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ACTIVATION_KIND, LANE_KIND, OUTCOMES } from '../../../runtime/trace/format/kinds.ts';
import { isAtLeast, linesWith, tracePython, VERSION } from './trace-python.ts';

/** @param meet what a thread does that has its first lock */
const LOCKS = (first: string, second: string, meet: string): string => `
import threading
accounts = threading.Lock()
ledger, both = threading.Lock(), threading.Barrier(2)
def pay():
    with ${first}:
        ${meet}
        with ${second}: pass
def refund():
    with ledger:
        ${meet}
        with accounts: pass
threads = [threading.Thread(target=f, daemon=True) for f in (pay, refund)]
for t in threads: t.start()
for t in threads: t.join(1.2)
print([t.is_alive() for t in threads])
`;

describe('threads of Python under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  it('have a lane each, a name, a line, and who joined them', () => {
    const { parts, trace } = tracePython(`
import threading
def work(n): pass
threads = [threading.Thread(target=work, args=(1,)), threading.Thread(target=work, args=(2,), name="second")]
for t in threads: t.start()
for t in threads: t.join()
`);
    const [text] = parts;
    assert.equal(linesWith(text!, ' laneBegin ', 'kind=thread gil').length, 2);
    const bodies = linesWith(text!, ' activationBegin ', 'kind=thread');
    assert.match(bodies[0]!, /site="program\.py:3:1 function work" name="work"/);
    assert.match(bodies[1]!, /name="second"/);
    assert.equal(linesWith(text!, ' wait ', 'reason=join').length, 2);
    assert.equal(trace.lanes.length, 3);
    assert.ok(trace.lanes.every(({ sharesGil }) => sharesGil));
  });

  it('that wait for each other’s lock are found, with who has what and where', () => {
    const { findings } = tracePython(LOCKS('accounts', 'ledger', 'both.wait()'));
    assert.match(
      findings[0]!,
      /^error deadlock: pay has lock accounts \(program\.py:6\) and waits for lock ledger at program\.py:8; refund has lock ledger \(program\.py:10\) and waits for lock accounts at program\.py:12: a deadlock/,
    );
  });

  it('see a lock of logging once a line of the program takes it, and not for the end of logging', () => {
    const locks = (source: string): readonly string[] =>
      tracePython(`import logging, sys\nlogging.basicConfig(stream=sys.stdout)\n${source}`)
        .trace.resources.map(({ name }) => name)
        .filter((name) => name.includes('logging'));
    assert.deepEqual(locks('x = 1\n'), []);
    assert.deepEqual(locks('logging.warning("low")\n'), ["of logging's StreamHandler"]);
  });

  it('find what makes locks by its name when it was copied, pickled or sent to a spawned process', () => {
    const { stdout } = tracePython(`
import copy, multiprocessing, pickle, threading, time
if __name__ == "__main__":
    for made in (threading.Lock, threading.RLock, time.sleep):
        print(pickle.loads(pickle.dumps(made)) is made, copy.deepcopy(made) is made)
    multiprocessing.set_start_method("spawn")
    with multiprocessing.Manager() as manager:
        with manager.Lock():
            print(manager.list([1]))
`);
    assert.equal(stdout, 'True True\n'.repeat(3) + '[1]\n');
  });

  it('that take their locks in one order are no finding', () => {
    const { findings } = tracePython(LOCKS('ledger', 'accounts', 'pass'));
    assert.deepEqual(
      findings.filter((finding) => !finding.startsWith('info')),
      [],
    );
  });

  it('wait for an event, a condition, a permit, a barrier; who ended the wait is known', () => {
    const { parts } = tracePython(`
import threading, time
event, condition, permits, barrier = threading.Event(), threading.Condition(), threading.Semaphore(1), threading.Barrier(2)
def until(ask):
    while not ask(): time.sleep(0.001)
def other():
    with permits:
        until(lambda: permits._cond._waiters)
    until(lambda: event._cond._waiters)
    event.set()
    until(lambda: condition._waiters)
    with condition: condition.notify()
    until(lambda: barrier.n_waiting)
    barrier.wait()
t = threading.Thread(target=other)
t.start()
until(lambda: permits._value == 0)
with permits: pass
event.wait()
with condition: condition.wait()
barrier.wait()
t.join()
`);
    const [text] = parts;
    const waits = linesWith(text!, ' wait id=1 ');
    const reasons = waits.map((line) => /reason=(\S+)/.exec(line)![1]!);
    assert.deepEqual(
      reasons.filter((reason) => reason !== 'timer' && reason !== 'join'),
      ['semaphore', 'event', 'condition', 'barrier'],
    );
    const other = / id=(\d+)/.exec(linesWith(text!, ' activationBegin ', 'name="other"')[0]!)![1]!;
    assert.equal(linesWith(text!, ' run id=1 ', `waker=${other} `).length, 5);
  });

  it('hand items over by a queue, whose depth and waiters are seen', () => {
    const { parts } = tracePython(`
import queue, threading, time
jobs = queue.Queue(maxsize=2)
def consumer():
    while jobs.get() is not None:
        time.sleep(0.01)
        jobs.task_done()
t = threading.Thread(target=consumer)
t.start()
for i in range(5): jobs.put(i)
jobs.join()
jobs.put(None)
t.join()
`);
    const [text] = parts;
    assert.match(linesWith(text!, ' resourceBegin ', 'kind=queue')[0]!, /name="jobs" capacity=2/);
    assert.equal(linesWith(text!, ' put ').length, 6);
    assert.ok(linesWith(text!, ' wait id=1 ', 'reason=queue-put').length >= 1);
    assert.equal(linesWith(text!, ' use ', 'how=call').length, 5);
  });

  it('of a ThreadPool run its calls: who ran which, its items, its error and its callback', () => {
    const { trace, findings } = tracePython(`
from multiprocessing.pool import ThreadPool
import time
def work(n):
    time.sleep(0.005)
    if n == 5: raise ValueError("five")
    return n * n
with ThreadPool(2) as pool:
    print(pool.map(work, range(4), chunksize=2), pool.apply(work, (3,)), list(pool.imap(work, range(3))))
    try: pool.apply(work, (5,))
    except ValueError as error: print(repr(error), error.__traceback__.tb_next.tb_next.tb_next is None)
    print(pool.apply_async(work, (2,), callback=print).get())
`);
    const { tasks, links } = trace;
    const calls = Array.from({ length: tasks.count }, (_, task) => task).filter(
      (task) => tasks.kind[task] === ACTIVATION_KIND.chunk,
    );
    assert.deepEqual(
      calls.map((task) => links.chunks.get(task)?.items),
      [2, 2, 1, 1, 1, 1, 1, 1],
    );
    assert.deepEqual(
      calls.map((task) => OUTCOMES[tasks.outcome[task]!]).filter((outcome) => outcome !== 'ok'),
      ['error'],
    );
    assert.ok(calls.every((task) => links.submissionOf(task)!.sender === 0 && links.answerOf(task) !== null));
    assert.ok(calls.every((task) => trace.lanes[tasks.lane[task]!]?.kind === LANE_KIND.thread));
    assert.deepEqual(
      findings.filter((finding) => !finding.startsWith('info')),
      [],
    );
  });

  it('work for a pool: each call with its begin, its thread and its error', () => {
    const { parts, findings } = tracePython(`
from concurrent.futures import ThreadPoolExecutor
def convert(value): return 100 / (value - 2)
with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(convert, value) for value in range(4)]
print([futures[i].result() for i in (0, 1, 3)])
`);
    const [text] = parts;
    assert.equal(linesWith(text!, ' activationBegin ', 'name="convert"', 'kind=chunk ready').length, 4);
    assert.equal(linesWith(text!, ' activationEnd ', 'outcome=error').length, 1);
    assert.match(
      findings[0]!,
      /^error never-retrieved: convert#3 failed with ZeroDivisionError: division by zero at program\.py:3, and nobody asked for its result: it was begun at program\.py:5/,
    );
  });

  it('are the classes that programs look at', () => {
    const { stdout } = tracePython(`
import threading, _thread, time, inspect, queue
lock, rlock = threading.Lock(), threading.RLock()
print(isinstance(lock, type(threading.Lock())), isinstance(lock, _thread.LockType), type(lock).__name__ != "")
print(isinstance(rlock, type(threading.RLock())), lock.locked(), lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01), lock.locked())
lock.release()
for wrong in (lambda: lock.release(), lambda: lock.acquire(False, 1), lambda: rlock.release(), lambda: time.sleep(-1)):
    try: wrong()
    except (RuntimeError, ValueError) as error: print(type(error).__name__, error)
with rlock:
    with rlock: print(rlock._is_owned())
condition = threading.Condition(lock)
with condition: print(condition.wait(0.01))
with threading.Condition(rlock) as c: print(c)
print(time.sleep.__name__, time.sleep.__module__, inspect.signature(threading.Thread.start), threading.Thread.join.__doc__[:12])
`);
    assert.match(stdout, /^True True True\nTrue False True False False True\n/);
  });

  it('have a class, from 3.13 on, that answers as the plain one does, and cannot be changed', () => {
    if (!isAtLeast(3, 13)) return;
    const { stdout } = tracePython(`
import threading, copy, pickle
from unittest import mock
Lock = threading.Lock
print(Lock.acquire, Lock.acquire.__doc__[:14], hasattr(Lock, "release"), hasattr(Lock, "nothing"), Lock.__mro__)
print(Lock, dir(Lock), Lock.__name__, Lock.__class__, Lock | None)
def derive(): return type(Lock)("Derived", (Lock,), {})
def change(): Lock.acquire = None
def remove(): del Lock.acquire
for wrong in (derive, change, remove, lambda: Lock.nothing, lambda: Lock(1), lambda: Lock(a=1)):
    try: print(wrong())
    except (AttributeError, TypeError) as error: print(error)
print(Lock == type(Lock()), issubclass(type(Lock()), Lock), {Lock: 1}[Lock], copy.copy(Lock) == Lock, pickle.loads(pickle.dumps(Lock)) == Lock)
with mock.patch("threading.Lock", autospec=True) as stand_in:
    threading.Lock().acquire()
    print(stand_in.called)
print(threading.Lock is Lock)
`);
    assert.match(stdout, /True True 1 True True\nTrue\nTrue\n$/);
  });

  it('show tracebacks as untraced', () => {
    const { stderr } = tracePython(`
import threading, queue
def fail(): queue.Queue().get_nowait()
t = threading.Thread(target=fail, name="t"); t.start(); t.join()
threading.Semaphore(-1)
`);
    assert.match(stderr, /queue\.Empty|_queue\.Empty/);
  });
});
