import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1e6;
/** Four calls of 50 ms, each given away at one line and asked for at another, in a pool of 4. */
function records({
  workers = 4,
  note = '(in-loop)',
  cpuUs = 100,
  allFirst = false,
}: { workers?: number; note?: string; cpuUs?: number; allFirst?: boolean } = {}): string {
  const lines = [
    '0 0 processBegin pid=7 language=python method=program',
    '0 0 activationBegin id=1 name="main" kind=main',
    `0 0 resourceBegin creator=1 id=2 name="pool" capacity=${workers} kind=pool bounded site="a.py:2:1 call main"`,
  ];
  const begins = [10, 11, 12, 13].map((id, i) => {
    const t = allFirst ? 1 : 1 + i * 50 * MS;
    return [t, `${t} 0 activationBegin id=${id} parent=1 name="size" of=2 kind=chunk ready`] as const;
  });
  if (allFirst) lines.push(...begins.map(([, line]) => line));
  begins.forEach(([, begin], i) => {
    const [from, to] = [2 + i * 50 * MS, (i + 1) * 50 * MS];
    const id = 10 + i;
    if (!allFirst) lines.push(begin);
    lines.push(
      `${from} 0 wait id=1 site="a.py:5:9 call${note} main" for=${id} reason=task`,
      `${from} 1 run id=${id}`,
      `${to - 1} 1 activationEnd id=${id} cpuUs=${cpuUs} outcome=ok`,
      `${to} 0 run id=1 waker=${id} resource=${id} waker=known`,
    );
  });
  return [...lines, `${200 * MS + 2} 0 activationEnd id=1 outcome=ok`].join('\n');
}

const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('one-by-one'));

describe('results that a loop asks for, each before it gives the next call away', () => {
  it('are found, with what they would take in all workers', () => {
    assert.deepEqual(found(records()), [
      'warning one-by-one: main waited for 4 results of `size` from pool pool one after another, each asked for ' +
        'before the next call was given away (a.py:5): 200 ms of 200 ms; together they would take 50 ms. ' +
        'No turn of the loop uses what an earlier one gave: give all calls away first, then ask for the results, or use `map`.',
    ]);
    assert.match(found(records({ workers: 2 })).join(), /together they would take 100 ms/);
    assert.match(
      found(records({ note: '(effect-in-loop)' })).join(),
      /^info .*If the order does not matter, give all/,
    );
  });

  it('are none in a pool of one, where all were given away first, or one needs the other', () => {
    assert.deepEqual(found(records({ workers: 1 })), []);
    assert.deepEqual(found(records({ allFirst: true })), []);
    assert.deepEqual(found(records({ note: '' })), []);
  });

  it('are none where the threads computed all the while: only one of them can', () => {
    assert.deepEqual(found(records({ cpuUs: 49_900 })), []);
  });
});
