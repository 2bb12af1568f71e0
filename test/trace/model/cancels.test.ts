import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { WaitSums } from '../../../runtime/trace/summaries/wait-sums.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeWaitEnd } from '../../../runtime/trace/words/wait.ts';

/** Who ended each wait, the longest first. */
function ends(records: string): string[] {
  const trace = new Trace();
  const sums = new WaitSums(trace);
  const begin = `
    0 0 activationBegin id=1 name="main" kind=async-task
    0 0 wait id=1 reason=timer
    0 0 activationBegin id=2 name="eater" kind=async-task parent=1
    1 0 resourceBegin id=9 name="q" kind=queue
    5 0 wait id=2 site="a.ts:3:5 await! eater | q.get()" reason=queue-get for=9
    1000 0 run id=1\n`;
  new Fold([sums], trace).feed(0, fromText(begin + records));
  assert.deepEqual(trace.problems, []);
  return sums
    .longest(9)
    .filter(({ row }) => row === 1)
    .map((wait) => plain(describeWaitEnd(trace, wait)));
}

describe('a wait during which its task was cancelled', () => {
  it('was cancelled by whoever asked, when it was over at once', () => {
    assert.deepEqual(ends('1001 0 cancel target=2 by=1\n 1002 0 wait id=1 reason=timer\n 1003 0 run id=2'), [
      'It was cancelled by main.',
    ]);
    assert.deepEqual(
      ends(
        '1001 0 cancel target=2 by=1\n 99000000 0 wake woken=2 waker=1\n 99000001 0 wait id=1\n 99000002 0 run id=2',
      ),
      ['It was cancelled by main.'],
    );
    assert.deepEqual(ends('1001 0 cancel target=2\n 1002 0 wait id=1 reason=timer\n 1003 0 run id=2'), [
      'It was cancelled; which task asked for that was not recorded.',
    ]);
  });

  it('was not ended by that when it went on, or when another ended it', () => {
    assert.deepEqual(
      ends('1001 0 cancel target=2 by=1\n 1002 0 wait id=1 reason=timer\n 99000000 0 run id=2'),
      ['It was ended by queue q; no task was recorded as its waker.'],
    );
    assert.deepEqual(
      ends(`1001 0 cancel target=2 by=1
        1002 0 wait id=1 reason=timer
        1003 0 activationBegin id=3 name="other" kind=async-task
        1004 0 wake woken=2 waker=3
        1005 0 wait id=3 reason=timer
        1006 0 run id=2 waker=3`),
      ['It was ended by other.'],
    );
  });

  it('is not one of before or after the cancel', () => {
    assert.deepEqual(
      ends(`1001 0 wake woken=2 waker=1
        1002 0 cancel target=2 by=1
        1003 0 wait id=1 reason=timer
        1004 0 run id=2 waker=1`),
      ['It was ended by main.'],
    );
  });
});
