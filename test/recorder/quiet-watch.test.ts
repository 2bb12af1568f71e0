import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QuietWatch } from '../../runtime/recorder/quiet-watch.ts';

const MS = 1_000_000n;

/** The times (ms) at which it asks, of rounds at the given times that moved so many records. */
function asks(rounds: readonly (readonly [ms: number, moved: number])[]): number[] {
  const watch = new QuietWatch(0n, 100);
  return rounds.filter(([ms, moved]) => watch.shouldAsk(moved, BigInt(ms) * MS)).map(([ms]) => ms);
}
const every = (step: number, until: number, moved: number, from = step): [number, number][] =>
  Array.from({ length: (until - from) / step + 1 }, (_, i) => [from + i * step, moved]);

describe('when the helper thread asks what keeps the process alive', () => {
  it('is after a second of silence, and once more a second later', () => {
    assert.deepEqual(asks(every(100, 9000, 0)), [1000, 2000]);
  });

  it('is anew when something has happened', () => {
    assert.deepEqual(
      asks([...every(100, 3000, 0), [3100, 5], ...every(100, 6000, 0, 3200)]),
      [1000, 2000, 4100, 5100],
    );
  });

  it('is not brought about by the answer', () => {
    const answered = [...every(100, 1000, 0), [1050, 7], ...every(100, 2000, 0, 1100)] as const;
    assert.deepEqual(asks([...answered, [2050, 7], ...every(100, 9000, 0, 2100)]), [1000, 2000]);
  });

  it('is ever more seldom where little happens without end', () => {
    const times = asks(every(250, 200_000, 3));
    assert.ok(times.length < 12, times.join());
    assert.ok(times.length > 4, times.join());
  });

  it('is not while much happens', () => {
    assert.deepEqual(asks(every(100, 9000, 500)), []);
  });
});
