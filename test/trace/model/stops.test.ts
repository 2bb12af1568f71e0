import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { describeSpanOf, foldText } from '../../support/fold-text.ts';
import { findingsOf } from '../../support/findings-of.ts';

/** Two lanes tell of the same stop, from 100 ms to 400 ms; another is told of later. */
const STOPPED = `
  0 0 laneBegin osThread=1 name="main" kind=main
  0 1 laneBegin osThread=2 name="worker" kind=worker
  0 0 activationBegin id=1 name="f" kind=async-function
  10000000 0 wait id=1 site="a.ts:3:5 await! f | g()" reason=timer
  100000000 0 pause why=stopped
  400000000 0 resume why=stopped
  100000000 1 pause why=stopped
  400000000 1 resume why=stopped
  410000000 0 run id=1
  450000000 0 pause why=stopped
  900000000 0 resume why=stopped
  910000000 0 wait id=1 site="a.ts:4:5 await! f | h()" reason=timer
  920000000 0 run id=1
  930000000 0 activationEnd id=1 outcome=ok
`;

describe('the stops of a process', () => {
  it('are those of all its lanes, once', () => {
    const { stops } = foldText(STOPPED).trace.processes[0]!;
    assert.deepEqual(stops.all, [
      { fromNs: 100e6, toNs: 400e6 },
      { fromNs: 450e6, toNs: 900e6 },
    ]);
  });

  it('are told of a wait that they made longer, and of no other', () => {
    assert.equal(
      describeSpanOf(STOPPED, 0, 1)[0],
      'f waited 400 ms (at least 300 ms of it stopped from outside, as by SIGSTOP, Ctrl-Z or a debugger) at a.ts:3 for `g()` (a timer).',
    );
    assert.equal(describeSpanOf(STOPPED, 0, 5)[0], 'f waited 10 ms at a.ts:4 for `h()` (a timer).');
  });

  it('are no time of the task that had the thread', () => {
    assert.deepEqual(findingsOf(STOPPED), []);
  });

  it('do not depend on damaged times', () => {
    const { stops } = foldText(`
      0 0 laneBegin osThread=1 name="main" kind=main
      5 0 resume why=stopped
      10 0 pause why=stopped
      20 0 pause why=stopped
      15 0 resume why=stopped
    `).trace.processes[0]!;
    for (const { fromNs, toNs } of stops.all) assert.ok(fromNs <= toNs);
  });
});
