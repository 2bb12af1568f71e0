import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { SpanLog } from '../../../runtime/trace/columns/span-log.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { AwaitLog } from '../../../runtime/trace/graph/await-log.ts';
import { awaitsInSeries } from '../../../runtime/trace/graph/awaits-in-series.ts';
import { type Change, type Gain, gainOf } from '../../../runtime/trace/graph/gain.ts';
import { LinkedAnswers } from '../../../runtime/trace/graph/linked-answers.ts';
import { replayNodes } from '../../../runtime/trace/graph/replay-nodes.ts';
import { replay } from '../../../runtime/trace/graph/replay.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { tree } from '../../machine/tree.ts';
import { timed } from '../../support/timed-golden.ts';

function folded(text: string) {
  const trace = new Trace();
  const spans = new SpanLog(trace);
  const awaits = new AwaitLog(trace);
  new Fold([spans, awaits], trace).feed(0, fromText(text));
  assert.deepEqual(trace.problems, []);
  return { trace, spans, awaits, answers: new LinkedAnswers(trace) };
}

/** @param text with times in µs. @returns a gain in µs */
function gainIn(text: string, change: (of: ReturnType<typeof folded>) => Change): Gain {
  const source = folded(text.replace(/^ *\d+/gm, (us) => `${us}000`));
  const { replayedNs, changedNs, gainNs } = gainOf(source, change(source))!;
  return { replayedNs: replayedNs / 1000, changedNs: changedNs / 1000, gainNs: gainNs / 1000 };
}

const sitesAt = ({ trace }: ReturnType<typeof folded>, ...lines: readonly number[]): Set<number> =>
  new Set(trace.sites.filter(({ line }) => lines.includes(line)).map(({ index }) => index));

const together =
  (...lines: readonly number[]) =>
  (of: ReturnType<typeof folded>): Change => ({
    kind: 'together',
    ...awaitsInSeries(of, of.awaits, sitesAt(of, ...lines))!,
  });

/** `main` waits for a timer of so many µs at each of these lines, and runs for so long after it. */
function timers(waits: readonly (readonly [line: number, us: number])[], runUs: number): string {
  const lines = ['0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function'];
  let t = 100;
  waits.forEach(([line, us], i) => {
    const [timer, callback] = [100 + i, 200 + i];
    lines.push(
      `${t} 0 resourceBegin creator=1 id=${timer} name="timer" kind=timer`,
      `${t} 0 wait id=1 site="a.ts:${line}:3 await main | later()" for=${timer} reason=timer`,
      `${t + us} 0 activationBegin id=${callback} parent=1 of=${timer} name="callback" kind=timer-callback`,
      `${t + us} 0 wake woken=1 waker=${callback} resource=${timer}`,
      `${t + us} 0 activationEnd id=${callback} outcome=ok`,
      `${t + us} 0 run id=1 waker=${callback} resource=${timer}`,
    );
    t += us + runUs;
  });
  return [...lines, `${t} 0 activationEnd id=1 outcome=ok`].join('\n');
}

describe('the gain of a change', () => {
  it('of awaits together is what the longest of them does not take', () => {
    const text = timers([[3, 1000], [4, 3000], [5, 2000]], 10); // prettier-ignore
    assert.deepEqual(gainIn(text, together(3, 4, 5)), { replayedNs: 6130, changedNs: 3130, gainNs: 3000 });
    assert.equal(gainIn(text, together(4, 5)).gainNs, 2000);
  });

  it('of a loop takes each round as one part', () => {
    const text = timers([[3, 1000], [4, 500], [3, 1000], [4, 700]], 10); // prettier-ignore
    assert.equal(gainIn(text, together(3, 4)).gainNs, 1500);
  });

  it('leaves what runs between them one after the other', () => {
    const text = timers([[3, 1000], [3, 1000], [3, 1000]], 400); // prettier-ignore
    assert.deepEqual(gainIn(text, together(3)), { replayedNs: 4300, changedNs: 2300, gainNs: 2000 });
  });

  it('of a wait or a function that takes no time is its time, where nothing else takes longer', () => {
    const text = timers([[3, 1000], [4, 3000]], 10); // prettier-ignore
    assert.equal(gainIn(text, (of) => ({ kind: 'free', sites: sitesAt(of, 4) })).gainNs, 3000);
    const calls = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      100 0 activationBegin id=2 parent=1 name="parse" site="a.ts:9:1 function parse" kind=async-function
      900 0 activationEnd id=2 outcome=ok
      1000 0 activationEnd id=1 outcome=ok
    `;
    assert.equal(gainIn(calls, (of) => ({ kind: 'free', sites: sitesAt(of, 9) })).gainNs, 800);
  });

  it('of a thread that is not blocked lets a timer come when it is due', () => {
    const blocked = `
      0 0 activationBegin id=1 name="ticker" site="a.ts:1:1 function ticker" kind=async-function
      0 0 resourceBegin creator=1 id=8 name="setTimeout 1 ms" kind=timer
      0 0 wait id=1 site="a.ts:2:3 await ticker | sleep(1)" for=8 reason=timer
      100 0 activationBegin id=2 name="hog" site="a.ts:9:1 function hog" kind=async-function
      5000 0 activationEnd id=2 outcome=ok
      5000 0 activationBegin id=3 parent=1 of=8 name="setTimeout 1 ms callback" kind=timer-callback
      5000 0 wake woken=1 waker=3 resource=8
      5000 0 activationEnd id=3 outcome=ok
      5000 0 run id=1 waker=3 resource=8
      5100 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(
      gainIn(blocked, (of) => ({ kind: 'free', sites: sitesAt(of, 9) })),
      {
        replayedNs: 5100,
        changedNs: 1100,
        gainNs: 4000,
      },
    );
  });

  it('of a lock that is split is what was waited for it', () => {
    const convoy = `
      0 0 resourceBegin id=9 name="db" kind=lock capacity=1 bounded
      0 0 activationBegin id=1 name="a" kind=async-function
      1 0 acquire by=1 resource=9 holder=1
      2 0 resourceBegin creator=1 id=8 name="timer" kind=timer
      2 0 wait id=1 site="a.ts:2:3 await a | save()" for=8 reason=timer
      3 0 activationBegin id=2 name="b" kind=async-function
      4 0 wait id=2 site="a.ts:3:3 await b | db.acquire()" for=9 reason=lock
      1002 0 run id=1 resource=8
      1002 0 release by=1 resource=9 left=1
      1002 0 acquire by=2 resource=9 holder=2
      1002 0 wake woken=2 waker=1 resource=9
      1002 0 activationEnd id=1 outcome=ok
      1002 0 run id=2 waker=1 resource=9
      1003 0 resourceBegin creator=2 id=7 name="timer" kind=timer
      1003 0 wait id=2 site="a.ts:4:3 await b | save()" for=7 reason=timer
      2003 0 run id=2 resource=7
      2003 0 activationEnd id=2 outcome=ok
    `;
    const lock = (of: ReturnType<typeof folded>): number =>
      of.trace.resources.findIndex(({ name }) => name === 'db');
    const gain = gainIn(convoy, (of) => ({ kind: 'split', resource: lock(of) }));
    assert.deepEqual(gain, { replayedNs: 2003, changedNs: 1005, gainNs: 998 });
  });

  it('of a larger pool is what its calls waited for a worker', () => {
    const call = (id: number, lane: number, fromNs: number): string => `
      ${fromNs} ${lane} activationBegin id=${id} name="f" kind=chunk of=9
      ${fromNs} ${lane} chunk id=${id} pool=9 submitter=1
      ${fromNs} ${lane} link id=${id} token=${id} tokenHigh=100 way=receive kind=job
      ${fromNs + 1000} ${lane} activationEnd id=${id} outcome=ok`;
    const pool = `
      0 0 processBegin pid=100
      0 0 resourceBegin id=9 name="squares" kind=pool capacity=1 bounded
      0 1 laneBegin name="squares-1" kind=worker
      0 0 activationBegin id=1 name="main" kind=async-function
      ${[2, 3, 4].map((id) => `0 0 link id=1 token=${id} tokenHigh=100 resource=9 way=send kind=job`).join('\n')}
      10 0 activationEnd id=1 outcome=ok
      ${call(2, 1, 10)} ${call(3, 1, 1010)} ${call(4, 1, 2010)}
    `;
    const of = (size: number): number => gainIn(pool, () => ({ kind: 'pool', resource: 0, size })).gainNs;
    assert.deepEqual([of(1), of(2), of(3)], [0, 1000, 2000]);
  });
});

describe('a replay without a change', () => {
  const folder = join(tree, 'test/golden');
  for (const name of readdirSync(folder)) {
    // With made-up times others may come first, so that a little time moves.
    it(`of ${name} takes as long as the run did`, () => {
      const golden = readFileSync(join(folder, name), 'utf8');
      for (let seed = 1; seed <= 20; seed++) {
        const { nodes } = replayNodes(folded(timed(golden, seed)))!;
        const endNs = Math.max(...nodes.map(({ toNs }) => toNs));
        const replayedNs = replay(nodes)!;
        assert.ok(
          Math.abs(replayedNs - endNs) <= 0.05 * endNs,
          `seed ${seed}: ${replayedNs} and not ${endNs}`,
        );
      }
    });
  }
});
