/** Generators of Python, where the person asked to see them. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ACTIVATION_KIND, OUTCOMES } from '../../../runtime/trace/format/kinds.ts';
import { isAtLeast, linesWith, tracePython, type TracedPython, VERSION } from './trace-python.ts';

const trace = (source: string): TracedPython => tracePython(source, { generators: true });

/** "name outcome" of each generator. */
function generatorsOf({ trace: { tasks }, trace }: TracedPython): string[] {
  return Array.from({ length: tasks.count }, (_, task) => task)
    .filter((task) => tasks.kind[task] === ACTIVATION_KIND.generator)
    .map((task) => `${trace.nameOf(task)} ${OUTCOMES[tasks.outcome[task]!]}`);
}

describe('generators of Python under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;
  const hasEvents = isAtLeast(3, 12);

  it('show each send and each yield with its type, and their end', () => {
    const traced = trace(`
def mean():
    total, count = 0.0, 0
    while count < 2:
        value = yield (total / count if count else None)
        total, count = total + value, count + 1
    return total
m = mean()
print(next(m), m.send(2))
try:
    m.send(4)
except StopIteration as stop:
    print(stop.value)
`);
    const [text] = traced.parts;
    assert.deepEqual(generatorsOf(traced), ['mean ok']);
    const rests = linesWith(text!, ' wait ', 'reason=consumer');
    assert.deepEqual(
      rests.map((line) => [/program\.py:(\d+)/.exec(line)?.[1], /type="(\w+)"/.exec(line)?.[1]]),
      [
        ['5', 'NoneType'],
        ['5', 'float'],
      ],
    );
    assert.equal(linesWith(text!, ' run ', 'waker=known').length, 2);
  });

  it('are told as closed, failed or gone on after an error that they caught', () => {
    const traced = trace(`
def careful():
    while True:
        try:
            yield 1
        except ValueError:
            pass
        finally:
            done = True
def failing():
    yield 1
    raise KeyError("no")
c, f = careful(), failing()
next(c); c.throw(ValueError()); c.close()
next(f)
try: next(f)
except KeyError as error: print(repr(error))
`);
    assert.deepEqual(
      generatorsOf(traced),
      // Before 3.12 nothing tells an error from a close.
      hasEvents ? ['careful cancelled', 'failing error'] : ['careful ', 'failing '],
    );
  });

  it('that delegate rest while the one below is asked', () => {
    const traced = trace(`
def inner():
    yield from (1, 2)
    got = yield 3
    return got
def outer():
    print((yield from inner()))
o = outer()
print([next(o) for _ in range(3)])
try: o.send("end")
except StopIteration: pass
`);
    assert.deepEqual(generatorsOf(traced), ['outer ok', 'inner ok']);
  });

  it('of libraries, coroutines and async generators are left alone', () => {
    const traced = trace(`
import asyncio, itertools, re
async def numbers():
    for n in range(2): yield n
async def main(): return [n async for n in numbers()]
print(asyncio.run(main()), list(re.finditer("a", "banana"))[0].start())
`);
    assert.deepEqual(generatorsOf(traced), []);
  });

  it('in steps of tasks, threads, forks and let go of are told without an impossible record', () => {
    const traced = trace(`
import asyncio, os, threading, time
def count(n):
    for i in range(n):
        yield i
async def main(): return [await asyncio.sleep(0, i) for i in count(3)]
print(asyncio.run(main()))
for _ in range(50): next(count(2))
half = count(3)
next(half)
pid = os.fork()
if pid == 0:
    print(list(half))
    os._exit(0)
os.waitpid(pid, 0)
print(list(half))
def work():
    for i in count(3): time.sleep(0.001)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
`);
    assert.equal(generatorsOf(traced).filter((name) => name === 'count ok').length, 4);
  });

  it('are not seen, and cost nothing, where nobody asked', () => {
    const traced = tracePython('import sys\ndef g(): yield 1\nprint(list(g()), sys.getprofile())\n');
    assert.deepEqual(generatorsOf(traced), []);
  });
});
