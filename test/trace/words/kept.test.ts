/** Of a recording that let go of its beginning nothing is counted or claimed of the time before. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeKept } from '../../../runtime/trace/words/kept.ts';
import { describeResource } from '../../../runtime/trace/words/resource.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';
import { findingsOf } from '../../support/findings-of.ts';
import { foldText } from '../../support/fold-text.ts';

const S = 1_000_000_000;
/** A server for an hour: a queue of 700 items, a consumer that waits for it, a worker. */
const SERVER = `
  0 0 clock wall=1000000 wallHigh=400000000
  ${3600 * S} 0 kept records=5000000 limitKb=60000 why=limit
  0 0 processBegin pid=41 parentPid=7 argv="node server.js" version="v20" language=node method=program
  10 0 laneBegin name="main" kind=main osThread=41
  20 0 activationBegin id=1 site="s.js:1:1 line <main>" name="server" kind=main
  30 0 resourceBegin creator=1 id=2 site="s.js:2:1 line <main>" name="orders" kind=queue
  40 0 activationBegin id=3 parent=1 site="s.js:9:1 function consume" name="consume" kind=async-function unawaited
  50 0 activationBegin id=4 parent=1 site="s.js:19:1 function work" name="work" kind=async-function unawaited
  ${3500 * S} 0 put by=1 resource=2 depth=700
  ${3590 * S} 0 run id=4
  ${3590 * S} 0 wait id=4 site="s.js:20:1 await work | sleep(1)" reason=future
  ${3599 * S} 0 run id=3
  ${3599 * S} 0 wait id=3 site="s.js:10:1 await consume | orders.get()" for=2 reason=queue-get
  ${3600 * S} 0 kept records=5000000 limitKb=60000 why=limit end
  ${3601 * S} 0 run id=4
  ${3602 * S} 0 put by=4 resource=2 depth=701 now
  ${3603 * S} 0 wait id=4 site="s.js:20:1 await work | sleep(1)" reason=future
  ${3604 * S} 0 activationBegin id=9 parent=4 site="s.js:30:1 function tick" name="tick" kind=async-function
  ${3604 * S + 100} 0 activationEnd id=9 outcome=ok
`;

describe('a trace that was kept from some time on', () => {
  const { trace, log, sums } = foldText(SERVER);

  it('breaks no rule of the state machine', () => assert.deepEqual(trace.problems, []));

  it('says since when, how much was let go, and at which limit', () => {
    assert.match(
      describeKept(trace)!,
      /^Kept from \d\d:\d\d:\d\d on, 60 min 0 s after the start: the 5,000,000 records before were let go at the limit of 60 MB\.$/,
    );
  });

  it('counts what a task did from then on, and knows how long it lives', () => {
    assert.equal(
      plain(describeTask(trace, 2)),
      'work has lived 60 min 4 s so far: since 60 min 0 s of the trace it ran 2.00 s and waited 2.00 s.',
    );
  });

  it('counts what went through a queue from then on', () => {
    assert.deepEqual(describeResource(trace, 0, null, -1).map(plain), [
      'Since 60 min 0 s of the trace 1 item went into queue orders, 0 came out; it holds 701, and never held more than 701.',
    ]);
  });

  it('tells of a wait that began before as it was, and draws nothing else of that time', () => {
    const [wait] = sums.longest(1);
    assert.deepEqual([wait!.startNs, wait!.endNs], [3590 * S, 3601 * S]);
    const first = [0, 1, 2].map((row) => log.spans(row, 0, Infinity, 10)![0]!.startNs);
    assert.deepEqual(first, [20, 3599 * S, 3590 * S]);
  });

  it('holds no finding about a time of which nothing is known', () => {
    const end = `${SERVER}
  ${3700 * S} 0 activationEnd id=4 outcome=ok
  ${3700 * S + 1} 0 processEnd how=exit`;
    assert.deepEqual(
      findingsOf(end).filter((words) => /starved|growing|never-joined/.test(words)),
      [],
    );
    // Where the beginning is known, nobody is left that puts.
    const whole = `
      0 0 clock wall=1000000 wallHigh=400000000
      10 0 laneBegin name="main" kind=main osThread=41
      30 0 resourceBegin id=2 name="orders" kind=queue
      40 0 activationBegin id=3 name="consume" kind=async-function unawaited
      50 0 wait id=3 for=2 reason=queue-get
      60 0 activationBegin id=4 name="work" kind=async-function unawaited
      70 0 put by=4 resource=2 depth=701 now
      80 0 activationEnd id=4 outcome=ok
      90 0 processEnd how=exit`;
    assert.match(findingsOf(whole).join('\n'), /starved-consumers: consume was still waiting/);
  });

  it('is not what a checkpoint within a part makes of it', () => {
    const twice = foldText(`${SERVER}\n ${3605 * S} 0 kept records=1 why=limit`);
    assert.deepEqual(
      twice.trace.problems.map((words) => words.replace(/^record \d+: /, '')),
      ['a checkpoint stands within the part of process 41'],
    );
  });
});
