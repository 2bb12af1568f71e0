/** asyncio under trace: tasks, steps, waits, wakers, groups, cancellation, queues and locks. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isAtLeast, linesWith, tracePython, VERSION } from './trace-python.ts';

/** A program whose `main` has this body, below these functions. */
const program = (body: string, functions = ''): string =>
  `import asyncio, time\n${functions.trim()}\nasync def main():\n${body
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\nasyncio.run(main())\n`;

const run = (body: string, functions = '') => {
  const traced = tracePython(program(body, functions));
  return { ...traced, text: traced.parts[0]! };
};

/** The values of a field in these lines. */
const fieldsOf = (lines: readonly string[], name: string): (string | undefined)[] =>
  lines.map((line) => new RegExp(` ${name}=("(?:[^"\\\\]|\\\\.)*"|\\S+)`).exec(line)?.[1]);

describe('asyncio under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  it('tells of each task: its name, its parent, its function, how it ended', () => {
    const { text } = run(
      `t = asyncio.create_task(work(1), name="first")
u = asyncio.create_task(work(2))
await t
try: await u
except ValueError: print("caught")`,
      `async def work(n):
    await asyncio.sleep(0)
    if n == 2: raise ValueError("two")`,
    );
    const begins = linesWith(text, ' activationBegin ', 'kind=asyncio-task');
    assert.deepEqual(fieldsOf(begins, 'name'), ['"main"', '"first"', '"work"']);
    assert.deepEqual(fieldsOf(begins, 'site'), [
      '"program.py:5:1 function main"',
      '"program.py:2:1 function work"',
      '"program.py:2:1 function work"',
    ]);
    const [main] = fieldsOf(begins, 'id');
    assert.deepEqual(fieldsOf(begins, 'parent').slice(1), [main, main]);
    const [failed] = linesWith(text, ' activationEnd ', 'outcome=error');
    assert.match(failed!, /error="ValueError: two" site="program\.py:4:\d+ call work"/);
  });

  it('tells of each wait its line and what it is for', () => {
    const { text, trace } = run(
      `loop = asyncio.get_running_loop()
q, lock, event, permits = asyncio.Queue(), asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(1)
async def holder():
    async with lock:
        async with permits:
            await asyncio.sleep(0.01)
    q.put_nowait(1)
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.sleep(0.01)
    future.set_result(1)
future = loop.create_future()
h = asyncio.create_task(holder())
await asyncio.sleep(0)
async with permits: pass
async with lock: pass
await q.get()
await event.wait()
await future
await h
await asyncio.gather(asyncio.sleep(0.01), asyncio.sleep(0.01))
await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0.01))])
await asyncio.wait_for(asyncio.sleep(0.01), 1)
await loop.run_in_executor(None, time.sleep, 0.01)`,
    );
    const [main] = fieldsOf(linesWith(text, ' activationBegin ', 'name="main" '), 'id');
    const waits = linesWith(text, ` wait id=${main} `).filter((line) => !line.includes(' yield'));
    const told = waits.map((line) => {
      const place = /await!? main \| ([^"]*)"/.exec(line)?.[1] ?? '';
      return `${place}: ${/reason=(\S+)/.exec(line)?.[1] ?? 'none'}`;
    });
    for (const line of ['permits: semaphore', 'event.wait(): event', 'future: future'])
      assert.ok(told.includes(line), `${line} is missing in:\n${told.join('\n')}`);
    assert.ok(
      told.some((line) => /^asyncio\.gather\(.*: group$/.test(line)),
      told.join('\n'),
    );
    assert.ok(
      told.some((line) => /^asyncio\.wait\(.*: group$/.test(line)),
      told.join('\n'),
    );
    assert.ok(
      told.some((line) => /^asyncio\.wait_for\(.*: (timer|task)$/.test(line)),
      told.join('\n'),
    );
    assert.ok(
      told.some((line) => /^loop\.run_in_executor\(.*: task$/.test(line)),
      told.join('\n'),
    );
    // Each of them has a waker, or what it waited for came from outside.
    const wakes = linesWith(text, ` wake woken=${main} `);
    assert.ok(wakes.length >= told.length - 1, `${wakes.length} wakes of ${told.length} waits`);
    assert.equal(trace.problemCount, 0);
  });

  it('names who woke a task: who set, put, released or ended', () => {
    const { text } = run(
      `q = asyncio.Queue()
event = asyncio.Event()
async def other():
    q.put_nowait(1)
    await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)
t = asyncio.create_task(other())
await q.get()
await event.wait()
await t`,
    );
    const [main, other] = fieldsOf(linesWith(text, ' activationBegin ', 'kind=asyncio-task'), 'id');
    const wakes = linesWith(text, ` wake woken=${main} `);
    assert.deepEqual(fieldsOf(wakes, 'waker'), [other, other, other]);
    assert.deepEqual(
      fieldsOf(wakes, 'site'),
      [
        '"program.py:7:9 call main.<locals>.other"',
        '"program.py:9:9 call main.<locals>.other"',
        undefined,
      ].map((site) => site?.replace('main.<locals>.', '')),
    );
  });

  it('tells how much is in a queue and against what', () => {
    const { text } = run(
      `jobs = asyncio.Queue(maxsize=2)
async def consumer():
    while await jobs.get(): pass
t = asyncio.create_task(consumer())
for i in (1, 1, 1, 0): await jobs.put(i)
await t`,
    );
    assert.match(linesWith(text, ' resourceBegin ')[0]!, /name="jobs" capacity=2 kind=queue bounded/);
    assert.deepEqual(
      fieldsOf(linesWith(text, ' put '), 'depth'),
      ['1', '2', '1', '2'].slice(0, linesWith(text, ' put ').length),
    );
    assert.match(linesWith(text, ' wait ', 'reason=queue-put')[0]!, /jobs\.put\(i\)/);
  });

  it('tells who cancelled a task, and where', () => {
    const { text } = run(
      `async def sleeper(): await asyncio.sleep(10)
t = asyncio.create_task(sleeper())
await asyncio.sleep(0)
t.cancel()
try: await t
except asyncio.CancelledError: print("cancelled")`,
    );
    const [main, sleeper] = fieldsOf(linesWith(text, ' activationBegin ', 'kind=asyncio-task'), 'id');
    const cancels = linesWith(text, ' cancel ');
    assert.equal(cancels.length, 1);
    assert.match(cancels[0]!, new RegExp(` target=${sleeper} by=${main} site="program\\.py:7:5 call main"`));
    assert.match(
      linesWith(text, ' activationEnd ', 'outcome=cancelled')[0]!,
      new RegExp(`id=${sleeper} canceller=${main}`),
    );
  });

  it('tells the parts of a gather, and the tasks of a group', () => {
    const { text } = run(
      'await asyncio.gather(work(), work(), work())',
      'async def work(): await asyncio.sleep(0.01)',
    );
    // One of them ended the wait, and is told once more.
    assert.equal(linesWith(text, ' group ', 'count=3 kind=gather').length, 4);
    if (!isAtLeast(3, 11)) return;
    const grouped = run(
      'async with asyncio.TaskGroup() as g:\n    for _ in range(2): g.create_task(work(), name="w")',
      'async def work(): await asyncio.sleep(0.01)',
    ).text;
    assert.equal(linesWith(grouped, ' group ', 'count=2 kind=task-group').length, 3);
    assert.equal(linesWith(grouped, ' activationBegin ', 'name="w"').length, 2);
  });

  it('finds a coroutine that nobody awaited, at the line that made it', () => {
    const { findings } = run('work()', 'async def work(): pass');
    assert.match(
      findings.join('\n'),
      /never-awaited: A coroutine `work`, called at program\.py:4, was never awaited/,
    );
  });

  it('finds what holds the loop, by function and line', () => {
    const { findings } = run(
      `t = asyncio.create_task(asyncio.sleep(0))
load()
await t`,
      'def load(): time.sleep(0.2)',
    );
    assert.match(
      findings.join('\n'),
      /warning blocked-event-loop: `load` held the thread for \S+ ms in time\.sleep at program\.py:2.*asyncio\.sleep\(\)/,
    );
  });

  it('finds a package that sleeps on the loop, at the line of the program', () => {
    const program = `
import asyncio, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "site-packages"))
import patience
async def call():
    await asyncio.sleep(0)
    patience.again()
async def main():
    await asyncio.gather(call(), call())
asyncio.run(main())
`;
    const files = {
      'site-packages/patience/__init__.py': 'import time\ndef again():\n    time.sleep(0.15)\n',
    };
    assert.match(
      tracePython(program, { files }).findings.join('\n'),
      /`call` held the thread 2 times, for \S+ ms in all, in time\.sleep of patience at program\.py:7.*asyncio\.to_thread/,
    );
  });

  it('leaves the factory of tasks, the names and the context of the program as they are', () => {
    const { stdout } = run(
      `loop = asyncio.get_running_loop()
made = []
def factory(loop, coro, **options):
    made.append(coro.__name__)
    return asyncio.Task(coro, loop=loop, **options)
loop.set_task_factory(factory)
number = contextvars.ContextVar("number", default=0)
number.set(1)
async def child():
    number.set(2)
    return asyncio.current_task().get_coro().__name__, inspect.iscoroutine(asyncio.current_task().get_coro())
print(await asyncio.create_task(child()), number.get(), made, loop.get_task_factory() is factory)
print(type(asyncio.Lock()).__name__, isinstance(asyncio.Lock(), asyncio.Lock), asyncio.Queue().qsize())
print(asyncio.create_task.__name__, inspect.iscoroutinefunction(asyncio.Lock.acquire), inspect.signature(asyncio.sleep))
print(inspect.signature(loop.create_task), asyncio.gather.__module__)`,
      'import contextvars, inspect',
    );
    assert.match(stdout, /\('child', True\) 1 \['child'\] True/);
  });

  it('tells of a callback of the program, and what it wakes', () => {
    const { text } = run(
      `loop = asyncio.get_running_loop()
future = loop.create_future()
def settle(value): future.set_result(value)
loop.call_later(0.01, settle, 5)
print(await future)`,
    );
    const [settle] = fieldsOf(
      linesWith(text, ' activationBegin ', 'name="settle"', 'kind=timer-callback'),
      'id',
    );
    assert.match(linesWith(text, ' wake ').at(-1)!, new RegExp(`waker=${settle}`));
  });

  it('takes an error of a callback for one, and not that asyncio asks a cancelled task for its error', () => {
    const unhandled = (then: string): string[] =>
      linesWith(
        run(`${then}
async def serve(reader, writer): await asyncio.Event().wait()
server = await asyncio.start_server(serve, "127.0.0.1", 0)
reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
await asyncio.sleep(0.01)
writer.close()
server.close()`).text,
        'what=unhandled',
      );
    assert.deepEqual(unhandled(''), []);
    assert.equal(unhandled('asyncio.get_running_loop().call_soon(lambda: 1 // 0)').length, 1);
  });

  if (isAtLeast(3, 12))
    it('sees a task that runs at once, eagerly', () => {
      const { text } = run(
        `asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
async def quick(): return 1
async def slow():
    await asyncio.sleep(0.01)
    return 2
print(await asyncio.gather(asyncio.create_task(quick()), asyncio.create_task(slow())))`,
      );
      assert.equal(linesWith(text, ' activationEnd ', 'outcome=ok').length, 4);
    });
});
