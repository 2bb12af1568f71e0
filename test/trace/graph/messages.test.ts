/** Waits that another thread or process of the program ended, and the path that goes on there. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { criticalPath } from '../../../runtime/trace/graph/critical-path.ts';
import { wholeRun } from '../../../runtime/trace/graph/end-of-run.ts';
import { longestWaitOf } from '../../../runtime/trace/queries/longest-wait.ts';
import type { QuerySource } from '../../../runtime/trace/queries/query-source.ts';
import { explainWait } from '../../../runtime/trace/words/explain.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { pieceText, querySourceOf } from '../../support/query-text.ts';

function pathOfRun(source: QuerySource): string[] {
  const run = wholeRun(source.trace)!;
  return criticalPath(source, run.row, run).map((piece) => pieceText(source, piece));
}

function longestWaitText(source: QuerySource, row: number): string[] {
  const wait = longestWaitOf(source, row)!;
  return explainWait(source.trace, source.spans, wait).map((sentence) => plain(sentence));
}

/** `ask` sends a part to a worker, whose handler works on it from 120 to 900 and answers. */
const WORKER = `
  0 0 processBegin pid=9
  0 0 activationBegin id=1 name="ask" site="a.ts:1:1 function ask" kind=async-function
  10 0 resourceBegin creator=1 id=7 name="packer-1" kind=worker site="a.ts:2:3 line ask"
  20 0 link id=1 token=9 tokenHigh=5 resource=7 way=send kind=spawn
  30 1 laneBegin name="worker#5" kind=worker
  30 1 link token=9 tokenHigh=5 way=receive kind=spawn
  100 0 link id=1 token=10 tokenHigh=9 resource=7 attempt=1 way=send kind=message
  110 0 wait id=1 site="a.ts:3:3 await ask | answer" reason=future
  120 1 resourceBegin id=70 name="the thread that made it" kind=parent
  120 1 link token=10 tokenHigh=9 resource=70 attempt=1 way=receive kind=message
  120 1 activationBegin id=71 name="pack" site="a.ts:9:1 function pack" of=70 kind=event-callback
  900 1 link id=71 token=11 tokenHigh=9 resource=70 attempt=1 way=send kind=message
  910 1 activationEnd id=71 outcome=ok
  950 0 link token=11 tokenHigh=9 resource=7 attempt=1 way=receive kind=message
  950 0 wake woken=1 resource=7
  960 0 run id=1 resource=7 waker=external
  1000 0 activationEnd id=1 outcome=ok
`;

describe('a wait for a worker', () => {
  it('has what sent the message for a waker, and the path goes on there and comes back', () => {
    assert.deepEqual(pathOfRun(querySourceOf(WORKER)), [
      '100 ask run a.ts:1',
      '20 pack wait a.ts:9 for the thread that made it',
      '780 pack run a.ts:9',
      '50 ask wait a.ts:3 for worker packer-1',
      '10 ask ready a.ts:3',
      '40 ask run a.ts:3',
    ]);
  });

  it('is told with the worker, its task and what that did', () => {
    assert.deepEqual(longestWaitText(querySourceOf(WORKER), 0), [
      'ask waited 840 ns at a.ts:3 for `answer` (worker packer-1), which ran pack (a.ts:9) for 790 ns.',
      'It was ended by pack (a.ts:9).',
      'Meanwhile pack was not begun for 10 ns (1 %) and running for 790 ns (94 %). 40 ns unexplained.',
    ]);
  });

  it('has the sender for a waker also where a callback of the program took the message', () => {
    const called = WORKER.replace(
      '950 0 wake woken=1 resource=7',
      `950 0 activationBegin id=2 name="got" site="a.ts:5:1 function got" of=7 kind=event-callback
  952 0 wake woken=1 waker=2 resource=7`,
    ).replace(
      '960 0 run id=1 resource=7 waker=external',
      '955 0 activationEnd id=2 outcome=ok\n  960 0 run id=1 waker=2 resource=7 waker=known',
    );
    const source = querySourceOf(called);
    assert.deepEqual(longestWaitText(source, 0).slice(0, 2), [
      'ask waited 842 ns at a.ts:3 for `answer` (worker packer-1), which ran pack (a.ts:9) for 790 ns.',
      'It was ended by pack (a.ts:9).',
    ]);
    assert.deepEqual(pathOfRun(source).slice(1, 5), [
      '20 pack wait a.ts:9 for the thread that made it',
      '780 pack run a.ts:9',
      '50 ask wait a.ts:3 for worker packer-1',
      '2 got run a.ts:5',
    ]);
  });

  it('goes on in the sender also where a package took the message, and called a function of the program', () => {
    const taken = WORKER.replace(' of=70 kind=event-callback', ' kind=async-function').replace(
      '120 1 activationBegin id=71',
      '130 1 activationBegin id=71',
    );
    assert.deepEqual(pathOfRun(querySourceOf(taken)).slice(0, 3), [
      '100 ask run a.ts:1',
      '30 pack wait a.ts:9 for the thread that made it',
      '770 pack run a.ts:9',
    ]);
    // What came before something else ran there was for that.
    const other = taken.replace(
      '130 1 activationBegin id=71',
      `122 1 activationBegin id=72 name="other" kind=event-callback
  125 1 activationEnd id=72 outcome=ok
  130 1 activationBegin id=71`,
    );
    assert.doesNotMatch(pathOfRun(querySourceOf(other)).join('\n'), /pack wait/);
  });

  it('names the thread by the name that its maker gave it', () => {
    const { trace } = querySourceOf(WORKER);
    assert.deepEqual(
      trace.lanes.map(({ name }) => name),
      ['', 'packer-1'],
    );
  });

  it('waits for the worker where nothing tells what it executed', () => {
    const unseen = WORKER.replace(/^.*id=71 name.*\n/m, '')
      .replace(/^.*activationEnd id=71.*\n/m, '')
      .replace('link id=71', 'link');
    const source = querySourceOf(unseen);
    assert.deepEqual(pathOfRun(source).slice(0, 2), [
      '110 ask run a.ts:1',
      '840 ask wait a.ts:3 for worker packer-1',
    ]);
    assert.deepEqual(longestWaitText(source, 0), [
      'ask waited 840 ns at a.ts:3 for `answer` (worker packer-1).',
    ]);
  });

  it('takes no answer that was received before it was sent', () => {
    const answer = '900 1 link id=71 token=11 tokenHigh=9 resource=70 attempt=1 way=send kind=message\n';
    const late = WORKER.replace(answer, '').replace(
      '960 0 run',
      `955 1 link id=71${answer.slice(16)}  960 0 run`,
    );
    const path = pathOfRun(querySourceOf(late)).join('\n');
    assert.match(path, /840 ask wait a\.ts:3 for worker packer-1/);
    assert.doesNotMatch(path, /pack run/);
  });
});

const PARENT = `
  0 0 processBegin pid=9
  0 0 activationBegin id=1 name="ask" site="a.ts:1:1 function ask" kind=async-function
  10 0 resourceBegin creator=1 id=7 name="process b.ts (8)" kind=child site="a.ts:2:3 line ask"
  10 0 link id=1 token=8 tokenHigh=0 resource=7 way=send kind=spawn
  20 0 wait id=1 site="a.ts:3:3 await ask | answer" reason=future
  700 0 link token=1 tokenHigh=8 resource=7 attempt=1 way=receive kind=message
  700 0 wake woken=1 resource=7
  700 0 run id=1 resource=7 waker=external
  800 0 activationEnd id=1 outcome=ok
`;
const CHILD = `
  0 0 clock wall=1
  300 0 processBegin pid=8 parentPid=9
  400 0 activationBegin id=1 name="b.ts" site="b.ts:1:1 function <module>" kind=main
  650 0 link id=1 token=1 tokenHigh=8 attempt=1 way=send kind=message
  690 0 activationEnd id=1 outcome=ok
`;

describe('a wait for a child process', () => {
  const expected = [
    '10 ask run a.ts:1',
    '390 ask wait a.ts:2 for process b.ts (8)',
    '250 b.ts run b.ts:1',
    '50 ask wait a.ts:3 for process b.ts (8)',
    '100 ask run a.ts:3',
  ];

  it('goes on in the child, and from its begin in whoever began it', () => {
    assert.deepEqual(pathOfRun(querySourceOf(PARENT, CHILD)), expected);
  });

  it('does so in whatever order the two parts are read', () => {
    assert.deepEqual(pathOfRun(querySourceOf(CHILD, PARENT)), expected);
    assert.deepEqual(longestWaitText(querySourceOf(CHILD, PARENT), 1).slice(0, 2), [
      'ask waited 680 ns at a.ts:3 for `answer` (process b.ts (8)), which ran b.ts (b.ts:1) for 290 ns.',
      'It was ended by b.ts (b.ts:1).',
    ]);
    assert.deepEqual(longestWaitText(querySourceOf(PARENT, CHILD), 0).slice(0, 2), [
      'ask waited 680 ns at a.ts:3 for `answer` (process b.ts (8)), which ran b.ts (b.ts:1) for 290 ns.',
      'It was ended by b.ts (b.ts:1).',
    ]);
  });

  it('for its end goes on in what the child executed last', () => {
    const ended = PARENT.replace(
      '700 0 link token=1 tokenHigh=8 resource=7 attempt=1 way=receive kind=message',
      `695 0 resourceBegin id=6 name="the end of process b.ts (8)" kind=exit
       700 0 link token=8 tokenHigh=0 resource=6 way=receive kind=exit`,
    ).replaceAll(/(woken=1|run id=1) resource=7/g, '$1 resource=6');
    const child = `${CHILD}\n 692 0 processEnd exitCode=0 how=exit`;
    assert.deepEqual(pathOfRun(querySourceOf(ended, child)).slice(2), [
      '290 b.ts run b.ts:1',
      '10 ask wait a.ts:3 for the end of process b.ts (8)',
      '100 ask run a.ts:3',
    ]);
  });
});

describe('the messages of a worker that is busy', () => {
  it('lead the path through what it did before', () => {
    const busy = WORKER.replace('120 1 link token=10', '150 1 link token=10')
      .replace(
        '120 1 resourceBegin',
        '90 1 activationBegin id=60 name="warm" site="a.ts:20:1 function warm" kind=event-callback\n  150 1 activationEnd id=60 outcome=ok\n  150 1 resourceBegin',
      )
      .replace('120 1 activationBegin id=71', '155 1 activationBegin id=71');
    assert.deepEqual(pathOfRun(querySourceOf(busy)).slice(-6, -2), [
      '60 warm run a.ts:20',
      '5 pack idle',
      '745 pack run a.ts:9',
      '50 ask wait a.ts:3 for worker packer-1',
    ]);
  });
});

describe('a wait that a signal ended', () => {
  it('has the process that sent it for a waker', () => {
    const sender = `
      0 0 processBegin pid=9
      0 0 activationBegin id=1 name="stop" site="a.ts:1:1 function stop" kind=async-function
      500 0 link id=1 token=8 tokenHigh=15 way=send kind=signal
      600 0 activationEnd id=1 outcome=ok
    `;
    const receiver = `
      0 0 processBegin pid=8
      0 0 activationBegin id=1 name="serve" site="b.ts:1:1 function serve" kind=async-function
      10 0 wait id=1 site="b.ts:2:3 await serve | stopped" reason=future
      520 0 resourceBegin id=5 name="a signal" kind=io
      520 0 link token=8 tokenHigh=15 resource=5 way=receive kind=signal
      530 0 wake woken=1 resource=5
      540 0 run id=1 resource=5 waker=external
      900 0 activationEnd id=1 outcome=ok
    `;
    for (const parts of [
      [sender, receiver],
      [receiver, sender],
    ]) {
      const source = querySourceOf(...parts);
      const row = parts[0] === receiver ? 0 : 1;
      assert.equal(longestWaitText(source, row)[1], 'It was ended by stop (a.ts:1).');
    }
  });
});
