/**
 * The table of `as-in-python.test.ts`: a case is a Python text with its output, and the same
 * program in the library.
 */
import {
  asCompleted,
  CancelledError,
  collect,
  coroutine,
  filter,
  Future,
  gather,
  group,
  InvalidStateError,
  map,
  run,
  shield,
  sleep,
  spawn,
  StopIteration,
  type Task,
  timeout,
  TimeoutError,
  wait,
  waitFor,
} from '../../runtime/index.ts';

export interface Case {
  /** What Python does, as a sentence. */
  readonly title: string;
  readonly python: string;
  readonly prints: readonly string[];
  /** The same with the library; `print` takes the place of Python's. */
  readonly library: (print: (line: string) => void) => unknown;
  /** Where the library differs on purpose: what it does, and why. */
  readonly difference?: string;
  readonly libraryPrints?: readonly string[];
}

const virtual = <T>(main: () => Generator<never, T, unknown> | Generator<Future | undefined, T, unknown>) =>
  run(main as () => Generator<Future | undefined, T, unknown>, { clock: 'virtual' });

/** The name of an error; of an exception group or AggregateError, those of its members. */
function nameOf(error: unknown): string {
  if (error instanceof AggregateError) return `group: ${error.errors.map(nameOf).join(', ')}`;
  return error instanceof CancelledError
    ? 'CancelledError'
    : (error as Error).message || (error as Error).name;
}

export const cases: readonly Case[] = [
  // ── order ──
  {
    title:
      'a task begins at the next wait of its creator, not at once, and tasks begin in the order of making',
    python: `
      async def child(name): print(name)
      async def main():
          a = asyncio.create_task(child('a')); b = asyncio.create_task(child('b'))
          print('made')
          await asyncio.sleep(0)
          print('after')
      asyncio.run(main())`,
    prints: ['made', 'a', 'b', 'after'],
    library: (print) =>
      virtual(function* () {
        for (const name of ['a', 'b'])
          spawn(function* () {
            print(name);
          });
        print('made');
        yield* sleep(0);
        print('after');
      }),
  },
  {
    title: 'awaiting a coroutine directly runs it inside of the caller, without a switch',
    python: `
      async def child(): print('child')
      async def other(): print('other')
      async def main():
          asyncio.create_task(other())
          await child()
          print('main')
          await asyncio.sleep(0)
      asyncio.run(main())`,
    prints: ['child', 'main', 'other'],
    library: (print) =>
      virtual(function* () {
        function* child() {
          print('child');
        }
        spawn(function* () {
          print('other');
        });
        yield* child();
        print('main');
        yield* sleep(0);
      }),
  },
  {
    title: 'sleep(0) goes round among the tasks that are ready',
    python: `
      async def child(name):
          for n in range(2):
              print(name, n)
              await asyncio.sleep(0)
      async def main(): await asyncio.gather(child('a'), child('b'))
      asyncio.run(main())`,
    prints: ['a 0', 'b 0', 'a 1', 'b 1'],
    library: (print) =>
      virtual(function* () {
        const child = (name: string) =>
          function* () {
            for (let n = 0; n < 2; n++) {
              print(`${name} ${n}`);
              yield* sleep(0);
            }
          };
        yield* gather([child('a'), child('b')]);
      }),
  },
  {
    title: 'callbacks of a future run in the order of adding, in a later step',
    python: `
      async def main():
          future = asyncio.get_running_loop().create_future()
          future.add_done_callback(lambda f: print('first', f.result()))
          future.add_done_callback(lambda f: print('second', f.result()))
          future.set_result(7)
          print('set')
          await asyncio.sleep(0)
      asyncio.run(main())`,
    prints: ['set', 'first 7', 'second 7'],
    library: (print) =>
      virtual(function* () {
        const future = new Future<number>();
        future.onDone((f) => print(`first ${f.result}`));
        future.onDone((f) => print(`second ${f.result}`));
        future.resolve(7);
        print('set');
        yield* sleep(0);
      }),
  },
  {
    title: 'a future can be settled once; its result cannot be had before',
    python: `
      async def main():
          future = asyncio.get_running_loop().create_future()
          try: future.result()
          except asyncio.InvalidStateError: print('not yet')
          future.set_result(1)
          try: future.set_result(2)
          except asyncio.InvalidStateError: print('once')
          print(future.result())
      asyncio.run(main())`,
    prints: ['not yet', 'once', '1'],
    library: (print) =>
      virtual(function* () {
        const future = new Future<number>();
        try {
          print(String(future.result));
        } catch (error) {
          if (error instanceof InvalidStateError) print('not yet');
        }
        future.resolve(1);
        try {
          future.resolve(2);
        } catch (error) {
          if (error instanceof InvalidStateError) print('once');
        }
        print(String(future.result));
      }),
  },
  // ── cancellation ──
  {
    title: 'cancelling throws CancelledError at the wait, finally runs, and the task is cancelled',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          except asyncio.CancelledError: print('caught'); raise
          finally: print('finally')
      async def main():
          task = asyncio.create_task(child())
          await asyncio.sleep(0)
          print(task.cancel())
          try: await task
          except asyncio.CancelledError: print('main sees it')
          print(task.cancelled())
      asyncio.run(main())`,
    prints: ['True', 'caught', 'finally', 'main sees it', 'True'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(function* () {
          try {
            yield* sleep(9000);
          } catch (error) {
            print('caught');
            throw error;
          } finally {
            print('finally');
          }
        });
        yield* sleep(0);
        print(named(task.cancel()));
        try {
          yield* task;
        } catch (error) {
          if (error instanceof CancelledError) print('main sees it');
        }
        print(named(task.isCancelled));
      }),
  },
  {
    title: 'a task that is cancelled before its first step never runs',
    python: `
      async def child(): print('ran')
      async def main():
          task = asyncio.create_task(child())
          task.cancel()
          try: await task
          except asyncio.CancelledError: print('cancelled')
      asyncio.run(main())`,
    prints: ['cancelled'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(function* () {
          print('ran');
        });
        task.cancel();
        yield* caught(task, print);
      }),
  },
  {
    title: 'a task may swallow its cancellation and give a result',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          except asyncio.CancelledError: return 'no'
      async def main():
          task = asyncio.create_task(child())
          await asyncio.sleep(0)
          task.cancel()
          print(await task, task.cancelled())
      asyncio.run(main())`,
    prints: ['no False'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(function* () {
          try {
            yield* sleep(9000);
            return 'yes';
          } catch {
            return 'no';
          }
        });
        yield* sleep(0);
        task.cancel();
        print(`${yield* task} ${named(task.isCancelled)}`);
      }),
  },
  {
    title: 'cancelling a task cancels the task that it waits for',
    python: `
      async def inner():
          try: await asyncio.sleep(9)
          except asyncio.CancelledError: print('inner'); raise
      async def main():
          a = asyncio.create_task(inner())
          async def outer(): await a
          b = asyncio.create_task(outer())
          await asyncio.sleep(0.001)
          b.cancel()
          try: await b
          except asyncio.CancelledError: print('cancelled')
          print(a.cancelled())
      asyncio.run(main())`,
    prints: ['inner', 'cancelled', 'True'],
    library: (print) =>
      virtual(function* () {
        const a = spawn(() => noticing('inner', print));
        const b = spawn(function* () {
          yield* a;
        });
        yield* sleep(1);
        b.cancel();
        yield* caught(b, print);
        print(named(a.isCancelled));
      }),
  },
  {
    title: 'run cancels what main left behind and waits for its clean-up',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          finally:
              await asyncio.sleep(0)
              print('cleaned up')
      async def main():
          asyncio.create_task(child())
          await asyncio.sleep(0)
          print('main ends')
      asyncio.run(main())`,
    prints: ['main ends', 'cleaned up'],
    library: (print) =>
      virtual(function* () {
        spawn(function* child() {
          try {
            yield* sleep(9000);
          } finally {
            yield* sleep(0);
            print('cleaned up');
          }
        });
        yield* sleep(0);
        print('main ends');
      }),
  },
  // ── gather ──
  {
    title: 'gather gives results in the order of input, whatever the order of ending',
    python: `
      async def child(ms, name):
          await asyncio.sleep(ms / 1000)
          print(name)
          return name
      async def main(): print(' '.join(await asyncio.gather(child(30, 'a'), child(1, 'b'))))
      asyncio.run(main())`,
    prints: ['b', 'a', 'a b'],
    library: (print) =>
      virtual(function* () {
        print((yield* gather([after(30, 'a', print), after(1, 'b', print)])).join(' '));
      }),
  },
  {
    title: 'gather of nothing gives an empty list',
    python: `
      async def main(): print(len(await asyncio.gather()))
      asyncio.run(main())`,
    prints: ['0'],
    library: (print) =>
      virtual(function* () {
        print(String((yield* gather([])).length));
      }),
  },
  {
    title: 'gather fails with the first error; the others go on',
    python: `
      async def child():
          await asyncio.sleep(0.002)
          print('went on')
      async def fails(): raise ValueError('first')
      async def main():
          try: await asyncio.gather(child(), fails())
          except ValueError as e: print(e)
          await asyncio.sleep(0.02)
      asyncio.run(main())`,
    prints: ['first', 'went on'],
    library: (print) =>
      virtual(function* () {
        yield* caught(gather([after(2, 'went on', print), failing(0, 'first')]), print);
        yield* sleep(20);
      }),
  },
  {
    title: 'gather with return_exceptions gives errors among the results',
    python: `
      async def good(): return 'good'
      async def fails(): raise ValueError('bad')
      async def main():
          results = await asyncio.gather(good(), fails(), return_exceptions=True)
          print(results[0], type(results[1]).__name__ == 'ValueError', results[1])
      asyncio.run(main())`,
    prints: ['good True bad'],
    library: (print) =>
      virtual(function* () {
        const [good, bad] = yield* gather([after(0, 'good'), failing(0, 'bad')], { returnErrors: true });
        print(`${String(good)} ${named((bad as unknown) instanceof Error)} ${nameOf(bad)}`);
      }),
  },
  {
    title: 'cancelling gather cancels all its members',
    python: `
      async def child(name):
          try: await asyncio.sleep(9)
          except asyncio.CancelledError: print(name); raise
      async def main():
          both = asyncio.gather(child('a'), child('b'))
          await asyncio.sleep(0)
          both.cancel()
          try: await both
          except asyncio.CancelledError: print('cancelled')
      asyncio.run(main())`,
    prints: ['a', 'b', 'cancelled'],
    difference: 'the last first: the library undoes everything in reverse order',
    libraryPrints: ['b', 'a', 'cancelled'],
    library: (print) =>
      virtual(function* () {
        const both = gather([() => noticing('a', print), () => noticing('b', print)]);
        yield* sleep(0);
        both.cancel();
        yield* caught(both, print);
      }),
  },
  {
    title: 'a cancelled gather is over with its first member, while the others still clean up',
    python: `
      async def quick(): await asyncio.sleep(9)
      async def slow():
          try: await asyncio.sleep(9)
          finally:
              await asyncio.sleep(0.002)
              print('cleaned up')
      async def main():
          both = asyncio.gather(quick(), slow())
          await asyncio.sleep(0)
          both.cancel()
          try: await both
          except asyncio.CancelledError: print('cancelled')
          await asyncio.sleep(0.02)
      asyncio.run(main())`,
    prints: ['cancelled', 'cleaned up'],
    difference: 'it ends when the last member has ended, so that nothing of it runs after its end',
    libraryPrints: ['cleaned up', 'cancelled'],
    library: (print) =>
      virtual(function* () {
        const both = gather([
          () => sleep(9000),
          function* () {
            try {
              yield* sleep(9000);
            } finally {
              yield* sleep(2);
              print('cleaned up');
            }
          },
        ]);
        yield* sleep(0);
        both.cancel();
        yield* caught(both, print);
        yield* sleep(20);
      }),
  },
  {
    title: 'a member that is cancelled makes gather raise CancelledError, and gather itself is not cancelled',
    python: `
      async def main():
          a = asyncio.create_task(asyncio.sleep(9)); b = asyncio.create_task(asyncio.sleep(0.01))
          both = asyncio.gather(a, b)
          await asyncio.sleep(0)
          a.cancel()
          try: await both
          except asyncio.CancelledError: print('cancelled')
          print(b.done())
      asyncio.run(main())`,
    prints: ['cancelled', 'False'],
    library: (print) =>
      virtual(function* () {
        const a = spawn(() => sleep(9000));
        const b = spawn(() => sleep(10));
        const both = gather([a, b]);
        yield* sleep(0);
        a.cancel();
        yield* caught(both, print);
        print(named(b.isDone));
      }),
  },
  {
    title: 'the same task twice is waited for once and stands twice in the results',
    python: `
      async def child(): print('once'); return 1
      async def main():
          task = asyncio.create_task(child())
          print(await asyncio.gather(task, task))
      asyncio.run(main())`,
    prints: ['once', '[1, 1]'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(function* () {
          print('once');
          return 1;
        });
        print(`[${(yield* gather([task, task])).join(', ')}]`);
      }),
  },
  // ── TaskGroup ──
  {
    title: 'a task group waits for its tasks behind the end of its body',
    python: `
      async def child():
          await asyncio.sleep(0.001)
          print('child')
      async def main():
          async with asyncio.TaskGroup() as g:
              g.create_task(child())
              print('body')
          print('after')
      asyncio.run(main())`,
    prints: ['body', 'child', 'after'],
    library: (print) =>
      virtual(function* () {
        yield* group(function* (g) {
          g.spawn(after(1, 'child', print));
          print('body');
        });
        print('after');
      }),
  },
  {
    title: 'when one fails, the others and the body are cancelled, and the group raises an ExceptionGroup',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          except asyncio.CancelledError: print('child'); raise
      async def fails(): raise ValueError('bad')
      async def main():
          try:
              async with asyncio.TaskGroup() as g:
                  g.create_task(child()); g.create_task(fails())
                  try: await asyncio.sleep(9)
                  except asyncio.CancelledError: print('body'); raise
          except BaseExceptionGroup as e: print('group:', ', '.join(map(str, e.exceptions)))
      asyncio.run(main())`,
    prints: ['child', 'body', 'group: bad'],
    difference: 'a single error is not wrapped: it is the object that was thrown',
    libraryPrints: ['child', 'body', 'bad'],
    library: (print) =>
      virtual(function* () {
        const all = group(function* (g) {
          g.spawn(() => noticing('child', print));
          g.spawn(failing(0, 'bad'));
          yield* noticing('body', print);
        });
        yield* caught(all, print);
      }),
  },
  {
    title: 'several errors come together',
    python: `
      async def fails(name): raise ValueError(name)
      async def main():
          try:
              async with asyncio.TaskGroup() as g:
                  g.create_task(fails('a')); g.create_task(fails('b'))
          except BaseExceptionGroup as e: print('group:', ', '.join(map(str, e.exceptions)))
      asyncio.run(main())`,
    prints: ['group: a, b'],
    library: (print) =>
      virtual(function* () {
        const all = group(function* (g) {
          g.spawn(failing(0, 'a'));
          g.spawn(failing(0, 'b'));
        });
        yield* caught(all, print);
      }),
  },
  {
    title: 'the tasks of a failing group are cancelled all at once, and clean up side by side',
    python: `
      async def child(name):
          try: await asyncio.sleep(9)
          finally:
              print('begins')
              await asyncio.sleep(0.002)
              print('ends')
      async def main():
          try:
              async with asyncio.TaskGroup() as g:
                  g.create_task(child('a')); g.create_task(child('b'))
                  await asyncio.sleep(0)
                  raise ValueError('bad')
          except BaseExceptionGroup: print('over')
      asyncio.run(main())`,
    prints: ['begins', 'begins', 'ends', 'ends', 'over'],
    difference:
      'one after another, the youngest first: a younger task may need an older one until the end of its clean-up',
    libraryPrints: ['begins', 'ends', 'begins', 'ends', 'over'],
    library: (print) =>
      virtual(function* () {
        function* child() {
          try {
            yield* sleep(9000);
          } finally {
            print('begins');
            yield* sleep(2);
            print('ends');
          }
        }
        try {
          yield* group(function* (g) {
            g.spawn(child);
            g.spawn(child);
            yield* sleep(0);
            throw new Error('bad');
          });
        } catch {
          print('over');
        }
      }),
  },
  {
    title: 'a task of a group that is cancelled alone ends alone',
    python: `
      async def child(): await asyncio.sleep(0.001); print('child')
      async def main():
          async with asyncio.TaskGroup() as g:
              g.create_task(child())
              g.create_task(asyncio.sleep(9)).cancel()
          print('after')
      asyncio.run(main())`,
    prints: ['child', 'after'],
    library: (print) =>
      virtual(function* () {
        yield* group(function* (g) {
          g.spawn(after(1, 'child', print));
          g.spawn(() => sleep(9000)).cancel();
        });
        print('after');
      }),
  },
  {
    title: 'a group that is over takes no more tasks',
    python: `
      async def main():
          async with asyncio.TaskGroup() as g: pass
          late = asyncio.sleep(0)
          try: g.create_task(late)
          except RuntimeError: print('refused'); late.close()
      asyncio.run(main())`,
    prints: ['refused'],
    library: (print) =>
      virtual(function* () {
        const over = yield* group(function* (g) {
          return g;
        });
        try {
          over.spawn(() => sleep(0));
        } catch {
          print('refused');
        }
      }),
  },
  {
    title: 'an error comes before the cancellation of whoever waits for the group',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          finally: raise ValueError('in clean-up')
      async def body():
          async with asyncio.TaskGroup() as g: g.create_task(child())
      async def main():
          task = asyncio.create_task(body())
          await asyncio.sleep(0.001)
          task.cancel()
          try: await task
          except BaseExceptionGroup as e: print(', '.join(map(str, e.exceptions)))
          print(task.cancelled())
      asyncio.run(main())`,
    prints: ['in clean-up', 'False'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(() =>
          group(function* (g) {
            g.spawn(function* () {
              try {
                yield* sleep(9000);
              } finally {
                // eslint-disable-next-line no-unsafe-finally
                throw new Error('in clean-up');
              }
            });
          }),
        );
        yield* sleep(1);
        task.cancel();
        yield* caught(task, print);
        print(named(task.isCancelled));
      }),
  },
  // ── timeout and wait_for ──
  {
    title: 'a timeout cancels its body and becomes TimeoutError',
    python: `
      async def main():
          try:
              async with asyncio.timeout(0.001):
                  try: await asyncio.sleep(9)
                  except asyncio.CancelledError: print('body'); raise
          except TimeoutError: print('TimeoutError')
      asyncio.run(main())`,
    prints: ['body', 'TimeoutError'],
    library: (print) =>
      virtual(function* () {
        try {
          yield* timeout(1, () => noticing('body', print));
        } catch (error) {
          if (error instanceof TimeoutError) print('TimeoutError');
        }
      }),
  },
  {
    title: 'the error that a body throws on its way out comes before TimeoutError',
    python: `
      async def main():
          try:
              async with asyncio.timeout(0.001):
                  try: await asyncio.sleep(9)
                  finally: raise ValueError('own')
          except ValueError as e: print(e)
      asyncio.run(main())`,
    prints: ['own'],
    library: (print) =>
      virtual(function* () {
        const limited = timeout(1, function* () {
          try {
            yield* sleep(9000);
          } finally {
            // eslint-disable-next-line no-unsafe-finally
            throw new Error('own');
          }
        });
        yield* caught(limited, print);
      }),
  },
  {
    title: 'a timeout can be moved, and says whether it has passed',
    python: `
      async def main():
          async with asyncio.timeout(0.001) as limit:
              limit.reschedule(asyncio.get_running_loop().time() + 9)
              await asyncio.sleep(0.01)
              print('in time')
          print(limit.expired())
      asyncio.run(main())`,
    prints: ['in time', 'False'],
    library: (print) =>
      virtual(function* () {
        const limited = timeout(1, function* () {
          yield* sleep(10);
          print('in time');
        });
        limited.reschedule(9000);
        yield* limited;
        print(named(limited.isExpired));
      }),
  },
  {
    title: 'wait_for gives the result when it comes in time',
    python: `
      async def child(): await asyncio.sleep(0); return 'in time'
      async def main(): print(await asyncio.wait_for(child(), 9))
      asyncio.run(main())`,
    prints: ['in time'],
    library: (print) =>
      virtual(function* () {
        print(yield* waitFor(after(0, 'in time'), 9000));
      }),
  },
  {
    title: 'wait_for waits for the clean-up of what it cancelled',
    python: `
      async def child():
          try: await asyncio.sleep(9)
          finally:
              await asyncio.sleep(0.002)
              print('cleaned up')
      async def main():
          try: await asyncio.wait_for(child(), 0.001)
          except asyncio.TimeoutError: print('TimeoutError')
      asyncio.run(main())`,
    prints: ['cleaned up', 'TimeoutError'],
    library: (print) =>
      virtual(function* () {
        const limited = waitFor(function* () {
          try {
            yield* sleep(9000);
          } finally {
            yield* sleep(2);
            print('cleaned up');
          }
        }, 1);
        try {
          yield* limited;
        } catch (error) {
          if (error instanceof TimeoutError) print('TimeoutError');
        }
      }),
  },
  // ── shield ──
  {
    title: 'shield keeps what is inside from the cancellation of whoever waits',
    python: `
      async def inner(): await asyncio.sleep(0.05); print('inner'); return 'kept'
      async def main():
          kept = asyncio.create_task(inner())
          async def outer(): await asyncio.shield(kept)
          task = asyncio.create_task(outer())
          await asyncio.sleep(0.001)
          task.cancel()
          try: await task
          except asyncio.CancelledError: print('cancelled')
          print(await kept)
      asyncio.run(main())`,
    prints: ['cancelled', 'inner', 'kept'],
    library: (print) =>
      virtual(function* () {
        const kept = spawn(function* () {
          yield* sleep(2);
          print('inner');
          return 'kept';
        });
        const task = spawn(function* () {
          yield* shield(kept);
        });
        yield* sleep(1);
        task.cancel();
        yield* caught(task, print);
        print(yield* kept);
      }),
  },
  {
    title: 'shield is cancelled when what is inside is cancelled',
    python: `
      async def main():
          inner = asyncio.create_task(asyncio.sleep(9))
          outer = asyncio.shield(inner)
          await asyncio.sleep(0)
          inner.cancel()
          try: await outer
          except asyncio.CancelledError: print('cancelled')
          print(outer.cancelled())
      asyncio.run(main())`,
    prints: ['cancelled', 'True'],
    library: (print) =>
      virtual(function* () {
        const inner = spawn(() => sleep(9000));
        const outer = shield(inner);
        yield* sleep(0);
        inner.cancel();
        yield* caught(outer, print);
        print(named(outer.isCancelled));
      }),
  },
  // ── wait and as_completed ──
  {
    title: 'wait for the first leaves the others pending, and cancels nobody',
    python: `
      async def child(ms): await asyncio.sleep(ms / 1000)
      async def main():
          tasks = [asyncio.create_task(child(ms)) for ms in (1, 50)]
          done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
          print(len(done), len(pending), tasks[1].cancelled())
          await asyncio.wait(pending)
          print(tasks[1].done())
      asyncio.run(main())`,
    prints: ['1 1 False', 'True'],
    library: (print) =>
      virtual(function* () {
        const tasks = [1, 50].map((ms) => spawn(after(ms, '')));
        const { done, pending } = yield* wait(tasks, { returnWhen: 'first-done' });
        print(`${done.length} ${pending.length} ${named(tasks[1]!.isCancelled)}`);
        yield* wait(pending);
        print(named(tasks[1]!.isDone));
      }),
  },
  {
    title: 'wait for the first failure throws nothing; being cancelled is no failure',
    python: `
      async def fails(): await asyncio.sleep(0.002); raise ValueError('bad')
      async def main():
          a = asyncio.create_task(asyncio.sleep(9)); b = asyncio.create_task(fails()); c = asyncio.create_task(asyncio.sleep(9))
          await asyncio.sleep(0)
          a.cancel()
          done, pending = await asyncio.wait([a, b, c], return_when=asyncio.FIRST_EXCEPTION)
          print(a in done, b in done, c in pending, b.exception())
      asyncio.run(main())`,
    prints: ['True True True bad'],
    library: (print) =>
      virtual(function* () {
        const a: Task = spawn(() => sleep(9000));
        const b: Task = spawn(failing(2, 'bad'));
        const c: Task = spawn(() => sleep(9000));
        yield* sleep(0);
        a.cancel();
        const { done, pending } = yield* wait([a, b, c], { returnWhen: 'first-failed' });
        print(
          `${named(done.includes(a))} ${named(done.includes(b))} ${named(pending.includes(c))} ${nameOf(b.error)}`,
        );
      }),
  },
  {
    title: 'a timeout of wait throws nothing',
    python: `
      async def main():
          task = asyncio.create_task(asyncio.sleep(9))
          done, pending = await asyncio.wait([task], timeout=0.001)
          print(len(done), len(pending), task.cancelled())
      asyncio.run(main())`,
    prints: ['0 1 False'],
    library: (print) =>
      virtual(function* () {
        const task = spawn(() => sleep(9000));
        const { done, pending } = yield* wait([task], { timeout: 1 });
        print(`${done.length} ${pending.length} ${named(task.isCancelled)}`);
      }),
  },
  {
    title: 'wait for nothing is refused',
    python: `
      async def main():
          try: await asyncio.wait([])
          except ValueError: print('refused')
      asyncio.run(main())`,
    prints: ['refused'],
    library: (print) => {
      try {
        wait([]);
      } catch (error) {
        if (error instanceof RangeError) print('refused');
      }
    },
  },
  {
    title: 'as_completed gives them in the order of ending, errors included',
    python: `
      async def child(ms, name): await asyncio.sleep(ms / 1000); return name
      async def fails(): await asyncio.sleep(0.02); raise ValueError('bad')
      async def main():
          for next in asyncio.as_completed([child(40, 'c'), fails(), child(1, 'a')]):
              try: print(await next)
              except ValueError as e: print(e)
      asyncio.run(main())`,
    prints: ['a', 'bad', 'c'],
    library: (print) =>
      virtual(function* () {
        for (const next of asCompleted([after(40, 'c'), failing(20, 'bad'), after(1, 'a')])) {
          try {
            print(yield* next);
          } catch (error) {
            print(nameOf(error));
          }
        }
      }),
  },
  {
    title: 'as_completed raises TimeoutError at what does not come in time',
    python: `
      async def child(ms, name): await asyncio.sleep(ms / 1000); return name
      async def main():
          for next in asyncio.as_completed([child(9000, 'b'), child(1, 'a')], timeout=0.05):
              try: print(await next)
              except asyncio.TimeoutError: print('TimeoutError')
      asyncio.run(main())`,
    prints: ['a', 'TimeoutError'],
    library: (print) =>
      virtual(function* () {
        for (const next of asCompleted([after(9000, 'b'), after(1, 'a')], { timeout: 50 })) {
          try {
            print(yield* next);
          } catch (error) {
            if (error instanceof TimeoutError) print('TimeoutError');
          }
        }
      }),
  },
  // ── comprehensions ──
  {
    title: 'an async comprehension takes one value after another',
    python: `
      async def source():
          for n in range(4):
              await asyncio.sleep(0)
              yield n
      async def main(): print([n * 10 async for n in source() if n % 2 == 1])
      asyncio.run(main())`,
    prints: ['[10, 30]'],
    library: (print) =>
      virtual(function* () {
        async function* source() {
          for (let n = 0; n < 4; n++) {
            await sleep(0);
            yield n;
          }
        }
        const odd = filter(source(), (n) => n % 2 === 1);
        print(`[${(yield* collect(map(odd, (n) => n * 10))).join(', ')}]`);
      }),
  },
  // ── generators ──
  {
    title: 'send gives the value to the yield at which the generator stands, and returns the next one',
    python: `
      def mean():
          total = count = 0; average = None
          while True:
              total += yield average
              count += 1; average = total / count
      g = mean(); print(next(g))
      print(int(g.send(10)), int(g.send(30)))`,
    prints: ['None', '10 20'],
    difference: 'no value is undefined, not None',
    libraryPrints: ['undefined', '10 20'],
    library: (print) => {
      const g = coroutine(mean);
      print(String(g.next()));
      print(`${g.send(10)} ${g.send(30)}`);
    },
  },
  {
    title: 'a value cannot be sent to a generator that has not begun',
    python: `
      def g(): yield
      try: g().send(1)
      except TypeError: print('refused')`,
    prints: ['refused'],
    library: (print) => {
      try {
        coroutine(mean).send(1);
      } catch (error) {
        if (error instanceof TypeError) print('refused');
      }
    },
  },
  {
    title: 'what the generator returns comes in StopIteration, once',
    python: `
      def g():
          yield 1
          return 'end'
      g = g(); next(g)
      for n in range(2):
          try: next(g)
          except StopIteration as e: print(e.value)`,
    prints: ['end', 'None'],
    difference: 'no value is undefined, not None',
    libraryPrints: ['end', 'undefined'],
    library: (print) => {
      const g = coroutine(function* () {
        yield 1;
        return 'end';
      });
      g.next();
      for (let n = 0; n < 2; n++) {
        try {
          g.next();
        } catch (error) {
          if (error instanceof StopIteration) print(String(error.value));
        }
      }
    },
  },
  {
    title: 'throw raises at the yield, and returns the next value when that is caught',
    python: `
      def g():
          try: yield 1
          except ValueError as e: yield str(e)
      g = g(); next(g)
      print(g.throw(ValueError('inside')))
      try: g.throw(ValueError('outside'))
      except ValueError as e: print(e)
      try: g.throw(ValueError('over'))
      except ValueError as e: print(e)`,
    prints: ['inside', 'outside', 'over'],
    library: (print) => {
      const g = coroutine(function* () {
        try {
          yield '1';
        } catch (error) {
          yield (error as Error).message;
        }
      });
      g.next();
      print(g.throw(new Error('inside')));
      for (const message of ['outside', 'over']) {
        try {
          g.throw(new Error(message));
        } catch (error) {
          print(nameOf(error));
        }
      }
    },
  },
  {
    title: 'close raises GeneratorExit at the yield: except and finally run',
    python: `
      def g():
          try: yield 1
          except GeneratorExit: print('except'); raise
          finally: print('finally')
      g = g(); next(g)
      g.close(); g.close()
      try: next(g)
      except StopIteration: print('over')`,
    prints: ['except', 'finally', 'over'],
    difference: 'it is JavaScript’s return: finally runs, and there is no error that a catch could swallow',
    libraryPrints: ['finally', 'over'],
    library: (print) => {
      const g = coroutine(function* () {
        try {
          yield 1;
        } catch (error) {
          print('except');
          throw error;
        } finally {
          print('finally');
        }
      });
      g.next();
      g.close();
      g.close();
      try {
        g.next();
      } catch (error) {
        if (error instanceof StopIteration) print('over');
      }
    },
  },
  {
    title: 'a generator that yields while it is closed is an error',
    python: `
      def g():
          try: yield 1
          finally: yield 2
      g = g(); next(g)
      try: g.close()
      except RuntimeError: print('refused')`,
    prints: ['refused'],
    library: (print) => {
      const g = coroutine(function* () {
        try {
          yield 1;
        } finally {
          yield 2;
        }
      });
      g.next();
      try {
        g.close();
      } catch {
        print('refused');
      }
    },
  },
  {
    title: 'a generator that is closed before it begins runs nothing',
    python: `
      def g():
          print('ran')
          yield
      g = g(); g.close()
      try: next(g)
      except StopIteration: print('over')`,
    prints: ['over'],
    library: (print) => {
      const g = coroutine(function* () {
        print('ran');
        yield;
      });
      g.close();
      try {
        g.next();
      } catch (error) {
        if (error instanceof StopIteration) print('over');
      }
    },
  },
  {
    title: 'a generator cannot be driven from inside of itself',
    python: `
      def f():
          try: next(g)
          except ValueError: print('refused')
          yield 1
      g = f(); print(next(g))`,
    prints: ['refused', '1'],
    library: (print) => {
      const g = coroutine(function* (): Generator<number, void, unknown> {
        try {
          g.next();
        } catch {
          print('refused');
        }
        yield 1;
      });
      print(String(g.next()));
    },
  },
  {
    title: 'leaving a for loop does not close the generator',
    python: `
      def f():
          yield 1
          yield 2
      g = f()
      for n in g: print(n); break
      for n in g: print(n)`,
    prints: ['1', '2'],
    library: (print) => {
      const g = coroutine(function* () {
        yield 1;
        yield 2;
      });
      for (const n of g) {
        print(String(n));
        break;
      }
      for (const n of g) print(String(n));
    },
  },
];

function* mean(): Generator<number | undefined, void, number> {
  let total = 0;
  let average: number | undefined;
  for (let count = 1; ; count++) {
    total += yield average;
    average = total / count;
  }
}

/** Python's spelling. */
const named = (yes: boolean): string => (yes ? 'True' : 'False');

/** Gives the value after so many ms, and prints it when there is something to print with. */
const after = <T>(ms: number, value: T, print?: (line: string) => void) =>
  function* () {
    yield* sleep(ms);
    print?.(String(value));
    return value;
  };

const failing = (ms: number, message: string) =>
  function* (): Generator<Future<void>, string, unknown> {
    yield* sleep(ms);
    throw new Error(message);
  };

/** Waits for long, and says so when it is cancelled. */
function* noticing(name: string, print: (line: string) => void) {
  try {
    yield* sleep(9000);
  } catch (error) {
    print(name);
    throw error;
  }
}

/** Waits for it and prints with what it failed. */
function* caught(future: Future, print: (line: string) => void) {
  try {
    yield* future;
  } catch (error) {
    print(nameOf(error) === 'CancelledError' ? 'cancelled' : nameOf(error));
  }
}
