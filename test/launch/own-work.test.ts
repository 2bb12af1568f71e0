/** A wait that the task's own work ended names no task as its waker. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeTraceJson } from '../../runtime/launch/json/make-trace-json.ts';
import { WaitList } from '../../runtime/launch/json/wait-list.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { SiteSummary } from '../../runtime/trace/summaries/site-summary.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';

describe('a wait that ended by the task’s own work', () => {
  it('names no waker, and is marked as own work', () => {
    const trace = new Trace();
    const waits = new WaitList(trace, 100);
    const sites = new SiteSummary(trace);
    const fold = new Fold([waits, sites], trace);
    fold.feed(
      0,
      fromText(`
        0 0 activationBegin id=1 name="call" kind=async-function
        1 0 activationBegin id=2 name="other" kind=async-function
        2 0 wait id=2 site="a.cjs:9:5 await other | answer" reason=future
        5 0 wait id=1 site="a.cjs:29:16 await! call | answer.text()" reason=future direct
        7 0 wake woken=1 waker=1
        8 0 run id=1 waker=1 waker=known
        9 0 wake woken=2 waker=1
        10 0 activationEnd id=1 outcome=ok
        11 0 run id=2 waker=1 waker=known
      `),
    );
    const json = makeTraceJson({ trace, waits, findings: [], troubles: [], alive: new Set(), limit: 100 });
    const taskNamed = (name: string) => json.tasks.find((task) => task.name === name)!;
    assert.deepEqual(
      taskNamed('call').waits.map(({ waker, ownWork }) => [waker, ownWork]),
      [[null, true]],
    );
    assert.deepEqual(
      taskNamed('other').waits.map(({ waker, ownWork }) => [waker, ownWork]),
      [[taskNamed('call').id, false]],
    );
    assert.deepEqual(
      [...sites.sites.values()].map(({ wakers }) => [...wakers.keys()]),
      [['its own work'], ['call']],
    );
  });
});
