import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { OUTCOMES } from '../../../runtime/trace/format/kinds.ts';
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { State, STATE_NAMES } from '../../../runtime/trace/model/state.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

describe('an error that a trace tells of', () => {
  it('is the error of the task that failed with it, and a fact only when nobody saw it', () => {
    const fold = new Fold();
    fold.feed(
      0,
      fromText(`
        0 0 activationBegin id=1 name="handled" kind=async-function
        1 0 activationEnd id=1 outcome=error
        2 0 fact id=1 text="RangeError: far" what=error
        3 0 activationBegin id=2 name="forgotten" kind=async-function
        4 0 activationEnd id=2 outcome=error
        5 0 fact id=2 site="a.ts:19:9 line forgotten" text="TypeError: bad" called="a.ts:32:3 call! main | forgotten()" what=unhandled
        6 0 fact id=2 text="TypeError: other" what=unhandled
        7 0 activationBegin id=3 name="fine" kind=async-function
        8 0 activationEnd id=3 outcome=ok
        9 0 fact id=3 text="Error: of another" what=unhandled
      `),
    );
    const { tasks, facts, sites } = fold.trace;
    const errors = [0, 1, 2].map((task) => fold.trace.text(tasks.error[task]!));
    assert.deepEqual(errors, ['RangeError: far', 'TypeError: bad', '']);
    assert.deepEqual(
      facts.map(({ text, site, called }) => [text, sites[site]?.line, sites[called]?.line]),
      [
        ['TypeError: bad', 19, 32],
        ['TypeError: other', undefined, undefined],
        ['Error: of another', undefined, undefined],
      ],
    );
  });
});

describe('the body of a module', () => {
  const awaits = (after: string): string => `
    0 0 activationBegin id=1 name="<module>" site="a.ts:1:1 function <module>" kind=module
    1 0 activationBegin id=2 parent=1 name="main" kind=async-function
    2 0 wait id=2 reason=timer
    3 0 wait id=1 for=2 site="a.ts:9:1 await! <module> | main()" reason=task direct
    50 0 run id=2
    60 0 activationEnd id=2 outcome=error
    60 0 wake woken=1 waker=2
    ${after}
  `;
  const moduleOf = (text: string) => {
    const fold = new Fold();
    fold.feed(0, fromText(text));
    const { tasks } = fold.trace;
    return [STATE_NAMES[tasks.rowState[0]!], OUTCOMES[tasks.outcome[0]!], fold.trace.text(tasks.error[0]!)];
  };
  const uncaught = '70 0 fact text="Error: no order" what=uncaught\n 80 0 processEnd exitCode=1 how=uncaught';

  it('failed with what it awaited, when it never came back and the process ended of that', () => {
    assert.deepEqual(moduleOf(awaits(uncaught)), ['ended', 'error', 'Error: no order']);
  });

  it('ended when that failed: nobody had the thread from it until the process was gone', () => {
    const trace = new Trace();
    const columns = new Columns(trace);
    new Fold([columns], trace).feed(0, fromText(awaits(uncaught)));
    const { endedNs, readyNs } = trace.tasks;
    assert.deepEqual([endedNs[0], readyNs[0]], [60, 0]);
    const last = columns.rows.span(0, columns.rows.count(0) - 1);
    assert.deepEqual([stateOf(last.code), last.startNs], [State.ended, 60]);
  });

  it('did not, when it came back or the process ended otherwise', () => {
    assert.deepEqual(moduleOf(awaits(`65 0 run id=1 waker=2\n ${uncaught}`)), ['run', '', '']);
    assert.deepEqual(moduleOf(awaits('80 0 processEnd how=exit')), ['ready', '', '']);
  });
});
