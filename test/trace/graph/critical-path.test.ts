import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { criticalPath } from '../../../runtime/trace/graph/critical-path.ts';
import { lifeOf, wholeRun } from '../../../runtime/trace/graph/end-of-run.ts';
import type { Piece } from '../../../runtime/trace/graph/piece.ts';
import { tree } from '../../machine/tree.ts';
import { pieceText, querySourceOf } from '../../support/query-text.ts';
import { timed } from '../../support/timed-golden.ts';

function pathOfRun(...parts: readonly string[]): string[] {
  const source = querySourceOf(...parts);
  const run = wholeRun(source.trace)!;
  return criticalPath(source, run.row, run).map((piece) => pieceText(source, piece));
}

/** `main` awaits `load`, which waits for a timer of its own. */
const LOAD = `
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  100 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
  150 0 resourceBegin creator=2 id=8 name="setTimeout 1 ms" kind=timer
  150 0 wait id=2 site="a.ts:10:3 await load | sleep(1)" for=8 reason=timer
  200 0 wait id=1 site="a.ts:3:3 await main | loading" for=2 reason=task
  1150 0 activationBegin id=3 parent=2 of=8 name="setTimeout 1 ms callback" kind=timer-callback
  1150 0 wake woken=2 waker=3 resource=8
  1160 0 activationEnd id=3 outcome=ok
  1170 0 run id=2 waker=3 resource=8
  1500 0 activationEnd id=2 outcome=ok
  1500 0 wake woken=1 waker=2
  1510 0 run id=1 waker=2
  2000 0 activationEnd id=1 outcome=ok
`;

describe('the critical path of a run', () => {
  it('goes on from a wait in the task that ended it, and from its begin in the one that began it', () => {
    assert.deepEqual(pathOfRun(LOAD), [
      '100 main run a.ts:1',
      '50 load run a.ts:9',
      '1000 load wait a.ts:10 for the timer setTimeout 1 ms',
      '20 load ready a.ts:10',
      '330 load run a.ts:10',
      '10 main ready a.ts:3',
      '490 main run a.ts:3',
    ]);
  });

  it('gives the time of a called task to its line, and not to the caller that runs below it', () => {
    const calls = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      100 0 activationBegin id=2 parent=1 name="parse" site="a.ts:9:1 function parse" kind=async-function
      900 0 activationEnd id=2 outcome=ok
      1000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(calls), [
      '100 main run a.ts:1',
      '800 parse run a.ts:9',
      '100 main run a.ts:1',
    ]);
  });

  it('comes back from a callback that I/O set off to the wait that it ended', () => {
    const answered = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      0 0 resourceBegin id=7 name="an answer over HTTP" kind=io
      100 0 resourceBegin id=8 name="made at a.ts:2" kind=promise
      100 0 wait id=1 site="a.ts:3:3 await main | answer" for=8 reason=future
      800 0 activationBegin id=2 of=7 name="on('end') callback" site="a.ts:2:9 function callback" kind=event-callback
      950 0 wake woken=1 waker=2 resource=7
      1000 0 activationEnd id=2 outcome=ok
      1000 0 run id=1 waker=2
      1200 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(answered), [
      '100 main run a.ts:1',
      '700 main wait a.ts:3 for I/O (an answer over HTTP)',
      "150 on('end') callback run a.ts:2",
      '50 main ready a.ts:3',
      '200 main run a.ts:3',
    ]);
  });

  it('goes on from a callback that nobody waited for in what the thread did before', () => {
    const served = `
      0 0 activationBegin id=1 name="a.ts" site="a.ts:1:1 function main" kind=main
      100 0 activationEnd id=1 outcome=ok
      100 0 resourceBegin id=7 name="a request to the HTTP server" kind=io
      700 0 activationBegin id=2 of=7 name="handler" site="a.ts:2:1 function handler" kind=event-callback
      900 0 activationEnd id=2 outcome=ok
    `;
    assert.deepEqual(pathOfRun(served), [
      '100 a.ts run a.ts:1',
      '600 handler wait a.ts:2 for I/O (a request to the HTTP server)',
      '200 handler run a.ts:2',
    ]);
  });

  it('gives a long run to the lines that were seen at work', () => {
    const held = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      10000000 0 held top=1 duration=20000000 site="a.ts:7:1 line isAddress" name="RegExp.test" how=sampled
      40000000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(held), [
      '10000000 main run a.ts:1',
      '20000000 main run a.ts:7 in RegExp.test',
      '10000000 main run a.ts:1',
    ]);
  });

  it('gives the time for which others held the thread, when a timer was due, to them', () => {
    const blocked = `
      0 0 activationBegin id=1 name="ticker" site="a.ts:1:1 function ticker" kind=async-function
      0 0 resourceBegin creator=1 id=8 name="setTimeout 10 ms" kind=timer
      0 0 wait id=1 site="a.ts:2:3 await ticker | sleep(10)" for=8 reason=timer
      5000000 0 activationBegin id=2 name="hog" site="a.ts:9:1 function hog" kind=async-function
      40000000 0 activationEnd id=2 outcome=ok
      40000000 0 activationBegin id=3 parent=1 of=8 name="setTimeout 10 ms callback" kind=timer-callback
      40000000 0 wake woken=1 waker=3 resource=8
      40000000 0 activationEnd id=3 outcome=ok
      40000000 0 run id=1 waker=3 resource=8
      41000000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(blocked), [
      '10000000 ticker wait a.ts:2 for the timer setTimeout 10 ms',
      '30000000 hog run a.ts:9',
      '1000000 ticker run a.ts:2',
    ]);
  });

  it('gives the time for which code outside of tasks held the thread to its line', () => {
    const held = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      0 0 wait id=1 site="a.ts:2:3 await main | fetch(url)" reason=io
      5000000 0 held duration=34000000 site="a.ts:9:1 line resize" name="" how=sampled
      40000000 0 resourceBegin id=8 name="a TCP connection" kind=io
      40000000 0 run id=1 resource=8
      41000000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(held), [
      '5000000 main wait a.ts:2 for I/O (a TCP connection)',
      '34000000 main run a.ts:9',
      '1000000 main wait a.ts:2 for I/O (a TCP connection)',
      '1000000 main run a.ts:2',
    ]);
  });

  it('goes on where a timer was set that another task waits for', () => {
    const other = `
      0 0 activationBegin id=1 name="setter" site="a.ts:1:1 function setter" kind=async-function
      10 0 activationBegin id=2 parent=1 name="waiter" site="a.ts:9:1 function waiter" kind=async-function
      20 0 wait id=2 site="a.ts:10:3 await waiter | ready" reason=future
      300 0 resourceBegin creator=1 id=8 name="setTimeout 1 ms" kind=timer
      400 0 activationEnd id=1 outcome=ok
      1300 0 activationBegin id=3 parent=1 of=8 name="setTimeout 1 ms callback" kind=timer-callback
      1300 0 wake woken=2 waker=3 resource=8
      1300 0 activationEnd id=3 outcome=ok
      1300 0 run id=2 waker=3 resource=8
      1500 0 activationEnd id=2 outcome=ok
    `;
    assert.deepEqual(pathOfRun(other), [
      '10 setter run a.ts:1',
      '10 waiter run a.ts:9',
      '280 setter run a.ts:1',
      '1000 waiter wait a.ts:10 for the timer setTimeout 1 ms',
      '200 waiter run a.ts:10',
    ]);
  });

  it('of a run that stands still leads to the wait on which it stands', () => {
    const hangs = `
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      100 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
      150 0 wait id=2 site="a.ts:10:3 await load | answer" reason=io
      200 0 wait id=1 site="a.ts:3:3 await main | loading" for=2 reason=task
      9000 0 clock wall=1
    `;
    assert.deepEqual(pathOfRun(hangs).slice(1), ['50 load run a.ts:9', '8850 load wait a.ts:10 for I/O']);
  });

  it('of tasks that wait for each other ends in one of their waits', () => {
    const cycle = `
      0 0 activationBegin id=1 name="a" kind=async-function
      1 0 activationBegin id=2 name="b" kind=async-function
      10 0 wait id=2 site="a.ts:2:1 await b | a" for=1 reason=task
      20 0 wait id=1 site="a.ts:1:1 await a | b" for=2 reason=task
      1000 0 clock wall=1
    `;
    assert.deepEqual(pathOfRun(cycle).at(-1), '980 a wait a.ts:1 for task b');
  });

  it('follows a call into the thread that did it, and to who asked for it', () => {
    const pool = `
      0 0 processBegin pid=100
      0 0 resourceBegin id=9 name="squares" kind=pool capacity=1 bounded
      0 1 laneBegin name="squares-1" kind=worker
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      50 0 link id=1 token=7 tokenHigh=100 resource=9 way=send kind=job
      100 0 wait id=1 site="a.ts:3:3 await main | pool.run(f)" for=9 reason=pool
      300 1 activationBegin id=2 name="f" site="a.ts:9:1 function f" kind=chunk of=9
      300 1 chunk id=2 pool=9 submitter=1
      300 1 link id=2 token=7 tokenHigh=100 way=receive kind=job
      900 1 link id=2 token=7 tokenHigh=100 way=send kind=result
      900 1 activationEnd id=2 outcome=ok
      950 0 link id=1 token=7 tokenHigh=100 resource=9 way=receive kind=result
      950 0 wake woken=1 resource=9
      960 0 run id=1 resource=9
      1000 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(pathOfRun(pool), [
      '50 main run a.ts:1',
      '250 f wait a.ts:9 for pool squares',
      '600 f run a.ts:9',
      '50 main wait a.ts:3 for pool squares',
      '10 main ready a.ts:3',
      '40 main run a.ts:3',
    ]);
  });
});

function assertAddsUp(pieces: readonly Piece[], { fromNs, toNs }: { fromNs: number; toNs: number }): void {
  let t = fromNs;
  for (const piece of pieces) {
    assert.equal(piece.fromNs, t, 'a piece begins where the one before ended');
    assert.ok(piece.toNs > t, 'each piece takes time');
    t = piece.toNs;
  }
  assert.equal(t, toNs);
}

describe('the pieces of a path', () => {
  const folder = join(tree, 'test/golden');
  for (const name of readdirSync(folder)) {
    it(`add up to the time that passed, for each task of ${name}`, () => {
      const golden = readFileSync(join(folder, name), 'utf8');
      for (let seed = 1; seed <= 20; seed++) {
        const source = querySourceOf(timed(golden, seed));
        const { trace } = source;
        const run = wholeRun(trace)!;
        assertAddsUp(criticalPath(source, run.row, run), run);
        for (let row = 0; row < trace.tasks.count; row++) {
          if (trace.tasks.frameOf[row]! >= 0) continue;
          const life = lifeOf(trace, row);
          assertAddsUp(criticalPath(source, row, life), life);
        }
      }
    });
  }
});
