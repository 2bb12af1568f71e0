import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, it } from 'mocha';
import { type SessionDriver, writtenSession } from './session-driver.ts';

const MS = 1_000_000;
/** Three turns of a consumer and of a producer over a queue for one item; the producer fails. */
const QUEUE = `
  0 0 processBegin pid=100
  0 0 resourceBegin id=9 name="orders" site="a.ts:3:3 call main | new Queue()" capacity=1 kind=queue bounded
  0 0 activationBegin id=1 name="consumer" site="a.ts:1:1 function consumer" kind=async-function
  ${MS} 0 wait id=1 site="a.ts:2:3 await! consumer | orders.get()" for=9 reason=queue-get
  ${MS} 0 activationBegin id=2 name="producer" site="a.ts:10:1 function producer" kind=async-function
  ${[0, 10, 20]
    .map(
      (from) => `
  ${(from + 2) * MS} 0 put by=2 resource=9 depth=1 serial=${from}
  ${(from + 2) * MS} 0 wait id=2 site="a.ts:11:3 await! producer | orders.put(item)" for=9 reason=queue-put
  ${(from + 3) * MS} 0 wake woken=1 waker=2 resource=9
  ${(from + 4) * MS} 0 run id=1 waker=2 resource=9
  ${(from + 5) * MS} 0 get by=1 resource=9 serial=${from}
  ${(from + 6) * MS} 0 wait id=1 site="a.ts:2:3 await! consumer | orders.get()" for=9 reason=queue-get
  ${(from + 6) * MS} 0 wake woken=2 waker=1 resource=9
  ${(from + 7) * MS} 0 run id=2 waker=1 resource=9`,
    )
    .join('')}
  ${40 * MS} 0 activationEnd id=2 site="a.ts:13:3 line producer" outcome=error error="Error: no more"
  ${40 * MS} 0 cancel target=1 by=2
  ${41 * MS} 0 activationEnd id=1 outcome=cancelled canceller=2
  ${50 * MS} 0 processEnd how=exit
`;
const SOURCE = { path: '/work/a.ts' };
const CONSUMER = 1;

type Set = { breakpoints: DebugProtocol.Breakpoint[] };

const open = async (launch: object = {}): Promise<SessionDriver> => {
  const { driver } = writtenSession([QUEUE]);
  await driver.open({ recording: 'written', ...launch });
  return driver;
};

/** The times in ms at which the session stops on its way, and the text of each stop. */
async function stops(driver: SessionDriver, command: 'continue' | 'reverseContinue'): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const stopped = await driver.move(command, { threadId: CONSUMER });
    if (stopped.reason === 'pause') return seen;
    const { timeNs } = await driver.request<{ timeNs: number }>('moment');
    seen.push(`${timeNs / MS} ${stopped.reason}`);
  }
}

describe('breakpoints of a debug session', () => {
  it('stop at each moment at which a task is at the line, the same ones in both directions', async () => {
    const driver = await open();
    const { breakpoints } = await driver.request<Set>('setBreakpoints', {
      source: SOURCE,
      breakpoints: [{ line: 11 }, { line: 12 }],
    });
    assert.deepEqual(
      breakpoints.map(({ verified, message }) => [verified, message]),
      [
        [true, undefined],
        [false, 'nothing was recorded at this line; the nearest are 3, 10, 11, 13'],
      ],
    );
    const there = await stops(driver, 'continue');
    assert.deepEqual(
      there,
      [2, 7, 12, 17, 22, 27].map((t) => `${t} breakpoint`),
    );
    assert.deepEqual(await stops(driver, 'reverseContinue'), there.toReversed());
  });

  it('are offered at the lines with sites alone', async () => {
    const driver = await open();
    const { breakpoints } = await driver.request<{ breakpoints: { line: number }[] }>('breakpointLocations', {
      source: SOURCE,
      line: 1,
      endLine: 12,
    });
    assert.deepEqual(
      breakpoints.map(({ line }) => line),
      [1, 2, 3, 10, 11],
    );
  });

  it('stop under a condition, at a count, and say log messages', async () => {
    const driver = await open();
    const set = (breakpoint: object): Promise<Set> =>
      driver.request<Set>('setBreakpoints', { source: SOURCE, breakpoints: [{ line: 11, ...breakpoint }] });
    await set({ condition: 'event == "suspend" && time > 10ms' });
    assert.deepEqual(await stops(driver, 'continue'), ['12 breakpoint', '22 breakpoint']);
    await set({ hitCondition: '3' });
    assert.deepEqual(await stops(driver, 'reverseContinue'), ['12 breakpoint']);
    assert.deepEqual(await stops(driver, 'continue'), ['12 breakpoint']);
    await set({ condition: 'wait >= 5ms', hitCondition: '% 2' });
    assert.equal((await stops(driver, 'reverseContinue')).length, 0);
    await set({ logMessage: '{task} at {line}: depth {depth(orders)}', condition: 'event == "suspend"' });
    assert.deepEqual(await stops(driver, 'continue'), []);
    const said = driver.events.flatMap(({ event, body }) =>
      event === 'output' && (body as { category: string }).category === 'stdout'
        ? [(body as { output: string }).output]
        : [],
    );
    assert.deepEqual(
      said,
      Array.from({ length: 3 }, () => 'producer at 11: depth 1\n'),
    );
    const { breakpoints } = await set({ condition: 'task ~' });
    assert.match(breakpoints[0]!.message!, /a value was expected, and its end was found/);
  });

  it('stop where a task or function of a name begins', async () => {
    const driver = await open();
    const { breakpoints } = await driver.request<Set>('setFunctionBreakpoints', {
      breakpoints: [{ name: 'producer' }, { name: 'nobody' }],
    });
    assert.deepEqual(
      breakpoints.map(({ verified }) => verified),
      [true, false],
    );
    assert.deepEqual(await stops(driver, 'continue'), ['1 function breakpoint']);
  });

  it('stop at what happens to a queue, with the line where the record of the await tells it', async () => {
    const driver = await open();
    const [top] = await driver.stack(CONSUMER);
    const orders = (await driver.scope(top!.id, 'Queues and locks')).get('orders')!;
    const info = await driver.request<{ dataId: string; description: string }>('dataBreakpointInfo', {
      variablesReference: orders.variablesReference,
      name: 'full',
    });
    assert.equal(info.dataId, 'full:0');
    await driver.request('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId }] });
    const full = await driver.move('continue', { threadId: CONSUMER });
    assert.equal(full.reason, 'data breakpoint');
    assert.equal((await driver.stack(full.threadId))[0]!.line, 11);
    assert.equal((await stops(driver, 'continue')).length, 2);
    await driver.request('setDataBreakpoints', {
      breakpoints: [{ dataId: 'depth:0', condition: 'level == 0' }],
    });
    assert.deepEqual(
      await stops(driver, 'reverseContinue'),
      [25, 15, 5].map((t) => `${t} data breakpoint`),
    );
    const { breakpoints } = await driver.request<Set>('setDataBreakpoints', {
      breakpoints: [{ dataId: 'x:0' }],
    });
    assert.equal(breakpoints[0]!.verified, false);
    const none = await driver.request<{ dataId: null; description: string }>('dataBreakpointInfo', {
      name: 'x',
    });
    assert.equal(none.dataId, null);
    assert.match(none.description, /there are orders/);
  });

  for (const [filter, expected] of [
    ['queue-full', ['2', '12', '22']],
    ['queue-empty', ['5', '15', '25']],
    ['failed', ['40']],
    ['cancelled', ['41']],
  ] as const)
    it(`stop at the event ${filter}`, async () => {
      const driver = await open();
      await driver.request('setExceptionBreakpoints', { filters: [filter] });
      assert.deepEqual(
        await stops(driver, 'continue'),
        expected.map((t) => `${t} exception`),
      );
      const [, last] = [await stops(driver, 'reverseContinue'), driver.events.at(-1)];
      assert.equal((last!.body as { description: string }).description, 'Beginning of the recording');
    });

  it('stop at an event under a condition', async () => {
    const driver = await open();
    const { breakpoints } = await driver.request<Set>('setExceptionBreakpoints', {
      filters: [],
      filterOptions: [{ filterId: 'queue-full', condition: 'time > 20ms' }, { filterId: 'nothing' }],
    });
    assert.deepEqual(
      breakpoints.map(({ verified }) => verified),
      [true, false],
    );
    assert.deepEqual(await stops(driver, 'continue'), ['22 exception']);
  });
});
