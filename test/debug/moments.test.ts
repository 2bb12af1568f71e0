/** What the adapter tells of each moment, and what the editor's views ask it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hashLine } from '../../runtime/trace/format/hash.ts';
import type { MomentNotice, MomentView } from '../../runtime/trace/messages/moment.ts';
import { type SessionDriver, type Stopped, writtenSession } from './session-driver.ts';

const MS = 1_000_000;

const RECORDS = `
  0 0 processBegin pid=100
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  ${MS} 0 resourceBegin creator=1 id=8 name="door" site="a.ts:2:3 call main | new Lock()" capacity=1 kind=lock bounded
  ${2 * MS} 0 activationBegin id=2 parent=1 name="worker" site="a.ts:10:1 function worker" kind=async-function
  ${2 * MS} 0 acquire by=2 resource=8 holder=2
  ${2 * MS} 0 wait id=2 site="a.ts:11:3 await worker | tick()" reason=timer
  ${3 * MS} 0 activationBegin id=3 parent=1 name="worker" site="a.ts:10:1 function worker" kind=async-function
  ${3 * MS} 0 wait id=3 site="a.ts:12:3 await! worker | door.acquire()" for=8 reason=lock
  ${4 * MS} 0 wait id=1 site="a.ts:5:3 await main | second" for=3 reason=task
  ${5 * MS} 0 run id=2
  ${8 * MS} 0 release by=2 resource=8 left=1
  ${8 * MS} 0 wake woken=3 waker=2 resource=8
  ${9 * MS} 0 activationEnd id=2 site="a.ts:13:3 return worker | done" outcome=ok
  ${9 * MS} 0 acquire by=3 resource=8 holder=3
  ${10 * MS} 0 run id=3 waker=2 resource=8
  ${13 * MS} 0 activationEnd id=3 site="a.ts:13:3 return worker | done" outcome=ok
  ${13 * MS} 0 wake woken=1 waker=3
  ${14 * MS} 0 run id=1 waker=3
  ${15 * MS} 0 activationEnd id=1 outcome=ok
  ${15 * MS} 0 processEnd how=exit
`;
const LINES = Array.from({ length: 14 }, (_, i) => `// line ${i + 1}`);
const OPTIONS = {
  sources: { '/work/a.ts': LINES.join('\n') },
  hashes: new Map(LINES.map((line, i) => [i + 1, hashLine(line)])),
};

async function open(): Promise<SessionDriver> {
  const { driver } = writtenSession([RECORDS], { ...OPTIONS, tellsMoments: true });
  await driver.open({ recording: 'written' });
  return driver;
}

const go = (driver: SessionDriver, ms: number, more: object = {}): Promise<Stopped> =>
  driver.move('goToMoment', { time: `${ms} ms`, ...more });

const told = (driver: SessionDriver): MomentNotice =>
  driver.events.findLast(({ event }) => event === 'simulMoment')!.body as MomentNotice;

describe('a moment that is replayed', () => {
  it('is told with its line, and with the lines at which others wait', async () => {
    const driver = await open();
    await go(driver, 5);
    const { timeNs, task, here, waits } = told(driver);
    assert.deepEqual([timeNs, task], [5 * MS, '0:2']);
    assert.deepEqual([here!.path, here!.line], ['/work/a.ts', 11]);
    assert.deepEqual(waits.map(({ line, words }) => `${line} ${words}`).sort(), [
      '12 worker#2 waits here',
      '5 main waits here',
    ]);
  });

  it('is told after its stop, so that the editor knows the stop first', async () => {
    const driver = await open();
    const names = driver.events.map(({ event }) => event);
    assert.equal(names.indexOf('simulMoment'), names.indexOf('stopped') + 1);
  });

  it('is told with what a program that still runs is to stop at, too', async () => {
    const driver = await open();
    const live = (): unknown => driver.events.findLast(({ event }) => event === 'simulLiveStops')?.body;
    await driver.request('setExceptionBreakpoints', {
      filters: ['deadlock', 'lock-taken'],
      filterOptions: [{ filterId: 'failed' }, { filterId: 'cancelled', condition: 'task ~ "worker"' }],
    });
    assert.deepEqual(live(), { events: ['lock-taken', 'failed'], resources: [] });
    const { dataId } = await driver.request<{ dataId: string }>('dataBreakpointInfo', { name: 'door' });
    const breakpoints = [
      { dataId },
      { dataId: 'holders:0', condition: 'level == 0' },
      { dataId: 'waiters:0', logMessage: 'waits' },
      { dataId: 'full:99' },
    ];
    await driver.request('setDataBreakpoints', { breakpoints });
    assert.deepEqual(live(), {
      events: ['lock-taken', 'failed'],
      resources: [{ pid: 100, id: 8, change: 'depth' }],
    });
    await driver.request('setDataBreakpoints', { breakpoints: [] });
    await driver.request('setExceptionBreakpoints', { filters: [] });
    assert.deepEqual(live(), { events: [], resources: [] });
  });

  it('is told to nobody who has not asked for it', async () => {
    const { driver } = writtenSession([RECORDS]);
    await driver.open({ recording: 'written' });
    await driver.request('setExceptionBreakpoints', { filters: ['failed'] });
    assert.equal(
      driver.events.some(({ event }) => event === 'simulMoment' || event === 'simulLiveStops'),
      false,
    );
  });

  it('shows every task and who has what, as it was then', async () => {
    const driver = await open();
    await go(driver, 5);
    const then = await driver.request<MomentView>('view');
    const [main] = then.tasks;
    assert.equal(main!.words, 'waits for task worker#2');
    assert.deepEqual(
      main!.children.map(({ name, state }) => `${name} ${state}`),
      ['worker#1 run', 'worker#2 wait'],
    );
    assert.deepEqual(
      then.resources.map(({ name, words, holders }) => `${name} ${words} ${holders[0]?.name}`),
      ['door held, 1 task waits worker#1'],
    );
    await go(driver, 10);
    const later = await driver.request<MomentView>('view');
    assert.equal(later.resources[0]!.holders[0]!.name, 'worker#2');
    assert.equal(later.living, 2);
  });

  it('can be looked at as another task sees it, and stays the same moment', async () => {
    const driver = await open();
    await go(driver, 5);
    const stopped = await go(driver, 5, { task: '0:3' });
    assert.equal((await driver.stack(stopped.threadId))[0]!.line, 12);
    assert.deepEqual([told(driver).timeNs, told(driver).task], [5 * MS, '0:3']);
    // Who is looked at is none of the others.
    assert.deepEqual(
      told(driver).waits.map(({ line }) => line),
      [5],
    );
    await assert.rejects(go(driver, 5, { task: '0:99' }), /no task "0:99"/);
  });

  it('leaves the focus where it is, if that is asked for', async () => {
    const driver = await open();
    assert.equal((await go(driver, 5, { preserveFocus: true })).preserveFocusHint, true);
    assert.equal((await go(driver, 6)).preserveFocusHint, undefined);
  });
});

describe('events to stop at, beside those of the editor’s own list', () => {
  it('stop the session, and do so no more when they are taken back', async () => {
    const driver = await open();
    await driver.request('breakOn', { filters: ['lock-taken'] });
    const stopped = await driver.move('continue', { threadId: 1 });
    assert.match(stopped.text!, /^lock-taken: /);
    // The editor's own list is another one.
    await driver.request('setExceptionBreakpoints', { filters: [] });
    assert.match((await driver.move('continue', { threadId: 1 })).text!, /^lock-taken: /);
    await driver.request('breakOn', { filters: [] });
    assert.match((await driver.move('reverseContinue', { threadId: 1 })).text!, /^Beginning/);
  });

  it('are refused by name where there are none such', async () => {
    const driver = await open();
    await assert.rejects(driver.request('breakOn', { filters: ['noon'] }), /no rule or event "noon"/);
  });
});
