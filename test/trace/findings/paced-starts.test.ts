import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;

interface Run {
  readonly fromMs: number;
  readonly tookMs: number;
}

/** `main` waits for the calls of `queue`; the runs of `load` descend from it. */
function program(runs: readonly Run[], { parent = 1 } = {}): string {
  const endMs = Math.max(...runs.map(({ fromMs, tookMs }) => fromMs + tookMs));
  const lines: [ms: number, record: string][] = [
    [0, 'activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function'],
    [0, 'activationBegin id=2 name="other" site="a.ts:2:1 function other" kind=async-function'],
    [0, 'wait id=2 reason=io site="a.ts:3:3 await other | read()"'],
    [0, 'resourceBegin id=9 site="a.ts:4:9 await main | queue.add(load)" name="queue" kind=foreign'],
    [0, 'wait id=1 for=9 reason=future site="a.ts:4:9 await main | queue.add(load)"'],
  ];
  runs.forEach(({ fromMs, tookMs }, i) => {
    const site = 'site="a.ts:9:1 function load"';
    lines.push([
      fromMs,
      `activationBegin id=${10 + i} parent=${parent} name="load" ${site} kind=async-function`,
    ]);
    lines.push([fromMs, `wait id=${10 + i} reason=io site="a.ts:10:3 await load | read()"`]);
    lines.push([fromMs + tookMs, `run id=${10 + i} waker=external`]);
    lines.push([fromMs + tookMs, `activationEnd id=${10 + i}`]);
  });
  lines.push([endMs, 'run id=1']);
  lines.push([endMs, 'activationEnd id=1']);
  return lines
    .map(([ms, record], i) => ({ ms, record, i }))
    .sort((a, b) => a.ms - b.ms || a.i - b.i)
    .map(({ ms, record }) => `${Math.round(ms * MS)} 0 ${record}`)
    .join('\n');
}

const paced = (text: string): string[] => findingsOf(text).filter((line) => line.includes(' each '));
const each = (count: number, runOf: (i: number) => Run): Run[] =>
  Array.from({ length: count }, (_, i) => runOf(i));

describe('runs that a limiter begins at a pace', () => {
  it('are told with the pace and what a run takes', () => {
    const [found = ''] = paced(program(each(10, (i) => ({ fromMs: 200 * i + 1, tookMs: 60 }))));
    match(
      found,
      /^info one-by-one: `queue\.add\(load\)` \(a\.ts:4\) began one run of load \(a\.ts:9\) each 200 ms, though a run took 60 ms, while main waited: 10 runs, 1\.80 s of 1\.86 s\./,
    );
  });

  it('may be several at once, and the pace may be a little off', () => {
    const runs = each(24, (i) => ({ fromMs: 250 * Math.floor(i / 3) + (i % 3) + (i % 5), tookMs: 40 }));
    match(paced(program(runs))[0] ?? '', / began 3 runs of load .* each 2\d\d ms/);
  });

  it('are none where each begins when another has ended, or all of the time one goes on', () => {
    deepEqual(paced(program(each(10, (i) => ({ fromMs: 60 * i, tookMs: 59 })))), []);
    deepEqual(paced(program(each(10, (i) => ({ fromMs: 100 * i, tookMs: 230 })))), []);
  });

  it('are none where they come as they come, or from elsewhere', () => {
    deepEqual(paced(program(each(10, (i) => ({ fromMs: 37 * i * i, tookMs: 10 })))), []);
    const runs = each(10, (i) => ({ fromMs: 200 * i + 1, tookMs: 60 }));
    deepEqual(paced(program(runs, { parent: 2 })), []);
  });
});
