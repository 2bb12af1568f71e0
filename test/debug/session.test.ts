import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, it } from 'mocha';
import { type SessionDriver, type Stopped, writtenSession } from './session-driver.ts';

const MS = 1_000_000;

/** `main` begins two workers, which take one lock after the other; a queue fills meanwhile. */
const LOCKED = `
  0 0 processBegin pid=100
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  ${MS} 0 resourceBegin creator=1 id=8 name="door" site="a.ts:2:3 call main | new Lock()" capacity=1 kind=lock bounded
  ${MS} 0 resourceBegin creator=1 id=9 name="orders" site="a.ts:3:3 call main | new Queue()" capacity=2 kind=queue bounded
  ${2 * MS} 0 activationBegin id=2 parent=1 name="worker" site="a.ts:10:1 function worker" kind=async-function
  ${2 * MS} 0 acquire by=2 resource=8 holder=2
  ${2 * MS} 0 wait id=2 site="a.ts:11:3 await! worker | door.acquire()" for=8 reason=lock
  ${3 * MS} 0 activationBegin id=3 parent=1 name="worker" site="a.ts:10:1 function worker" kind=async-function
  ${3 * MS} 0 wait id=3 site="a.ts:11:3 await! worker | door.acquire()" for=8 reason=lock
  ${4 * MS} 0 wait id=1 site="a.ts:5:3 await main | second" for=3 reason=task
  ${5 * MS} 0 run id=2
  ${6 * MS} 0 put by=2 resource=9 depth=1 serial=1
  ${7 * MS} 0 put by=2 resource=9 depth=2 serial=2
  ${8 * MS} 0 release by=2 resource=8 left=1
  ${8 * MS} 0 wake woken=3 waker=2 resource=8
  ${9 * MS} 0 activationEnd id=2 site="a.ts:13:3 return worker | done" outcome=ok
  ${9 * MS} 0 acquire by=3 resource=8 holder=3
  ${10 * MS} 0 run id=3 waker=2 resource=8
  ${11 * MS} 0 get by=3 resource=9 depth=1 serial=1
  ${12 * MS} 0 get by=3 resource=9 serial=2
  ${13 * MS} 0 activationEnd id=3 site="a.ts:13:3 return worker | done" outcome=error error="Error: no"
  ${13 * MS} 0 wake woken=1 waker=3
  ${14 * MS} 0 run id=1 waker=3
  ${15 * MS} 0 activationEnd id=1 outcome=ok
  ${15 * MS} 0 processEnd how=exit
`;
const MAIN = 1;
const FIRST = 2;
const SECOND = 3;

const open = async (
  text: string = LOCKED,
  launch: object = {},
  before?: (driver: SessionDriver) => Promise<unknown>,
): Promise<SessionDriver> => {
  const { driver } = writtenSession([text]);
  await driver.open({ recording: 'written', ...launch }, {}, before && (() => before(driver)));
  return driver;
};

const at = async (driver: SessionDriver): Promise<number> =>
  (await driver.request<{ timeNs: number }>('moment')).timeNs / MS;

const threadNames = async (driver: SessionDriver): Promise<string[]> =>
  (await driver.request<DebugProtocol.ThreadsResponse['body']>('threads')).threads.map(({ name }) => name);

const go = (driver: SessionDriver, ms: number): Promise<Stopped> =>
  driver.move('goToMoment', { time: `${ms} ms` });

describe('a debug session', () => {
  it('begins at the first line, at the last one, or at a time', async () => {
    assert.equal(await at(await open()), 0);
    assert.equal(await at(await open(LOCKED, { at: 'end' })), 15);
    assert.equal(await at(await open(LOCKED, { at: '5 ms' })), 5);
    await assert.rejects(open(LOCKED, { at: 'soon' }), /"at" is "start", "end" or a time/);
  });

  it('steps by the events of one task, in both directions', async () => {
    const driver = await open();
    const lines: number[] = [];
    for (const command of ['next', 'next', 'next', 'stepBack', 'stepBack']) {
      const { threadId } = await driver.move(command, { threadId: MAIN });
      assert.equal(threadId, MAIN);
      lines.push((await driver.stack(MAIN))[0]!.line);
    }
    assert.deepEqual(lines, [5, 5, 5, 5, 5]);
    assert.equal(await at(driver), 4);
    const back = await driver.move('stepBack', { threadId: MAIN });
    assert.equal((await driver.stack(back.threadId))[0]!.line, 1);
  });

  it('goes on with another task when one has ended, and says where the recording ends', async () => {
    const driver = await open(LOCKED, { at: '9 ms' });
    const next = await driver.move('next', { threadId: FIRST });
    assert.equal(next.threadId, SECOND);
    assert.equal(await at(driver), 10);
    await go(driver, 15);
    const last = await driver.move('next', { threadId: MAIN });
    assert.equal(last.description, 'End of the recording');
    await go(driver, 0);
    const first = await driver.move('stepBack', { threadId: MAIN });
    assert.equal(first.description, 'Beginning of the recording');
  });

  it('steps into who is awaited, and lists who is woken', async () => {
    const driver = await open(LOCKED, { at: '4 ms' });
    const into = await driver.move('stepIn', { threadId: MAIN });
    assert.equal(into.threadId, SECOND);
    await go(driver, 5);
    const [top] = await driver.stack(FIRST);
    const { targets } = await driver.request<DebugProtocol.StepInTargetsResponse['body']>('stepInTargets', {
      frameId: top!.id,
    });
    assert.deepEqual(
      targets.map(({ label }) => label),
      ['worker#2 (woken)'],
    );
    const chosen = await driver.move('stepIn', { threadId: FIRST, targetId: targets[0]!.id });
    assert.equal(chosen.threadId, SECOND);
    assert.equal(await at(driver), 10);
  });

  it('steps out of a wait, and out of a task to who awaited it', async () => {
    const driver = await open(LOCKED, { at: '3 ms' });
    await driver.move('stepOut', { threadId: SECOND });
    assert.equal(await at(driver), 10);
    const out = await driver.move('stepOut', { threadId: SECOND });
    assert.equal(out.threadId, MAIN);
    assert.equal(await at(driver), 14);
  });

  it('goes to the next switch of any task, back to the last, and to who woke a task', async () => {
    const driver = await open();
    assert.equal((await driver.move('nextSwitch', { threadId: MAIN })).threadId, FIRST);
    await driver.move('nextSwitch', { threadId: FIRST });
    assert.equal((await driver.move('previousSwitch', { threadId: SECOND })).threadId, FIRST);
    await go(driver, 10);
    assert.equal((await driver.move('toWaker', { threadId: SECOND })).threadId, FIRST);
    assert.equal(await at(driver), 5);
    await assert.rejects(driver.move('toWaker', { threadId: FIRST }), /no waker was recorded/);
  });

  it('shows what a task waits for, who has it, who waits for the task, and who began it', async () => {
    const driver = await open(LOCKED, { at: '4 ms' });
    const stack = await driver.stack(SECOND);
    assert.deepEqual(
      stack.map(({ name, line, presentationHint }) => `${presentationHint} ${name} ${line}`),
      [
        'normal worker#2 11',
        'label waits for lock door, which is at 0',
        'normal worker#1 11',
        'label awaited by main 0',
        'normal main 5',
        'label begun by 0',
        'subtle main 1',
      ],
    );
    const wait = await driver.scope(stack[0]!.id, 'Wait');
    assert.equal(wait.get('for')!.value, 'lock door');
    assert.equal(wait.get('since')!.value, '3.000 ms, for 1.0 ms now');
    assert.equal(wait.get('until')!.value, '8.000 ms');
    assert.equal(wait.get('ended by')!.value, 'worker#1');
    assert.equal(wait.get('who can end it')!.value, 'worker#1');
    assert.match(wait.get('why')!.value, /^worker#2 waited 5\.0 ms at a\.ts:11 for lock door/);
    const link = await driver.request<{ line: number }>('locations', {
      locationReference: wait.get('ended by')!.valueLocationReference,
    });
    assert.equal(link.line, 10);
    const locals = await driver.scope(stack[0]!.id, 'Locals');
    assert.match(locals.get('values')!.value, /^not recorded/);
  });

  it('names the timer that ended a wait, where no task did', async () => {
    const driver = await open(
      `
        0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
        ${MS} 0 resourceBegin creator=1 id=2 name="setTimeout 2 ms" kind=timer
        ${MS} 0 wait id=1 site="a.ts:2:3 await! main | sleep(2)" for=2 reason=timer
        ${3 * MS} 0 wake woken=1 resource=2
        ${3 * MS} 0 run id=1 resource=2
      `,
      { at: '1 ms' },
    );
    const [top] = await driver.stack(MAIN);
    assert.equal((await driver.scope(top!.id, 'Wait')).get('ended by')!.value, 'setTimeout 2 ms');
  });

  it('shows the shape of what a wait came back with, where that was recorded', async () => {
    const text = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      ${MS} 0 wait id=1 site="a.ts:2:3 await! main | fetch()" reason=future
      ${3 * MS} 0 value id=1 type="Array" size=3 unit=items
      ${3 * MS} 0 run id=1
      ${4 * MS} 0 wait id=1 site="a.ts:3:3 await! main | fetch()" reason=future
      ${5 * MS} 0 run id=1
    `;
    const driver = await open(text, { at: '1 ms' });
    const shown = async (): Promise<string | undefined> => {
      const [top] = await driver.stack(MAIN);
      return (await driver.scope(top!.id, 'Wait')).get('came back with')?.value;
    };
    assert.equal(await shown(), 'an Array of 3 items');
    await go(driver, 3);
    assert.equal(await shown(), 'an Array of 3 items');
    await go(driver, 4);
    assert.equal(await shown(), undefined);
    await go(driver, 5);
    assert.equal(await shown(), undefined);
  });

  it('knows the wait of a function that is awaited just after it has come to wait', async () => {
    const driver = await open(
      `
        0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
        ${MS} 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
        ${2 * MS} 0 wait id=2 site="a.ts:10:3 await! load | sleep(30)" reason=timer
        ${2 * MS + 500} 0 wait id=1 site="a.ts:3:3 await! main | load()" for=2 reason=task direct
        ${32 * MS} 0 run id=2
      `,
      { at: '2 ms' },
    );
    const [top] = await driver.stack(MAIN);
    assert.equal(top!.line, 10);
    const wait = await driver.scope(top!.id, 'Wait');
    assert.equal(wait.get('since')!.value, '2.000 ms, for 0 ns now');
    assert.equal(wait.get('until')!.value, '32.000 ms');
    assert.match(wait.get('why')!.value, /^main waited 30 ms at a\.ts:10/);
  });

  it('shows queues and locks as they were at the moment', async () => {
    const driver = await open(LOCKED, { at: '5 ms' });
    const shown = async (): Promise<string[]> => {
      const [top] = await driver.stack(SECOND);
      const all = await driver.scope(top!.id, 'Queues and locks');
      return [...all.values()].map(({ name, value }) => `${name}: ${value}`);
    };
    assert.deepEqual(await shown(), ['door: held by worker#1, 1 waits', 'orders: 0 of 2']);
    await go(driver, 9);
    const [top] = await driver.stack(SECOND);
    const orders = (await driver.scope(top!.id, 'Queues and locks')).get('orders')!;
    const parts = await driver.variables(orders.variablesReference);
    assert.equal(parts.get('depth')!.value, '2');
    assert.equal(parts.get('full')!.value, 'true');
    assert.equal(parts.get('oldest item')!.value, 'in it for 3.0 ms');
    await go(driver, 13);
    assert.deepEqual(await shown(), ['door: held by worker#2', 'orders: 0 of 2']);
  });

  it('answers names, functions and questions, and says that values are not recorded', async () => {
    const driver = await open(LOCKED, { at: '4 ms' });
    const asked = async (expression: string): Promise<string> =>
      (await driver.request<{ result: string }>('evaluate', { expression, context: 'watch' })).result;
    assert.equal(await asked('depth(orders)'), '0');
    assert.equal(await asked('holder(door)'), 'worker#1');
    assert.equal(await asked('waiters(door) == 1 && task == "main"'), 'true');
    assert.equal(await asked('worker#2'), 'waits for lock door at a.ts:11');
    assert.equal(await asked('door'), 'held by worker#1, 1 waits');
    assert.match(await asked('why()'), /^main waited 9\.0 ms at a\.ts:5 for task worker#2/);
    assert.match(await asked('why(worker#2)'), /^worker#2 /);
    assert.equal(await asked('time'), '4.000 ms');
    await assert.rejects(asked('total'), /values of the program are not recorded/);
    await assert.rejects(asked('depth(nothing)'), /there are door, orders/);
    await assert.rejects(asked('1 +'), /is no condition/);
  });

  it('goes to a time that is typed into the console, and nowhere from a hover', async () => {
    const driver = await open();
    await driver.move('evaluate', { expression: '8 ms', context: 'repl' });
    assert.equal(await at(driver), 5);
    await driver.request('evaluate', { expression: '12 ms', context: 'hover' });
    assert.equal(await at(driver), 5);
    await assert.rejects(
      driver.request('evaluate', { expression: 'go 8 s', context: 'repl' }),
      /ends at 15 ms/,
    );
  });

  it('offers each moment at which a task stood at a line', async () => {
    const driver = await open();
    const { targets } = await driver.request<DebugProtocol.GotoTargetsResponse['body']>('gotoTargets', {
      source: { path: '/work/a.ts' },
      line: 11,
    });
    const labels = targets.map(({ label }) => label);
    assert.deepEqual(labels, [
      'worker#1, 1st time, 2.000 ms',
      'worker#2, 1st time, 3.000 ms',
      'worker#1, 2nd time, 5.000 ms',
      'worker#2, 2nd time, 10.000 ms',
    ]);
    await driver.move('goto', { threadId: MAIN, targetId: targets[3]!.id });
    assert.equal(await at(driver), 10);
    const [top] = await driver.stack(SECOND);
    await driver.move('restartFrame', { frameId: top!.id });
    assert.equal(await at(driver), 3);
  });

  it('starts anew, and ends when it is asked to', async () => {
    const driver = await open(LOCKED, { at: 'end' });
    await go(driver, 3);
    const entry = await driver.move('restart', {});
    assert.equal(entry.reason, 'entry');
    assert.equal(await at(driver), 15);
    const terminated = driver.event('terminated');
    await driver.request('terminate');
    await terminated;
    await driver.request('disconnect');
    assert.equal(driver.hasEnded, true);
  });

  it('lists tasks by what they do, and says so where it lists groups', async () => {
    const driver = await open(LOCKED, { at: '4 ms' });
    assert.deepEqual(await threadNames(driver), [
      'main: waits at a.ts:5',
      'worker#2: waits at a.ts:11 for door',
      'worker#1: waits at a.ts:11 for door',
    ]);
  });
});

describe('a debug session over ten thousand tasks', () => {
  const lines = ['0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function'];
  lines.push('1 0 resourceBegin creator=1 id=2 name="door" capacity=1 kind=lock bounded');
  for (let i = 0; i < 10_000; i++) {
    const line = i % 100 === 0 ? 20 + i / 100 : 11;
    lines.push(
      `${2 * i + 2} 0 activationBegin id=${i + 10} parent=1 name="task" site="a.ts:10:1 function task" kind=async-function`,
      `${2 * i + 3} 0 wait id=${i + 10} site="a.ts:${line}:3 await! task | door.acquire()" for=2 reason=lock`,
    );
  }
  const text = `${lines.join('\n')}\n`;

  it('lists at most 40 threads, the one that is looked at first', async () => {
    const driver = await open(text, { at: 'end' });
    const names = await threadNames(driver);
    assert.equal(names.length, 40);
    assert.match(names.at(-1)!, /^… \d+ more$/);
    assert.match(names[0]!, /^task#10000: waits at a\.ts:11 for door$/);
    assert.ok(
      names.some((name) => /^9,\d{3} × waits at a\.ts:11 for door$/.test(name)),
      names.join('\n'),
    );
  });

  it('has no frames for a group, and steps the task that is looked at', async () => {
    const driver = await open(text, { at: 'end' });
    const { threads } = await driver.request<DebugProtocol.ThreadsResponse['body']>('threads');
    const group = threads.find(({ name }) => name.includes('×'))!;
    assert.deepEqual(await driver.stack(group.id), []);
    const back = await driver.move('stepBack', { threadId: group.id });
    assert.match((await driver.stack(back.threadId))[0]!.name, /^task#10000$/);
  });
});
