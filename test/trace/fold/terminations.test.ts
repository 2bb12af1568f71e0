import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { LANE_ENDS } from '../../../runtime/trace/format/kinds.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import type { Trace } from '../../../runtime/trace/model/trace.ts';
import { openWaitOf } from '../../../runtime/trace/model/open-waits.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';
import { timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { describeWait } from '../../../runtime/trace/words/wait.ts';
import { findingsOf } from '../../support/findings-of.ts';

/** Folds each process's records, in this order. */
function fold(...parts: readonly (readonly [part: number, text: string])[]): Trace {
  const it = new Fold();
  for (const [part, text] of parts) it.feed(part, fromText(text));
  assert.deepEqual(it.trace.problems, []);
  return it.trace;
}

const MS = 1_000_000;
const parent: readonly [number, string] = [
  0,
  `0 0 processBegin pid=100
   0 0 activationBegin id=1 name="main" kind=main
   0 0 resourceBegin id=9 name="p" kind=process
   1 0 link id=1 token=7 tokenHigh=100 resource=9 way=send kind=spawn
   ${500 * MS} 0 put resource=9 depth=1
   ${500 * MS} 0 resourceEnd id=9
   ${900 * MS} 0 activationEnd id=1 outcome=ok
   ${900 * MS} 0 processEnd how=exit`,
];
const child = (ends: string): readonly [number, string] => [
  1,
  `0 0 processBegin pid=101 parentPid=100
   3 0 activationBegin id=1 name="p" kind=process
   3 0 link id=1 token=7 tokenHigh=100 way=receive kind=spawn
   ${100 * MS} 0 wait id=1 reason=future
   ${ends}`,
];

describe('a process without an end of its own whose parent saw it end', () => {
  for (const [order, parts] of [
    ['its parent is read first', [parent, child('')]],
    ['it is read first', [child(''), parent]],
  ] as const) {
    it(`ended then, and its tasks with it, also when ${order}`, () => {
      const trace = fold(...parts);
      const its = trace.processes.find(({ pid }) => pid === 101)!;
      assert.deepEqual([its.endNs, its.endKind], [500 * MS, 0]);
      const task = [...trace.tasks.process.slice(0, trace.tasks.count)].indexOf(its.index);
      assert.equal(timesSoFar(trace, task).waitNs, 400 * MS);
      assert.equal(
        plain(describeWait(trace, openWaitOf(trace, task)!)),
        'p waited 400 ms, until its process was terminated.',
      );
      assert.match(plain(describeTask(trace, task)), /^p lived 500 ms, until its process was terminated: /);
    });
  }

  it('is none when it said itself how it ended', () => {
    const said = child(`${400 * MS} 0 processEnd how=called exitCode=3`);
    for (const parts of [
      [parent, said],
      [said, parent],
    ]) {
      const its = fold(...parts).processes.find(({ pid }) => pid === 101)!;
      assert.deepEqual([its.endNs, its.exitCode], [400 * MS, 3]);
    }
  });
});

describe('a process of a pool that has ended', () => {
  it('was terminated, and is known up to its last record: it may have been replaced long before', () => {
    const ofPool = (text: string): string =>
      text
        .replace('"p" kind=process\n   1', '"p" kind=pool capacity=2 bounded\n   1')
        .replace(/kind=spawn/, 'kind=job');
    const worker = ofPool(child(`${200 * MS} 0 clock wall=7`)[1]);
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const trace = fold(...order.map((part) => [part, part === 0 ? ofPool(parent[1]) : worker] as const));
      const its = trace.processes.find(({ pid }) => pid === 101)!;
      assert.deepEqual([its.wasTerminated, its.endNs], [true, null]);
      const task = [...trace.tasks.process.slice(0, trace.tasks.count)].indexOf(its.index);
      assert.equal(
        plain(describeWait(trace, openWaitOf(trace, task)!)),
        'p waited 100 ms, until its process was terminated.',
      );
    }
  });
});

describe('a process that died without a word, and whose end nobody saw', () => {
  it('is known up to its last record, once all is over', () => {
    const it = new Fold();
    it.feed(0, fromText(parent[1].replace(/.* resourceEnd .*/, '')));
    it.feed(1, fromText(child(`${200 * MS} 0 clock wall=7`)[1]));
    const task = [...it.trace.tasks.process.slice(0, it.trace.tasks.count)].indexOf(1);
    assert.equal(timesSoFar(it.trace, task).waitNs, 800 * MS);
    it.end();
    assert.equal(timesSoFar(it.trace, task).waitNs, 100 * MS);
    assert.equal(it.trace.processes[1]!.endNs, null);
  });
});

describe('a part that holds the clock alone, of what was killed as it began', () => {
  it('is no process, and becomes one with the first other record', () => {
    const clock = '5 0 clock wall=7';
    const trace = fold([0, clock], [1, `${clock}\n 6 0 processBegin pid=101`], [0, clock]);
    assert.deepEqual(
      trace.processes.map(({ pid }) => pid),
      [101],
    );
    assert.deepEqual([trace.events, trace.wallNs], [4, 7n]);
    assert.deepEqual(
      fold([0, clock], [0, `${clock}\n 6 0 processBegin pid=101`]),
      fold([0, `${clock}\n${clock}\n 6 0 processBegin pid=101`]),
    );
  });
});

describe('a worker of a pool that has ended', () => {
  const text = `
    0 0 processBegin pid=100
    0 0 activationBegin id=1 name="main" kind=main
    0 0 resourceBegin id=9 name="squares" kind=pool capacity=2 bounded
    1 0 link id=1 token=7 tokenHigh=100 resource=9 way=send kind=job
    0 1 laneBegin name="squares-1" kind=worker
    2 1 activationBegin id=2 name="square" kind=chunk of=9
    2 1 link id=2 token=7 tokenHigh=100 resource=9 way=receive kind=job
    3 1 wait id=2 reason=future
    4 0 wait id=1 reason=timer
    ${100 * MS} 0 resourceEnd id=9
    ${900 * MS} 0 run id=1
    ${900 * MS} 0 activationEnd id=1 outcome=ok
    ${900 * MS} 0 processEnd how=exit`;

  it('ended with it when no other end was recorded, and the thread of its parent goes on', () => {
    const { lanes } = fold([0, text]);
    assert.deepEqual(
      lanes.map(({ number, endNs, endKind: how }) => [number, endNs, LANE_ENDS[how]]),
      [
        [0, null, ''],
        [1, 100 * MS, 'terminated'],
      ],
    );
  });

  it('is not said to wait for ever', () => {
    assert.deepEqual(findingsOf(text), []);
  });
});
