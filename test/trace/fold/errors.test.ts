import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
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
