import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

describe('What the library recorded as a fact', () => {
  it('is a finding when a task was left at the end of its run, with the line that made it', () => {
    assert.deepEqual(
      findingsOf(`
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

  it('is a finding when the next run may have another order', () => {
    assert.deepEqual(
      findingsOf(`
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
