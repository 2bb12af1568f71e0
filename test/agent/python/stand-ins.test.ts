/**
 * What stands for Python's own functions: what a program puts in their place, which the agent never
 * calls, and what the agent does, which no program tells from the builtin.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isAtLeast, linesWith, tracePython, VERSION } from './trace-python.ts';

const LATER = `
async def double(number):
    return number * 2
`;

/** What guards against blocking calls do, and mocks: functions stand where others look for them. */
const GUARDED = `
import asyncio, builtins, io, os, time

asked = []

def guard(owner, name):
    plain = getattr(owner, name)
    def call(*args, **options):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return plain(*args, **options)
        asked.append(name)
        raise Exception("blocking call of " + name)
    setattr(owner, name, call)
    return lambda: setattr(owner, name, plain)

def guards():
    names = "close dup getcwd getpid getppid listdir mkdir open read replace scandir stat unlink write"
    yield from (guard(os, name) for name in names.split())
    paths = "abspath basename dirname exists isfile join normpath"
    yield from (guard(os.path, name) for name in paths.split())
    yield guard(builtins, "open")
    yield guard(io, "open")

async def work(module):
    lock = asyncio.Lock()
    async with lock:
        number = await asyncio.create_task(module.double(21))
    # As much as a segment of a recording holds, and more.
    for _ in range(12_000):
        await asyncio.sleep(0)
        lock = asyncio.Lock()
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end:
        pass
    return number

async def main():
    import later
    undo = list(guards())
    try:
        return await work(later)
    finally:
        for put_back in undo:
            put_back()

print(asyncio.run(main()), asked)
`;

/** Each name of a module that stands for a function of \`time\` gets a clock that stands still. */
const FROZEN = `
import asyncio, sys, time

def freeze():
    still = {}
    for name in ("monotonic", "perf_counter", "time", "thread_time"):
        for name in (name, name + "_ns"):
            now = getattr(time, name)()
            still[id(getattr(time, name))] = lambda now=now: now
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if id(value) in still:
                setattr(module, name, still[id(value)])

async def hold():
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass

async def other():
    await asyncio.sleep(0)

async def main():
    freeze()
    await asyncio.gather(other(), hold())

asyncio.run(main())
print("over")
`;

/** Each builtin that the agent replaces: as an attribute of a class, copied, asked, misused. */
const BUILTINS = `
import copy, inspect, os, pickle, sqlite3, sys, threading, time, types
builtins = [threading.Lock, time.sleep, os._exit, sqlite3.connect, sys.excepthook]
class Kept:
    lock, sleep, leave, connect, hook = builtins
kept = Kept()
print(kept.lock().locked(), kept.sleep(0), kept.connect(":memory:").total_changes)
for one in builtins:
    print(one, isinstance(one, types.BuiltinFunctionType), inspect.isfunction(one), inspect.isbuiltin(one), callable(one))
    print(one.__doc__, one.__text_signature__, copy.copy(one) is one, copy.deepcopy(one) is one, hasattr(one, "__dict__"), hasattr(one, "__get__"))
    print(pickle.loads(pickle.dumps(one)) is one, {one: 1}[one])
for one in builtins[1:]:
    try: print(inspect.signature(one))
    except ValueError as error: print(error)
for wrong in (time.sleep, lambda: time.sleep(1, 2), lambda: time.sleep(seconds=1), lambda: time.sleep("a"), lambda: threading.Lock(1), os._exit, lambda: os._exit("a"), lambda: os._exit(1, 2), lambda: sqlite3.connect(), sys.excepthook, lambda: sys.excepthook(1)):
    try: print(wrong())
    except (TypeError, ValueError) as error: print(type(error).__name__, error)
try: time.sleep.attribute = 1
except AttributeError as error: print(error)
print(sys.excepthook is sys.__excepthook__)
sys.stdout.flush()
Kept().leave(status=3)
`;

describe('functions of Python that a program has replaced', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  it('are not called by the agent, which sees all the same what happens meanwhile', () => {
    const { stdout, parts, trace } = tracePython(GUARDED, { files: { 'later.py': LATER } });
    assert.equal(stdout, '42 []\n');
    assert.equal(trace.lost, 0);
    assert.equal(linesWith(parts.join('\n'), 'activationBegin', 'double').length, 1);
  });

  it('are no clock of the agent', () => {
    if (!isAtLeast(3, 9)) return;
    const { findings } = tracePython(FROZEN);
    assert.match(findings.join('\n'), /held for (?:[3-9]\d\d ms|[\d.]+ s) by hold/);
  });

  it('by the agent are no methods of classes that keep them, and look and fail as before', () => {
    const { status, stdout } = tracePython(BUILTINS);
    assert.equal(status, 3);
    assert.match(stdout, /^False None 0\n/);
  });
});
