import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;

/** One call of `load` in `page`, awaited at once: task `id` waits for a timer from `fromMs` on. */
const call = (
  id: number,
  fromMs: number,
  ms: number,
  { at = '4:9', note = 'in-loop', wait = 'reason=timer', waker = 'resource=90 waker=external' } = {},
): string => `
  ${fromMs * MS} 0 activationBegin id=${id} parent=1 name="load" kind=async-function
  ${fromMs * MS} 0 wait id=${id} ${wait} for=90 site="a.ts:9:3 await load | delay(1)"
  ${fromMs * MS} 0 wait id=1 for=${id} direct reason=task site="a.ts:${at} await!(${note}) page | load(i)"
  ${(fromMs + ms) * MS} 0 run id=${id} ${waker}
  ${(fromMs + ms) * MS} 0 activationEnd id=${id}
  ${(fromMs + ms) * MS} 0 run id=1`;

const begin = `
  0 0 resourceBegin id=90 name="setTimeout 40 ms" kind=timer
  0 0 activationBegin id=1 name="page" site="a.ts:2:1 function page" kind=async-function`;

const oneByOne = (text: string): string[] => findingsOf(text).filter((words) => words.includes('one-by-one'));

describe('awaits that wait one after another', () => {
  const turns = [0, 1, 2].map((i) => call(10 + i, 40 * i, 40)).join('');

  it('are found in a loop, with what they would take together', () => {
    assert.deepEqual(
      oneByOne(`${begin} ${turns}
${120 * MS} 0 activationEnd id=1`),
      [
        'warning one-by-one: page awaited 3 calls of `load` one after another (a.ts:4): 120 ms of 120 ms; ' +
          'together they would take 40 ms. No turn of the loop uses what an earlier one gave: begin all, then await Promise.all.',
      ],
    );
  });

  it('name the function once, also where its caller awaits it at once', () => {
    const [first, ...others] = turns.trim().split('\n');
    const [words] = oneByOne(`
      0 0 resourceBegin id=90 name="setTimeout 40 ms" kind=timer
      0 0 activationBegin id=2 name="<module>" site="a.ts:1:1 function <module>" kind=module
      0 0 activationBegin id=1 parent=2 name="page" site="a.ts:2:1 function page" kind=async-function
      ${first}
      ${others.slice(0, 2).join('\n')}
      0 0 wait id=2 for=1 direct reason=task site="a.ts:20:1 await! <module> | page()"
      ${others.slice(2).join('\n')}
      ${120 * MS} 0 activationEnd id=1
      ${120 * MS} 0 run id=2
      ${121 * MS} 0 activationEnd id=2`);
    assert.match(words!, /: page awaited 3 calls of `load` one after another/);
  });

  it('are nothing to tell of where one run of many took long, and are where each does', () => {
    /** Run `n` of `page`, a second after the one before: three turns of so many ms. */
    const run = (n: number, ms: number): string => {
      const [page, at] = [1000 + n, 1000 * n];
      const calls = [0, 1, 2].map((i) => call(10 * page + i, at + ms * i, ms)).join('');
      return `
        ${at * MS} 0 activationBegin id=${page} name="page" site="a.ts:2:1 function page" kind=async-function
        ${calls
          .replaceAll('parent=1 ', `parent=${page} `)
          .replaceAll(' id=1 ', ` id=${page} `)
          .replaceAll(/ id=1$/gm, ` id=${page}`)}
        ${(at + 3 * ms) * MS} 0 activationEnd id=${page}`;
    };
    const runs = (msOf: (n: number) => number): string => {
      const resource = '0 0 resourceBegin id=90 name="setTimeout 40 ms" kind=timer';
      return resource + Array.from({ length: 30 }, (_, n) => run(n, msOf(n))).join('');
    };
    assert.deepEqual(oneByOne(runs((n) => (n === 7 ? 100 : 1))), []);
    assert.match(oneByOne(runs(() => 40))[0]!, /: 120 ms of 120 ms; .* \(and so 29 times more\)/);
  });

  it('are information where they are made for their effect', () => {
    const [words = ''] = oneByOne(begin + turns.replaceAll('in-loop', 'effect-in-loop'));
    assert.match(words, /^info one-by-one: .* If the order does not matter/);
  });

  it('take together as long as the longest turn of the loop', () => {
    const turn = (i: number): string =>
      call(10 + i, 100 * i, 40) + call(20 + i, 100 * i + 40, 60, { at: '5:9' });
    const [words = ''] = oneByOne(begin + turn(0) + turn(1) + turn(2));
    assert.match(
      words,
      /6 calls of `load` one after another \(a\.ts:4–5\): 300 ms of 300 ms; together they would take 100 ms/,
    );
  });

  it('are found one below the other, where a later one needs nothing of the earlier', () => {
    const first = call(10, 0, 40, { note: 'begins-series' });
    const second = call(11, 40, 30, { at: '5:9', note: 'dependent' });
    const third = call(12, 70, 60, { at: '6:9', note: 'independent' });
    const [words = ''] = oneByOne(begin + first + second + third);
    assert.match(
      words,
      /\(a\.ts:4–6\): 130 ms of 130 ms; together they would take 70 ms\. `load` needs nothing/,
    );
  });

  it('are none where they took little of the task, or would gain little', () => {
    assert.deepEqual(
      oneByOne(`${begin} ${turns}
${900 * MS} 0 activationEnd id=1`),
      [],
    );
    assert.deepEqual(oneByOne(begin + call(10, 0, 100) + call(11, 100, 5)), []);
  });

  it('are none where something else is awaited in between', () => {
    const other = { at: '5:9', note: '' };
    const calls = [0, 1, 2].map((i) => call(10 + i, 80 * i, 40) + call(20 + i, 80 * i + 40, 40, other));
    assert.deepEqual(oneByOne(begin + calls.join('').replaceAll('await!()', 'await!')), []);
  });

  it('are none where one waited for a lock, or was let go by another task', () => {
    const lock = call(12, 80, 40, { wait: 'reason=lock' });
    assert.deepEqual(oneByOne(begin + call(10, 0, 40) + call(11, 40, 40) + lock), []);
    const other = `
0 0 activationBegin id=2 name="producer" kind=async-function ready`;
    const handed = call(12, 80, 40, { wait: 'reason=future', waker: 'waker=known waker=2' });
    assert.deepEqual(oneByOne(begin + other + call(10, 0, 40) + call(11, 40, 40) + handed), []);
  });

  it('are none where several tasks of one origin are at it at once', () => {
    const worker = (id: number): string => `
      0 0 activationBegin id=${id} parent=1 name="worker" site="a.ts:3:1 function worker" kind=async-function
      0 0 wait id=${id} reason=timer for=90 site="a.ts:4:9 await!(in-loop) worker | load(i)"`;
    const next = (id: number, ms: number): string => `
      ${ms * MS} 0 run id=${id}
      ${ms * MS} 0 wait id=${id} reason=timer for=90 site="a.ts:4:9 await!(in-loop) worker | load(i)"`;
    const all = [2, 3].map(worker).join('') + [40, 80, 120].map((ms) => next(2, ms) + next(3, ms)).join('');
    assert.deepEqual(oneByOne(begin + all), []);
    const alone = worker(2) + [40, 80, 120].map((ms) => next(2, ms)).join('');
    assert.equal(oneByOne(begin + alone).length, 1);
  });
});
