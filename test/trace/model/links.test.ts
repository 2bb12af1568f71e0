import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';

const PARENT = `
  0 0 activationBegin id=1 name="main" kind=main
  0 0 resourceBegin id=2 name="squares" capacity=2 kind=pool
  1000 0 link id=1 token=3 tokenHigh=77 resource=2 way=send kind=job
  9000 0 link id=1 token=3 tokenHigh=77 resource=2 way=receive kind=result
`;
const WORKER = `
  0 1 laneBegin osThread=2 name="worker" kind=worker
  6000 1 activationBegin id=4 name="square" kind=chunk
  6000 1 chunk id=4 pool=2 first=4 items=4 submitter=1
  6000 1 link id=4 token=3 tokenHigh=77 resource=2 way=receive kind=job
  8000 1 link id=4 token=3 tokenHigh=77 resource=2 way=send kind=result
  8000 1 activationEnd id=4 outcome=ok
`;

function told(...texts: readonly string[]): string[] {
  const fold = new Fold();
  for (const text of texts) fold.feed(0, fromText(text));
  const { trace } = fold;
  assert.deepEqual(trace.problems, []);
  const [task] = [...trace.links.chunks.keys()];
  return [trace.labelOf(task!), plain(describeTask(trace, task!))];
}

describe('The way of a job to a worker and back', () => {
  const [begin, asked] = [PARENT.slice(0, PARENT.indexOf('  1000')), PARENT.slice(PARENT.indexOf('  1000'))];
  const words = [
    'square[4–7]',
    'square[4–7] ended after 2.0 µs: it ran 2.0 µs and waited 0 ns. It was submitted by main and was queued for 5.0 µs; its result took 1.0 µs to arrive.',
  ];

  it('is told from the records of both threads', () => {
    assert.deepEqual(told(PARENT, WORKER), words);
  });

  it('is told as well where the worker’s records are read first', () => {
    assert.deepEqual(told(begin, WORKER, asked), words);
  });

  it('is told as far as it is known of a call by itself', () => {
    const call = WORKER.replace('first=4 items=4', 'first=0 items=0').replace(/^.*kind=result.*$/m, '');
    assert.deepEqual(told(begin, call), [
      'square',
      'square ended after 2.0 µs: it ran 2.0 µs and waited 0 ns.',
    ]);
  });
});
