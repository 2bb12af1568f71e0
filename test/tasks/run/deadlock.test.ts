/** Waits that nothing can end, in programs of their own, which have nothing left to do. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import {
  Condition,
  DeadlockError,
  Future,
  gather,
  Lock,
  Queue,
  race,
  run,
  Semaphore,
  shield,
  sleep,
  spawn,
  timeout,
} from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

const LIBRARY = new URL('../../../runtime/index.js', import.meta.url).href;

function runProgram(text: string): { status: number | null; stderr: string } {
  const program = `import { Event, Future, gather, Lock, Queue, run, Semaphore, sleep, spawn } from ${JSON.stringify(LIBRARY)};
const left = new Lock({ name: 'left' }); const right = new Lock({ name: 'right' });
async function a() {
  const one = await left.acquire();
  await sleep(1);
  const two = await right.acquire();
}
function* b() {
  const one = yield* right.acquire();
  yield* sleep(1);
  const two = yield* left.acquire();
}
${text}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

const RING =
  /deadlock: task "a" holds lock "left" \(\S+:4:\d+\) and waits for acquire\(\) of lock "right" \(\S+:6:\d+\); task "b" holds lock "right" \(\S+:9:\d+\) and waits for acquire\(\) of lock "left" \(\S+:11:\d+\)/;

describe('When nothing is left to do', () => {
  it('a ring of tasks is told with what each holds and waits for, and the lines', () => {
    const { status, stderr } = runProgram('await run(async () => { await gather([a, b]); });');
    assert.match(stderr, RING);
    assert.equal(stderr.match(/deadlock: /g)?.length, 1);
    assert.equal(status, 13);
  });

  it('so it is outside a run, and where nobody awaits it', () => {
    const { status, stderr } = runProgram('spawn(a); spawn(b);');
    assert.match(stderr, RING);
    assert.equal(status, 13);
  });

  it('a run that cannot end is told, with what each task waits for', () => {
    const { status, stderr } = runProgram(
      "const orders = new Queue({ name: 'orders' });\nrun(async function main() {\n  await spawn(async function worker() { await orders.get(); });\n});",
    );
    assert.match(
      stderr,
      /nothing can end these waits:\n {2}task "main", made at \S+:14:\d+, waits for task "worker"/,
    );
    assert.match(
      stderr,
      /\n {2}task "worker", made at \S+:15:\d+, waits for get\(\) of queue "orders" \(\S+:15:\d+\)/,
    );
    assert.equal(status, 13);
  });

  it('a task that was abandoned by all but its promise is told', () => {
    const { stderr } = runProgram('await run(async function main() { await new Promise(() => {}); });');
    assert.match(stderr, /task "main", made at \S+, waits for something that is not of this library/);
  });

  it('who holds what is waited for is named, also where it is no ring', () => {
    const { stderr } = runProgram(
      "const tables = new Semaphore(1, { name: 'tables' });\nawait run(async () => {\n  const guest = spawn(async function guest() { await tables.acquire(); await new Event().wait(); });\n  await sleep(0);\n  await gather([guest, async function waits() { await tables.acquire(); }]);\n});",
    );
    assert.match(
      stderr,
      /task "waits", made at \S+, waits for acquire\(\) of semaphore "tables" \(\S+:17:\d+\), held by task "guest" \(\S+:15:\d+\)/,
    );
  });

  it('a worker at an empty queue that nobody waits for is no fault', () => {
    const { status, stderr } = runProgram(
      'const orders = new Queue(); orders.putNow(1);\nspawn(async () => { for await (const order of orders) order; });',
    );
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('a producer outside a full queue that nobody reads is told, though nobody waits for it', () => {
    const { status, stderr } = runProgram(
      "const orders = new Queue({ capacity: 1, name: 'orders' });\nspawn(async function producer() {\n  for (let i = 0; i < 3; i++) await orders.put(i);\n});",
    );
    assert.match(
      stderr,
      /nothing can end these waits:\n {2}task "producer", made at \S+:14:\d+, waits for put\(\) into queue "orders" \(\S+:15:\d+\)/,
    );
    assert.equal(status, 13);
  });

  it('a producer whose items all found room is no fault', () => {
    const { status, stderr } = runProgram(
      'const orders = new Queue({ capacity: 3 });\nspawn(async () => { for (let i = 0; i < 3; i++) await orders.put(i); });',
    );
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('a wait for a lock that a task has taken with it to its end is told, though nobody waits for it', () => {
    const { status, stderr } = runProgram(
      "const till = new Lock({ name: 'till' });\nspawn(async function keeps() { await till.acquire(); });\nspawn(async function waits() { await till.acquire(); });",
    );
    assert.match(
      stderr,
      /task "waits", made at \S+:15:\d+, waits for acquire\(\) of lock "till" \(\S+:15:\d+\), held by task "keeps" \(\S+:14:\d+\)/,
    );
    assert.equal(status, 13);
  });

  it('workers that share permits and wait for items are no fault', () => {
    const { status, stderr } = runProgram(
      'const both = new Semaphore(1); const orders = new Queue();\nfor (let i = 0; i < 2; i++) both.with(async () => { for await (const order of orders) order; });',
    );
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('a task that was cancelled where nothing can interrupt it is told as that', () => {
    const { status, stderr } = runProgram(
      'await run(async () => {\n  const slow = spawn(async function slow() { await new Promise(() => {}); });\n  await sleep(1);\n  slow.cancel();\n  await slow;\n});',
    );
    assert.match(
      stderr,
      /task "slow", made at \S+:14:\d+, was cancelled and has not ended: it stands at an await that nothing can interrupt \(await until\(promise\) can be\)/,
    );
    assert.equal(status, 13);
  });

  it('a program that goes on in virtual time is none', () => {
    const { status, stderr } = runProgram(
      "await run(async () => { await sleep(1e6); }, { clock: 'virtual' });",
    );
    assert.deepEqual([status, stderr], [0, '']);
  });
});

describe('In a run that looks for deadlocks', () => {
  const locks = () => [new Lock({ name: 'left' }), new Lock({ name: 'right' })] as const;
  const takeBoth = (first: Lock, second: Lock) => async (): Promise<void> => {
    using one = await first.acquire();
    await sleep(1);
    using other = await second.acquire();
    assert.notEqual(one, other);
  };

  it('the wait that closes the ring fails, and the others go on', async () => {
    const [left, right] = locks();
    const ends = await run(
      async () => gather([takeBoth(left, right), takeBoth(right, left)], { returnErrors: true }),
      { deadlock: 'throw' },
    );
    assert.deepEqual([ends[0], (ends[1] as Error).name], [undefined, 'DeadlockError']);
    assert.deepEqual([left.isLocked, right.isLocked], [false, false]);
  });

  it('it is told at once, and goes on', async () => {
    const [left, right] = locks();
    const warnings = await warningsOf(async () => {
      await run(
        async () => {
          const both = gather([takeBoth(left, right), takeBoth(right, left)]);
          await sleep(5);
          both.cancel();
          await both.catch(() => {});
        },
        { deadlock: 'warn', clock: 'virtual' },
      );
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['SIMUL_DEADLOCK'],
    );
  });

  it('nothing is one that others can still end', async () => {
    const [left, right] = locks();
    const tables = new Semaphore(2);
    const warnings = await warningsOf(async () => {
      await run(
        async () => {
          // A time limit ends the ring; a race has another way; a semaphore has another permit.
          await timeout(5, gather([takeBoth(left, right), takeBoth(right, left)])).catch(() => {});
          const slow = spawn(async () => sleep(2));
          const racer: Future = spawn(async () => race([shield(itself()), slow]));
          const itself = (): Future => racer;
          await racer;
          await gather(
            Array.from({ length: 6 }, () => async () => {
              using table = await tables.acquire();
              await sleep(1);
              assert.ok(table.isHeld);
            }),
          );
          const condition = new Condition();
          const waits = condition.lock.with(async () => condition.wait());
          await sleep(1);
          await condition.lock.with(() => condition.notify());
          await waits;
        },
        { deadlock: 'throw' },
      );
    });
    assert.deepEqual(
      warnings.filter(({ text }) => !text.includes('took longer')),
      [],
    );
  });

  it('is refused at the call with another way', () => {
    assert.throws(
      () => run(() => 1, { deadlock: 'ask' as never }),
      new TypeError('the deadlock of run() must be "warn" or "throw", or be left out, not "ask"'),
    );
    assert.equal(new DeadlockError('x').name, 'DeadlockError');
  });
});

describe('console.log shows', () => {
  it('the name of a task, its state, and what it waits for', async () => {
    await run(async () => {
      const orders = new Queue({ name: 'orders' });
      const cook = spawn(async () => orders.get(), { name: 'cook' });
      assert.equal(inspect(cook), 'Task "cook" (ready)');
      await sleep(0);
      assert.equal(inspect(cook), 'Task "cook" (waiting for get() of queue "orders")');
      orders.putNow('soup');
      await cook;
      assert.equal(inspect(cook), 'Task "cook" (done: \'soup\')');
      const burnt = spawn(async () => Promise.reject(new Error('burnt')), { name: 'burnt' });
      await burnt.catch(() => {});
      assert.equal(inspect(burnt), 'Task "burnt" (failed: burnt)');
      assert.equal(JSON.stringify({ burnt }), '{"burnt":"Task \\"burnt\\" (failed: burnt)"}');
      assert.equal(inspect(new Future()), 'Future (pending)');
      assert.equal(inspect(orders.get()), 'Future get() of queue "orders" (pending)');
    });
  });
});
