import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { About } from '../../../runtime/trace/queries/about.ts';
import { answerLines } from '../../../runtime/trace/queries/answer-lines.ts';
import { listFindings } from '../../../runtime/trace/queries/list-findings.ts';
import { moment } from '../../../runtime/trace/queries/moment.ts';
import { path, why, whyAll } from '../../../runtime/trace/queries/why.ts';
import { formatEventId } from '../../../runtime/trace/model/event-id.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { querySourceOf, unrefused } from '../../support/query-text.ts';

const MS = 1_000_000;
/** `main` waits 30 ms for a timer in `load`, then computes for 10 ms. */
const LOAD = `
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  ${MS} 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
  ${MS} 0 resourceBegin creator=2 id=8 name="setTimeout 30 ms" kind=timer
  ${MS} 0 wait id=2 site="a.ts:10:3 await! load | sleep(30)" for=8 reason=timer
  ${MS} 0 wait id=1 site="a.ts:3:3 await! main | load()" for=2 reason=task direct
  ${31 * MS} 0 activationBegin id=3 parent=2 of=8 name="setTimeout 30 ms callback" kind=timer-callback
  ${31 * MS} 0 wake woken=2 waker=3 resource=8
  ${31 * MS} 0 activationEnd id=3 outcome=ok
  ${31 * MS} 0 run id=2 waker=3 resource=8
  ${31 * MS} 0 activationEnd id=2 outcome=ok
  ${31 * MS} 0 run id=1 waker=2
  ${41 * MS} 0 activationEnd id=1 outcome=ok
`;
/** Nothing is left that could wake `main`. */
const HANGS = `
  0 0 processBegin pid=100
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  ${MS} 0 wait id=1 site="a.ts:3:3 await main | ready" reason=future
  ${50 * MS} 0 processEnd exitCode=13 how=exit
`;

const ask = (text: string, about: About = { kind: 'all' }): string[] => {
  const source = querySourceOf(text);
  return answerLines(source.trace, unrefused(why(source, about)));
};

describe('why', () => {
  describe('of other threads that were waited for at one line', () => {
    /** One worker after another, 20 ms each. */
    const workers = (number: number): string =>
      [
        '0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function',
        ...Array.from({ length: number }, (_, i) => {
          const [from, to] = [i * 20 * MS, (i + 1) * 20 * MS];
          return `
            ${from} 0 resourceBegin creator=1 id=${10 + i} name="worker#${i + 2}" kind=worker
            ${from} 0 wait id=1 site="a.ts:3:3 await main | inWorker(item)" for=${10 + i} reason=future
            ${to} 0 wake woken=1 resource=${10 + i}
            ${to} 0 run id=1 resource=${10 + i}`;
        }),
        `${number * 20 * MS} 0 activationEnd id=1 outcome=ok`,
      ].join('\n');

    it('sums up many', () => {
      const [verdict = '', , first = ''] = ask(workers(5));
      assert.match(verdict, /main waited there for workers, 5 times one after another\.$/);
      assert.match(first, /100 ms  100 %  a\.ts:3 `inWorker\(item\)`, workers$/);
    });

    it('names a few', () => {
      assert.match(ask(workers(2)).join('\n'), / 20 ms .* worker#2\n *20 ms .* worker#3/);
    });
  });

  it('says the first sentence of the gravest finding first', () => {
    const source = querySourceOf(HANGS);
    const answer = unrefused(why(source, { kind: 'all' }));
    assert.ok(plain(source.findings[0]!.words).startsWith(plain(answer.verdict)));
    assert.equal(answer.causes[0]!.rule, source.findings[0]!.rule);
  });

  it('says where most of the time went, where nothing was found', () => {
    assert.deepEqual(ask(LOAD), [
      '`sleep(30)` at a.ts:10 in load took 30 ms of the 41 ms of the run (73 %): main waited there for the timer setTimeout 30 ms.',
      'Where the time went:',
      '   30 ms   73 %  a.ts:10 `sleep(30)`, the timer setTimeout 30 ms',
      '   10 ms   24 %  a.ts:10 `sleep(30)`, running after it',
      '  1.0 ms    2 %  a.ts:1 in main, running',
      '   41 ms  100 %  in all',
    ]);
  });

  it('says first what awaits in a row would save, where that is half of the run and more', () => {
    const turn = (id: number): string => `
      ${(id - 10) * 40 * MS} 0 activationBegin id=${id} parent=1 name="init" kind=async-function
      ${(id - 10) * 40 * MS} 0 wait id=${id} reason=timer site="a.ts:9:3 await init | sleep(40)"
      ${(id - 10) * 40 * MS} 0 wait id=1 for=${id} direct reason=task site="a.ts:4:9 await!(effect-in-loop) boot | module.init()"
      ${(id - 9) * 40 * MS} 0 run id=${id} waker=external
      ${(id - 9) * 40 * MS} 0 activationEnd id=${id}
      ${(id - 9) * 40 * MS} 0 run id=1`;
    const verdictOf = (turns: string, endMs: number): string =>
      ask(`0 0 activationBegin id=1 name="boot" site="a.ts:2:1 function boot" kind=async-function
        ${turns}
        ${endMs * MS} 0 activationEnd id=1`)[0]!;
    const said = /^boot awaited 3 calls of `module\.init` one after another \(a\.ts:4\)/;
    assert.match(verdictOf(turn(10) + turn(11) + turn(12), 120), said);
    assert.doesNotMatch(verdictOf(turn(10) + turn(11) + turn(12), 220), said);
  });

  it('says where a timer was set whose callback has no line', () => {
    const lines = ask(`
      0 0 activationBegin id=1 name="a.js" site="a.js:1:1 function <module>" kind=main
      ${MS} 0 activationBegin id=2 name="on('message') callback" site="a.js:9:1 function on('message') callback" kind=event-callback
      ${MS} 0 resourceBegin creator=2 id=8 name="setTimeout 40 ms" kind=timer
      ${MS} 0 activationEnd id=2 outcome=ok
      ${MS} 0 activationEnd id=1 outcome=ok
      ${41 * MS} 0 activationBegin id=3 parent=2 of=8 name="setTimeout 40 ms callback" kind=timer-callback
      ${45 * MS} 0 activationEnd id=3 outcome=ok
    `);
    assert.equal(
      lines[0],
      "The timer setTimeout 40 ms took 40 ms of the 45 ms of the run (89 %): on('message') callback (a.js:9) had set it.",
    );
  });

  it('names what the program itself did longest, where most of the time was not its own', () => {
    const lines = ask(`
      0 0 activationBegin id=1 name="a.js" site="a.js:1:1 function <module>" kind=main
      ${MS} 0 activationEnd id=1 outcome=ok
      ${60 * MS} 0 activationBegin id=2 name="f" site="a.js:9:1 function test('adds')" kind=async-function
      ${61 * MS} 0 activationEnd id=2 outcome=ok
      ${70 * MS} 0 activationBegin id=3 name="g" site="a.js:12:1 function test('takes')" kind=async-function
      ${75 * MS} 0 activationEnd id=3 outcome=ok
    `);
    assert.equal(
      lines[0],
      'g at a.js:12 took longest of what the program itself did, 5.0 ms. ' +
        'Most of the time was not its own: not recorded, 68 ms of the 75 ms of the run (91 %).',
    );
  });

  it('says that modules were loaded, where the first line stands for that', () => {
    const [verdict, , row] = ask(`
      0 0 processBegin pid=100
      0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
      0 0 held top=1 duration=190 unit=ms name="module loading" how=unseen
      ${200 * MS} 0 activationEnd id=1 outcome=ok
      ${250 * MS} 0 processEnd exitCode=0 how=exit`).filter((line) => !line.startsWith('note: '));
    assert.equal(verdict, 'Loading modules took 200 ms of the 250 ms of the run (80 %), in main.');
    assert.equal(row?.trim(), '200 ms   80 %  a.ts:1 in main, loading modules');
  });

  it('speaks of what was followed, where the path is too long to be followed to its beginning', () => {
    const source = querySourceOf(LOAD);
    const { verdict, where } = whyAll(source, 1);
    assert.equal(
      plain(verdict),
      'main ran after its await at a.ts:10 for 10 ms of the 10 ms of the end of the run (100 %).',
    );
    assert.equal(where[0]!.resource, 'earlier than what was looked at');
  });

  it('answers of a line, also of one at which a waiting function was awaited', () => {
    const first =
      'main waited 30 ms at a.ts:10 (in load, called at a.ts:3) for `sleep(30)` (the timer setTimeout 30 ms).';
    assert.equal(ask(LOAD, { kind: 'line', file: 'a.ts', line: 10 })[0], first);
    assert.equal(ask(LOAD, { kind: 'line', file: 'a.ts', line: 3 })[0], first);
  });

  it('answers of a task by its name, its id or a part of its name', () => {
    for (const name of ['main', '0:1', 'mai']) {
      assert.match(ask(LOAD, { kind: 'task', name })[0]!, /^main waited 30 ms at a\.ts:10/);
    }
  });

  it('answers of a moment with what the run stood on', () => {
    assert.equal(
      ask(LOAD, { kind: 'time', t: 20 * MS })[0],
      'At 20 ms main waited at a.ts:10 for the timer setTimeout 30 ms; that took 30 ms, and the run stood on it.',
    );
  });

  it('refuses what the trace does not hold, and says what it holds', () => {
    const source = querySourceOf(LOAD);
    const refusals = (
      [
        { kind: 'line', file: 'b.ts', line: 1 },
        { kind: 'line', file: 'a.ts', line: 5 },
        { kind: 'task', name: 'save' },
        { kind: 'time', t: 90 * MS },
      ] as const
    ).map((about) => why(source, about));
    assert.deepEqual(refusals, [
      { refusal: 'no file b.ts was seen; the files are a.ts' },
      { refusal: 'nothing was recorded at a.ts:5; the nearest lines are 1, 3, 9, 10' },
      { refusal: 'no task is called "save"; the tasks are main, setTimeout 30 ms callback' },
      { refusal: 'the recording ends at 41 ms' },
    ]);
  });

  it('says what is missing as unseen, and never as the cause', () => {
    const source = querySourceOf(`${LOAD} ${41 * MS} 0 lost count=7 where=ring`);
    const answer = unrefused(why(source, { kind: 'all' }));
    assert.match(plain(answer.verdict), /^`sleep\(30\)`/);
    assert.deepEqual(answer.causes, []);
    assert.match(answer.unseen[0]!, /^7 records of \d+ are missing/);
  });

  it('gives for a whole trace the path whose pieces the table sums up', () => {
    const source = querySourceOf(LOAD);
    const pieces = unrefused(path(source, { kind: 'all' }));
    const { where, wholeNs } = unrefused(why(source, { kind: 'all' }));
    assert.equal(
      pieces.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0),
      wholeNs,
    );
    assert.equal(
      where.reduce((sum, { ns }) => sum + ns, 0),
      wholeNs,
    );
  });
});

describe('an event id', () => {
  it('is the number of the record among those of its process, and leads back to its moment', () => {
    const source = querySourceOf(HANGS);
    const [cause] = listFindings(source).causes;
    assert.deepEqual(cause!.events.map(formatEventId), [`0:${numberOf(HANGS, 'wait id=1')}`]);
    assert.deepEqual(source.events!.placeOf(cause!.events[0]!), { row: 0, t: MS });
    assert.equal(source.events!.placeOf({ process: 0, number: 99 }), null);
  });
});

/** The number of the record that this line of text becomes; its definitions come before it. */
function numberOf(text: string, words: string): number {
  const lines = text.trim().split('\n');
  const at = lines.findIndex((line) => line.includes(words));
  const upTo = querySourceOf(lines.slice(0, at + 1).join('\n'));
  return upTo.trace.processes[0]!.records;
}

describe('moment', () => {
  it('says of each task what it did, who runs first, and by which record it began', () => {
    const source = querySourceOf(LOAD);
    const answer = unrefused(moment(source, 35 * MS));
    assert.match(plain(answer.verdict), /^At 35 ms main ran, none was ready and none waited\.$/);
    assert.deepEqual(
      answer.moment!.tasks.map(({ task, state, sinceNs }) => [task, state, sinceNs]),
      [[0, 'run', 31 * MS]],
    );
    assert.deepEqual(answer.moment!.tasks[0]!.event, {
      process: 0,
      number: numberOf(LOAD, 'run id=1'),
    });
  });
});
