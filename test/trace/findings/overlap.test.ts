import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;

/**
 * An interval of 20 ms begins `tick`, which waits so long; three runs. Guarded, a later one sees
 * that the first goes on.
 */
function ticks(runMs: number, { note = '(shared-state)', isGuarded = false } = {}): string {
  const records: [ms: number, record: string][] = [
    [0, 'resourceBegin id=9 site="a.ts:8:1 line <module>" name="setInterval 20 ms" kind=timer'],
  ];
  for (const i of [0, 1, 2]) {
    const [callback, tick] = [10 + i, 20 + i];
    records.push(
      [20 * i, `activationBegin id=${callback} of=9 name="tick" kind=timer-callback`],
      [
        20 * i,
        `activationBegin id=${tick} parent=${callback} site="a.ts:2:1 function${note} tick" name="tick" kind=async-function`,
      ],
    );
    const wait: [number, string] = [20 * i, `wait id=${tick} reason=io`];
    const end = `activationEnd id=${tick}`;
    if (isGuarded && i > 0) records.push([20 * i, end], [20 * i, `activationEnd id=${callback}`]);
    else
      records.push(
        wait,
        [20 * i, `activationEnd id=${callback}`],
        [20 * i + runMs, `run id=${tick}`],
        [20 * i + runMs, end],
      );
  }
  return records
    .sort(([a], [b]) => a - b)
    .map(([ms, record]) => `${ms * MS} 0 ${record}`)
    .join('\n');
}

describe('an interval that overlaps itself', () => {
  it('is found, with how many runs went on at once and how long one took', () => {
    assert.deepEqual(findingsOf(ticks(50)), [
      'warning overlap: tick was begun by setInterval 20 ms (a.ts:8) while 1 to 2 earlier runs of it still went on, ' +
        '2 of 3 times: a run took up to 50 ms, and its runs change the same things. ' +
        'Leave a run out while the former goes on, or set the next timer at its end.',
    ]);
  });

  it('is information where nothing says that its runs share anything', () => {
    assert.match(
      findingsOf(ticks(50, { note: '' }))[0] ?? '',
      /^info overlap: .* a run took up to 50 ms\. Leave/,
    );
  });

  it('is none where each run ends before the next', () => {
    assert.deepEqual(findingsOf(ticks(15)), []);
  });

  it('is none where a run sees that another goes on, and ends at once', () => {
    assert.deepEqual(findingsOf(ticks(50, { isGuarded: true })), []);
  });
});
