import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';
import { describeSpanOf, foldText } from '../../support/fold-text.ts';

describe('a span in words', () => {
  const handOver = `
    0 0 activationBegin id=1 name="consumer" kind=async-function
    1 0 wait id=1 site="a.ts:3:5 await! consumer | queue.get()" reason=future
    2 0 activationBegin id=2 name="producer" kind=async-function
    1100000000 0 wait id=2 site="a.ts:9:5 await! producer | tick()" reason=value
    1100000001 0 wake woken=1 waker=2
    1200000000 0 run id=1 waker=2
  `;

  it('describes the whole life of a task, and a run that has not ended', () => {
    const { trace } = foldText(handOver);
    assert.equal(
      plain(describeTask(trace, 1)),
      'producer has lived 1.20 s so far: it ran 1.10 s and waited 100 ms.',
    );
    assert.deepEqual(describeSpanOf(handOver, 0, 3), [
      'consumer has been running for 0 ns and has not given the thread away since its wait at a.ts:3; it was woken by producer.',
    ]);
  });

  it('separates time for which the thread stood still from time for which the task ran', () => {
    const stopped = `
      0 0 activationBegin id=1 name="main" kind=main
      5 0 pause why=instrument
      1500005 0 resume why=instrument
      1500010 0 activationEnd id=1 outcome=ok
    `;
    assert.deepEqual(describeSpanOf(stopped, 0, 1), [
      "main stood still while Simul read the program: Simul's time, not the program's (1.5 ms).",
    ]);
  });
});
