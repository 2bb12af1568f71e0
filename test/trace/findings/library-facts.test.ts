import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';

function found(text: string): string[] {
  const trace = new Trace();
  const rules = startRules(trace);
  new Fold(rules.observers, trace).feed(0, fromText(text));
  assert.deepEqual(trace.problems, []);
  return rules.findings().map(({ rule, severity, words }) => `${severity} ${rule}: ${plain(words)}`);
}

describe('What the library knows to be amiss', () => {
  it('is told of a task that was left when its run ended, with the line that made it', () => {
    assert.deepEqual(
      found(`
        0 0 activationBegin id=1 name="main" kind=coroutine
        1 0 activationBegin id=2 parent=1 site="a.ts:5:3 call main | spawn(tick)" name="tick" kind=coroutine ready
        5 0 activationEnd id=1 outcome=ok
        6 0 fact id=2 text="task tick" what=never-awaited
        7 0 activationEnd id=2 outcome=cancelled
      `),
      [
        'warning never-awaited: tick (made at a.ts:5) had not ended when its run did, and nobody waited for it: it was cancelled.',
      ],
    );
  });

  it('is told of a run whose order may be another the next time', () => {
    assert.deepEqual(
      found(`
        0 0 activationBegin id=1 name="main" kind=async-task
        1 0 fact id=1 text="task main waits" what=nondeterministic-order
        5 0 activationEnd id=1 outcome=ok
      `),
      [
        'info nondeterministic-order: main waited for something outside the library: although this run was on the virtual clock, the next one may have another order.',
      ],
    );
  });
});
