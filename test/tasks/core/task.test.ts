import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, Future, gather, run, sleep, spawn, type Task } from '../../../runtime/index.ts';

/** It ended by being cancelled. */
function cancelled(task: Task): void {
  assert.equal(task.state, 'cancelled');
  assert.ok(task.error instanceof CancelledError);
}

const loopTurn = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe('Task', () => {
  it('begins in a step of its own, in the order of creation', async () => {
    const order: string[] = [];
    await run(function* () {
      const tasks = ['a', 'b', 'c'].map((name) =>
        spawn(function* () {
          order.push(name);
        }),
      );
      order.push('made');
      assert.equal(tasks[0]!.state, 'ready');
      for (const task of tasks) yield* task;
    });
    assert.deepEqual(order, ['made', 'a', 'b', 'c']);
  });

  it('takes turns with the others at each yield', async () => {
    const order: string[] = [];
    await run(function* () {
      const tasks = ['a', 'b'].map((name) =>
        spawn(function* () {
          for (let n = 1; n <= 3; n++) {
            order.push(`${name}${n}`);
            yield;
          }
        }),
      );
      for (const task of tasks) yield* task;
    });
    assert.deepEqual(order, ['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });

  it('is made of coroutine functions, coroutines, async functions and plain functions', async () => {
    await run(function* () {
      assert.equal(
        yield* spawn(function* () {
          return 1;
        }),
        1,
      );
      assert.equal(
        yield* spawn(
          (function* () {
            return 2;
          })(),
        ),
        2,
      );
      assert.equal(yield* spawn(async () => 3), 3);
      assert.equal(yield* spawn(() => 4), 4);
      assert.equal(yield* spawn(() => Future.done(5)), 5);
      assert.equal(yield* spawn(() => sleep(1, 6)), 6);
    });
  });

  it('reports its state at each point of its life', async () => {
    const states: string[] = [];
    await run(function* () {
      const gate = new Future();
      const task: Task = spawn(function* () {
        states.push(task.state);
        yield* gate;
      });
      states.push(task.state);
      yield;
      states.push(task.state);
      gate.resolve(undefined);
      yield* task;
      states.push(task.state);
      const waiting: Task = spawn(async () => {
        states.push(waiting.state);
        await new Future();
      });
      yield;
      states.push(waiting.state);
      waiting.cancel();
      yield* sleep(0);
    });
    assert.deepEqual(states, ['ready', 'running', 'waiting', 'done', 'running', 'waiting']);
  });

  it('fails with the error of its body as the same object, in every form', async () => {
    const error = new SyntaxError('mine');
    const bodies = [
      function* () {
        throw error;
      },
      function* () {
        yield;
        throw error;
      },
      async () => {
        throw error;
      },
      async () => {
        await sleep(0);
        throw error;
      },
      () => {
        throw error;
      },
      () => Future.failed(error),
    ];
    for (const body of bodies) {
      await assert.rejects(
        run(function* () {
          yield* spawn(body as () => unknown);
        }),
        (thrown) => thrown === error,
      );
    }
  });

  it('throws what a yielded future failed with at the yield, where it can be caught', async () => {
    const error = new Error('lost');
    const got = await run(function* () {
      try {
        yield Promise.reject(error);
      } catch (caught) {
        return caught;
      }
      return null;
    });
    assert.equal(got, error);
  });

  it('names what was yielded when that cannot be waited for', async () => {
    function* inner() {
      yield;
    }
    const rows: [unknown, RegExp][] = [
      [3, /task "main" yielded 3; a coroutine yields a future, a promise or nothing/],
      [inner(), /yielded a coroutine; .* To call another coroutine, write yield\*/],
      [inner, /yielded the function inner;/],
      [{}, /yielded an object \(Object\);/],
    ];
    for (const [value, message] of rows) {
      await assert.rejects(
        run(function* main() {
          yield value as undefined;
        }),
        (error) => error instanceof TypeError && message.test(error.message),
      );
    }
  });

  it('has a name: the given one, its function’s, or its number', async () => {
    await run(function* () {
      function* cook() {}
      assert.equal(spawn(cook).name, 'cook');
      assert.equal(spawn(cook, { name: 'the cook' }).name, 'the cook');
      const nameless = spawn((() => function* () {})());
      assert.equal(nameless.name, `task-${nameless.id}`);
      nameless.name = 'renamed';
      assert.equal(nameless.describe(), 'task "renamed"');
      for (let turn = 0; turn < 2; turn++) yield;
    });
  });
});

describe('cancelling a task', () => {
  it('that has not begun: its body never runs', async () => {
    let ran = false;
    await run(function* () {
      const tasks = [
        spawn(function* () {
          ran = true;
        }),
        spawn(async () => {
          ran = true;
        }),
      ];
      for (const task of tasks) assert.equal(task.cancel(), true);
      yield* sleep(0);
      tasks.forEach((task) => cancelled(task as Task));
    });
    assert.equal(ran, false);
  });

  it('that has a coroutine which has not begun closes it', async () => {
    await run(function* () {
      const body = (function* () {
        yield;
      })();
      const task = spawn(body);
      task.cancel();
      yield* sleep(0);
      cancelled(task as Task);
      assert.deepEqual(body.next(), { done: true, value: undefined });
    });
  });

  it('that is ready: at the place where it gave the thread away', async () => {
    const order: string[] = [];
    await run(function* () {
      const task = spawn(function* () {
        try {
          order.push('before');
          yield;
          order.push('never');
        } finally {
          order.push('clean-up');
        }
      });
      yield;
      task.cancel('enough');
      yield* sleep(0);
      cancelled(task as Task);
      assert.equal((task.error as CancelledError).reason, 'enough');
    });
    assert.deepEqual(order, ['before', 'clean-up']);
  });

  it('that runs (it cancels itself): at its next wait', async () => {
    const order: string[] = [];
    await run(function* () {
      const inCoroutine: Task<void> = spawn(function* () {
        inCoroutine.cancel();
        order.push('goes on');
        yield* new Future();
        order.push('never');
      });
      const inAsync: Task<void> = spawn(async () => {
        inAsync.cancel();
        order.push('goes on');
        await new Future();
        order.push('never');
      });
      yield* sleep(0);
      yield loopTurn();
      cancelled(inCoroutine as Task);
      cancelled(inAsync as Task);
    });
    assert.deepEqual(order, ['goes on', 'goes on']);
  });

  it('that is an async function which then awaits a settled future: at that await', async () => {
    await run(function* () {
      const task: Task<void> = spawn(async () => {
        task.cancel();
        await Future.done('there');
        assert.fail('it goes on');
      });
      yield loopTurn();
      cancelled(task as Task);
    });
  });

  it('that waits for a future: cancels the future', async () => {
    await run(function* () {
      for (const isAsync of [false, true]) {
        const future = new Future();
        const task = isAsync
          ? spawn(async () => void (await future))
          : spawn(function* () {
              yield* future;
            });
        yield;
        task.cancel('enough');
        yield loopTurn();
        cancelled(task as Task);
        assert.equal(future.state, 'cancelled');
      }
    });
  });

  it('that waits for a task: cancels that task, and so on to the innermost', async () => {
    const order: string[] = [];
    await run(function* () {
      const nested = (depth: number): Task<void> =>
        spawn(function* () {
          try {
            if (depth > 0) yield* nested(depth - 1);
            else yield* sleep(60_000);
          } finally {
            order.push(`clean-up ${depth}`);
          }
        });
      const outer = nested(2);
      for (let turn = 0; turn < 4; turn++) yield;
      outer.cancel();
      yield loopTurn();
      cancelled(outer as Task);
    });
    assert.deepEqual(order, ['clean-up 0', 'clean-up 1', 'clean-up 2']);
  });

  it('that waits for a promise of somebody else’s: gives up the wait at once', async () => {
    await run(function* () {
      const never = new Promise<void>(() => {});
      const task = spawn(function* () {
        yield never;
      });
      yield;
      task.cancel();
      yield* sleep(0);
      cancelled(task as Task);
    });
  });

  it('that is an async function behind an await of a promise: at its next wait for a future', async () => {
    let reached = '';
    await run(function* () {
      let open = (): void => {};
      const gate = new Promise<void>((done) => (open = done));
      const task = spawn(async () => {
        await gate;
        reached = 'goes on';
        await sleep(60_000);
        reached = 'never';
      });
      yield;
      task.cancel();
      open();
      yield loopTurn();
      cancelled(task as Task);
    });
    assert.equal(reached, 'goes on');
  });

  it('that is an async function which awaits another async function: in that one', async () => {
    const order: string[] = [];
    await run(function* () {
      async function inner(): Promise<void> {
        await sleep(0);
        await sleep(1);
      }
      const task = spawn(async () => {
        await inner();
        await inner();
        order.push('behind two');
        try {
          await sleep(60_000);
        } finally {
          order.push('clean-up');
        }
      });
      while (order.length === 0) yield* sleep(1);
      task.cancel();
      yield loopTurn();
      cancelled(task as Task);
    });
    assert.deepEqual(order, ['behind two', 'clean-up']);
  });

  it('that waits for several at once (Promise.all): all of them', async () => {
    await run(function* () {
      const futures = [new Future(), new Future(), new Future()];
      const task = spawn(async () => void (await Promise.all(futures)));
      yield loopTurn();
      assert.equal(task.state, 'waiting');
      task.cancel();
      yield loopTurn();
      cancelled(task as Task);
      assert.deepEqual(
        futures.map((future) => future.state),
        ['cancelled', 'cancelled', 'cancelled'],
      );
    });
  });

  it('that goes on after one of several waits: the waits that are left', async () => {
    await run(function* () {
      const [first, second] = [new Future<void>(), new Future<void>()];
      const task = spawn(async () => void (await Promise.all([first, second])));
      yield loopTurn();
      second.resolve();
      yield loopTurn();
      task.cancel();
      yield loopTurn();
      cancelled(task as Task);
      assert.equal(first.state, 'cancelled');
    });
  });

  it('twice, before it has run: the clean-up runs once', async () => {
    let cleanUps = 0;
    await run(function* () {
      const task = spawn(function* () {
        try {
          yield* new Future();
        } finally {
          cleanUps++;
        }
      });
      yield;
      assert.equal(task.cancel('first'), true);
      task.cancel('second');
      yield* sleep(0);
      cancelled(task as Task);
      assert.equal(task.cancel('third'), false);
    });
    assert.equal(cleanUps, 1);
  });

  it('lets clean-up wait, and a second cancellation ends that wait', async () => {
    const order: string[] = [];
    await run(function* () {
      const cleaning = new Future();
      const body = function* (name: string) {
        try {
          yield* new Future();
        } finally {
          order.push(`${name} cleans up`);
          yield* cleaning;
          order.push(`${name} is clean`);
        }
      };
      const patient = spawn(body('patient'));
      yield;
      patient.cancel();
      yield;
      assert.equal(patient.state, 'waiting');
      cleaning.resolve(undefined);
      yield* sleep(0);
      cancelled(patient as Task);
    });
    assert.deepEqual(order, ['patient cleans up', 'patient is clean']);
  });

  it('that goes on after all: its result counts', async () => {
    await run(function* () {
      const stubborn = spawn(function* () {
        try {
          yield* new Future();
        } catch {
          return 'went on';
        }
        return 'not cancelled';
      });
      yield;
      stubborn.cancel();
      assert.equal(yield* stubborn, 'went on');
    });
  });

  it('whose clean-up throws: it fails with that error', async () => {
    const error = new Error('in clean-up');
    await run(function* () {
      const task = spawn(function* () {
        try {
          yield* new Future();
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- this is what is tested
          throw error;
        }
      });
      yield;
      task.cancel();
      yield* sleep(0);
      assert.equal(task.state, 'failed');
      assert.equal(task.error, error);
    });
  });

  it('after its future was settled and before it runs: the cancellation wins, and the future learns of it', async () => {
    class Told extends Future<string> {
      untold: unknown = null;
      override onUntaken(error: CancelledError): void {
        this.untold = error;
      }
    }
    await run(function* () {
      for (const isAsync of [false, true]) {
        const future = new Told();
        const task = isAsync
          ? spawn(async () => void (await future))
          : spawn(function* () {
              yield* future;
            });
        yield loopTurn();
        future.resolve('there');
        task.cancel();
        yield loopTurn();
        cancelled(task as Task);
        assert.equal(future.untold, task.error);
      }
    });
  });

  it('whose function returned a future of the library: cancels that future', async () => {
    await run(function* () {
      const future = new Future();
      const task = spawn(() => future);
      yield;
      task.cancel();
      yield* sleep(0);
      cancelled(task as Task);
      assert.equal(future.state, 'cancelled');
    });
  });

  it('aborts its signal with the cancellation, whenever the signal is asked for', async () => {
    await run(function* () {
      const task = spawn(function* () {
        yield* new Future();
      });
      const { signal } = task;
      yield;
      assert.equal(signal.aborted, false);
      task.cancel('stop');
      assert.equal(signal.aborted, true);
      assert.ok(signal.reason instanceof CancelledError);
      yield* sleep(0);
      const late = spawn(function* () {
        yield* new Future();
      });
      yield;
      late.cancel();
      assert.equal(late.signal.aborted, true);
      yield* sleep(0);
      assert.equal(late.signal.aborted, true);
    });
  });
});

describe('a task that waits for itself', () => {
  it('gets an error where it waits, in a coroutine, an async function and as its function’s result', async () => {
    await run(function* () {
      const bodies: ((self: () => Task) => () => unknown)[] = [
        (self) =>
          function* own() {
            yield* self();
          },
        (self) =>
          async function own() {
            await self();
          },
        (self) =>
          async function own() {
            await sleep(1);
            await Promise.all([self(), sleep(1)]);
          },
        (self) =>
          function own() {
            return self();
          },
      ];
      for (const bodyOf of bodies) {
        const task: Task = spawn(bodyOf(() => task) as () => unknown);
        const error = yield* task.then(null, (reason: unknown) => reason);
        assert.deepEqual(error, new Error('task "own" cannot wait for itself'));
      }
    });
  });

  it('may have a callback for its own end', async () => {
    await run(async function main() {
      const said: string[] = [];
      const task: Task = spawn(async () => {
        void task.then((result) => said.push(String(result)));
        await sleep(1);
        return 'done';
      });
      await task;
      await sleep(0);
      assert.deepEqual(said, ['done']);
    });
  });
});

describe('tasks that wait for each other', () => {
  for (const kind of ['coroutines', 'async functions']) {
    it(`end when one of them is cancelled: ${kind}`, async () => {
      await run(
        function* () {
          const tasks: Task[] = [];
          const waitsFor = (at: number) =>
            kind === 'coroutines'
              ? function* () {
                  yield* sleep(1);
                  yield* tasks[at]!;
                }
              : async () => {
                  await sleep(1);
                  await tasks[at];
                };
          for (const at of [1, 2, 0]) tasks.push(spawn(waitsFor(at) as () => unknown));
          yield* sleep(2);
          tasks[1]!.cancel();
          yield* sleep(1);
          for (const task of tasks) cancelled(task);
        },
        { clock: 'virtual' },
      );
    });
  }

  it('are cleaned up by their run', async () => {
    const log: string[] = [];
    await run(
      async () => {
        const tasks: Task[] = [];
        for (const at of [1, 0])
          tasks.push(
            spawn(async () => {
              try {
                await sleep(1);
                await gather([tasks[at]!, () => sleep(1)]);
              } finally {
                log.push(`${at} is over`);
              }
            }),
          );
        await sleep(5);
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(log.sort(), ['0 is over', '1 is over']);
  });
});
