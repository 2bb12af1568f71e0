import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const CLIENTS = 8;
const TURN_MS = 30;

type Line = readonly [ms: number, record: string];

const toText = (lines: readonly Line[]): string =>
  lines
    .map(([ms, record], i) => ({ ms, record, i }))
    .sort((a, b) => a.ms - b.ms || a.i - b.i)
    .map(({ ms, record }) => `${Math.round(ms * MS)} 0 ${record}`)
    .join('\n');

const begin = (id: number, name: string, more = ''): string =>
  `activationBegin id=${id} ${more} name="${name}" kind=async-function`;

/**
 * Clients that get through the await at a.ts:4 one after another and then work for a turn.
 * @param wakerOf the task that ends the wait of client `i`; null: a timer
 */
function handedOn(
  wakerOf: (i: number) => number | null,
  { atOnce = 1, where = 'site="a.ts:4:3 await Lock.run | before"' } = {},
): string {
  const lines: Line[] = [[0, 'resourceBegin id=99 name="setTimeout 1 ms" kind=timer']];
  for (let i = 0; i < CLIENTS * atOnce; i++) {
    const id = 10 + i;
    const throughMs = Math.floor(i / atOnce) * TURN_MS + (i % atOnce) / 10;
    const waker = i < atOnce ? null : wakerOf(i);
    const wake = waker === null ? 'resource=99' : `waker=${waker}`;
    lines.push(
      [0, begin(id, 'client')],
      [0, `wait id=${id} ${where} reason=future`],
      [throughMs, `wake woken=${id} ${wake}`],
      [throughMs, `run id=${id} ${wake}`],
      [throughMs, `wait id=${id} site="a.ts:6:5 await client | work()" reason=io`],
      [throughMs + TURN_MS, `run id=${id} resource=99`],
      [throughMs + TURN_MS + 0.05, `activationEnd id=${id}`],
    );
  }
  return toText(lines);
}

/** Clients that give `save` away, of which one begins when the one before has ended. */
function givenAway(saves: (i: number) => readonly number[]): string {
  const lines: Line[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    const [id, save] = [10 + i, 30 + i];
    const [beganMs, endedMs] = saves(i) as [number, number];
    lines.push(
      [0, begin(id, 'client')],
      [0, `wait id=${id} site="a.ts:9:3 await client | serial(save)" reason=future`],
      [beganMs, `activationBegin id=${save} parent=${id} name="serial callback" kind=promise-callback`],
      [beganMs, `wait id=${save} site="a.ts:12:5 await save | write()" reason=io`],
      [endedMs, `run id=${save}`],
      [endedMs, `activationEnd id=${save}`],
      [endedMs, `wake woken=${id} waker=${save}`],
      [endedMs, `run id=${id} waker=${save}`],
      [endedMs, `activationEnd id=${id}`],
    );
  }
  return toText(lines);
}

const convoys = (text: string): string[] =>
  findingsOf(text).filter((line) => line.includes(' lock-convoy: '));

describe('a lock convoy', () => {
  it('is told where each is let through by the one before, with what a turn takes', () => {
    deepEqual(convoys(handedOn((i) => 10 + i - 1)), [
      'warning lock-convoy: `await before` (a.ts:4) let one through at a time, and 6 calls stood in line there, ' +
        '3.9 at once on average, for 210 ms of the 240 ms of the run. ' +
        'A turn took 30 ms on average, most of it waiting for `work()` (a.ts:6). ' +
        'What need not be alone can stand outside, or go on beside the others.',
    ]);
  });

  it('is told of the object that they ask, as a name', () => {
    const lock =
      'resourceBegin id=7 site="a.ts:4:3 await client | mutex.acquire()" name="mutex" kind=foreign';
    const where = 'site="a.ts:4:3 await client | mutex.acquire()" for=7';
    match(
      convoys(`0 0 ${lock}\n${handedOn((i) => 10 + i - 1, { where })}`)[0] ?? '',
      /: `mutex` \(asked at a\.ts:4\) let one through at a time, and 6 calls stood in line there/,
    );
  });

  it('is told with the line where they stood in line, not where one asked before', () => {
    const lock = 'resourceBegin id=7 site="a.ts:2:3 await main | mutex.acquire()" name="mutex" kind=foreign';
    const where = 'site="a.ts:4:3 await client | mutex.acquire()" for=7';
    const before = [
      `0 0 ${lock}`,
      `0 0 ${begin(5, 'main')}`,
      `0 0 wait id=5 site="a.ts:2:3 await main | mutex.acquire()" for=7 reason=future`,
      `0 0 run id=5`,
      `0 0 wait id=5 site="a.ts:3:3 await main | all" reason=io`,
    ];
    match(
      convoys(`${before.join('\n')}\n${handedOn((i) => 10 + i - 1, { where })}`)[0] ?? '',
      /`mutex` \(asked at a\.ts:4\) .* waiting for `work\(\)` \(a\.ts:6\)\./,
    );
  });

  it('names the await of the function that has its turn, and the one below it', () => {
    const lines: Line[] = [];
    for (let i = 0; i < CLIENTS; i++) {
      const [id, save, send] = [10 + i, 30 + i, 50 + i];
      const [from, to] = [i * TURN_MS, (i + 1) * TURN_MS];
      lines.push(
        [0, begin(id, 'client')],
        [0, `wait id=${id} site="a.ts:9:3 await client | serial(save)" reason=future`],
        [from, `activationBegin id=${save} parent=${id} name="save" kind=async-function`],
        [from, `activationBegin id=${send} parent=${save} name="send" kind=async-function`],
        [from, `wait id=${send} site="a.ts:20:5 await! send | write()" reason=io`],
        [from, `wait id=${save} for=${send} direct site="a.ts:12:5 await! save | send(x)" reason=task`],
        [to, `run id=${send}`],
        [to, `activationEnd id=${send}`],
        [to, `run id=${save} waker=${send}`],
        [to, `activationEnd id=${save}`],
        [to, `wake woken=${id} waker=${save}`],
        [to, `run id=${id} waker=${save}`],
        [to, `activationEnd id=${id}`],
      );
    }
    match(
      convoys(toText(lines))[0] ?? '',
      /most of it waiting for `send\(x\)` \(a\.ts:12\), there for `write\(\)` \(a\.ts:20\)\./,
    );
  });

  it('is told where what each gives away begins when that of another has ended', () => {
    match(
      convoys(givenAway((i) => [i * TURN_MS, (i + 1) * TURN_MS]))[0] ?? '',
      /: `serial` \(called at a\.ts:9\) let one through at a time, and 8 calls stood in line there, 4\.0 at once on average, for 210 ms of the 240 ms/,
    );
  });

  it('is information where several have their turn at once', () => {
    match(
      convoys(handedOn((i) => 10 + i - 3, { atOnce: 3 }))[0] ?? '',
      /^info lock-convoy: .* let 3\.0 through at once, and 18 calls/,
    );
  });

  it('is none where a timer lets them through, or one task lets all through', () => {
    deepEqual(convoys(handedOn(() => null)), []);
    deepEqual(convoys(handedOn(() => 10)), []);
  });

  it('is none where what was given away goes on side by side, or waits for the world first', () => {
    deepEqual(convoys(givenAway((i) => [100 + i, 200 + i])), []);
    deepEqual(convoys(givenAway((i) => [(i + 1) * TURN_MS, (i + 1) * TURN_MS + 1])), []);
  });

  it('is none where records are missing in between', () => {
    const lines = handedOn((i) => 10 + i - 1).split('\n');
    const withLoss = lines.flatMap((line) =>
      line.includes('wake ') ? [`${line.split(' ')[0]} 0 lost count=1`, line] : [line],
    );
    deepEqual(convoys(withLoss.join('\n')), []);
  });
});
