import assert from 'node:assert/strict';
import { describe as suite, it } from 'mocha';
import { overviewOf } from '../../../media/worker/words/overview.ts';
import { describeSelection } from '../../../media/worker/words/selection-details.ts';
import { Session, type Selected } from '../../../media/worker/session/session.ts';
import { summarize } from '../../../media/worker/words/summary.ts';
import { taskTable } from '../../../media/worker/words/task-table.ts';
import { treeName } from '../../../media/worker/words/tree-name.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';

function sessionOf(text: string): Session {
  const session = new Session(1, true);
  session.feed(0, fromText(text));
  session.updateFindings();
  return session;
}

const taskAt = (row: number, index: number): Selected => ({ kind: 'task', row, index, key: `t${row}` });

/** A task that waits and one that spins. Both spans are open at the last record, after 3 s. */
const SPINNING = `
  0 0 laneBegin osThread=1 kind=main
  0 0 activationBegin id=1 name="idler" kind=async-function
  1000 0 wait id=1 site="a.ts:3:5 await! idler | g()" reason=io
  2000 0 activationBegin id=2 site="a.ts:7:1 function spin" name="spin" kind=async-function
  3000002000 0 clock wall=1
`;

suite('The panel’s words', () => {
  it('count open spans up to now: a loop that spins, a wait that has not ended', () => {
    assert.equal(
      plain(summarize(sessionOf(SPINNING))),
      '3.00 s on one thread, 2 tasks. Longest in waiting: idler (3.00 s).',
    );
  });

  it('describe open spans as going on, and as over once the program was stopped', () => {
    const session = sessionOf(SPINNING);
    const allWords = () => [
      ...describeSelection(session, taskAt(0, 1)).sentences.map(plain),
      ...describeSelection(session, taskAt(1, 0)).sentences.map(plain),
      ...overviewOf(session).findings.map(({ words }) => plain(words)),
      ...taskTable(session, 'began', false).rows.map(({ state }) => state),
    ];
    assert.deepEqual(allWords(), [
      'idler has been waiting 3.00 s at a.ts:3 for I/O.',
      'Nothing has ended this wait yet.',
      'Meanwhile the thread was held for 3.00 s (> 99 %) by spin.',
      'idler has lived 3.00 s so far: it ran 1.0 µs and waited 3.00 s.',
      'spin has been running for 3.00 s and has not given the thread away since.',
      'spin has lived 3.00 s so far: it ran 3.00 s and waited 0 ns.',
      'spin has held the thread for 3.00 s and still does, running from its start at a.ts:7.',
      'wait',
      'run',
    ]);
    session.endTrace();
    session.updateFindings();
    assert.deepEqual(allWords(), [
      'idler waited 3.00 s at a.ts:3 for I/O, and was still waiting at the end.',
      'Nothing ended this wait.',
      'Meanwhile the thread was held for 3.00 s (> 99 %) by spin.',
      'idler lived 3.00 s and had not ended at the end: it ran 1.0 µs and waited 3.00 s.',
      'spin had been running for 3.00 s at the end, and had not given the thread away since.',
      'spin lived 3.00 s and had not ended at the end: it ran 3.00 s and waited 0 ns.',
      'spin held the thread for 3.00 s, to the very end, running from its start at a.ts:7.',
      'wait at the end',
      'run at the end',
    ]);
  });

  it('say what a task still waits for when it is selected as a whole', () => {
    const session = sessionOf(SPINNING);
    assert.deepEqual(describeSelection(session, taskAt(0, -1)).sentences.map(plain).slice(0, 2), [
      'idler has lived 3.00 s so far: it ran 1.0 µs and waited 3.00 s.',
      'idler has been waiting 3.00 s at a.ts:3 for I/O.',
    ]);
    assert.equal(describeSelection(session, taskAt(1, -1)).sentences.length, 1);
  });

  it('list the longest wait of each line, open ones included, each with its span', () => {
    const session = sessionOf(`${SPINNING}
      3000003000 0 wait id=2 site="a.ts:9:5 await! spin | h()" reason=io
      3000004000 0 run id=2
    `);
    assert.deepEqual(
      overviewOf(session).waits.map(({ words, place }) => [plain(words), place]),
      [
        ['idler has been waiting 3.00 s at a.ts:3 for I/O.', { task: 0, atNs: 1000, untilNs: 1000 }],
        ['spin waited 1.0 µs at a.ts:9 for I/O.', { task: 1, atNs: 3000003000, untilNs: 3000003000 }],
      ],
    );
  });

  it('show where the CPU time went, where a profiler was asked for', () => {
    assert.deepEqual(overviewOf(sessionOf(SPINNING)).cpu, []);
    const session = sessionOf(`${SPINNING}
      3000003000 0 profile duration=300 site="a.ts:7:1 line spin" samples=60 unit=ms
      3000003000 0 profile duration=100 name="module loading" samples=20 unit=ms
    `);
    assert.deepEqual(
      overviewOf(session).cpu.map(({ time, share, words }) => [time, share, plain(words)]),
      [
        ['300 ms', '75 %', 'a.ts:7 in spin, its own code'],
        ['100 ms', '25 %', 'module loading'],
        ['400 ms', '100 %', 'in all'],
      ],
    );
  });

  it('show the findings about a task with its selection and in its row of the table', () => {
    const session = sessionOf(SPINNING);
    const blocked = 'spin has held the thread for 3.00 s and still does, running from its start at a.ts:7.';
    const { findings } = describeSelection(session, taskAt(1, 0));
    assert.deepEqual(
      findings.map(({ severity, words, place }) => [severity, plain(words), place]),
      [['error', blocked, { task: 1, atNs: 2000, untilNs: 3000002000, site: 1 }]],
    );
    assert.deepEqual(describeSelection(session, taskAt(0, 0)).findings, []);
    assert.deepEqual(
      taskTable(session, 'finding', true).rows.map(({ name, finding }) => [name, finding]),
      [
        ['spin', `error: ${blocked}`],
        ['idler', ''],
      ],
    );
  });
});

suite('The name of a row in the tree', () => {
  it('is that of a handler or callback without its kind, which the sentences say', () => {
    assert.deepEqual(
      names(`
        0 0 laneBegin osThread=1 name="main" kind=main
        0 0 resourceBegin id=9 name="a request to the HTTP server" kind=io
        2 0 activationBegin id=1 of=9 name="get('/user') callback" site="/p/a.ts:4:3 function get('/user') callback" kind=async-function
        3 0 activationBegin id=2 name="on('data') callback" site="/p/a.ts:9:3 function on('data') callback" kind=event-callback
      `).slice(1),
      ["get('/user') | a.ts:4 | request handler get('/user')", "on('data') | a.ts:9 | on('data') callback"],
    );
  });

  const names = (text: string): string[] => {
    const session = sessionOf(text);
    session.layOutRows(18, true);
    return session.tree.list.map((row) => {
      const { name, hint, fullName: whole } = treeName(session, row);
      return `${name} | ${hint} | ${whole}`;
    });
  };

  it('begins with what tells it from others; kind and place go into the hint', () => {
    assert.deepEqual(
      names(
        `
        0 0 processBegin pid=7 argv="/usr/bin/node /p/producers-consumers.ts"
        0 0 laneBegin osThread=1 name="main" kind=main
        1 0 activationBegin id=1 name="<module>" site="/p/producers-consumers.ts:1:1 function <module>" kind=module
        2 0 activationBegin id=2 name="Queue.[Symbol.asyncIterator]" site="/p/producers-consumers.ts:36:3 function x" kind=async-generator
        3 0 activationBegin id=3 name="Store.load" site="/p/store.ts:4:3 function Store.load" kind=async-function
        4 0 activationBegin id=4 name="producers-consumers.ts" kind=main
        5 0 activationBegin id=5 name="setTimeout 5 ms callback" kind=timer-callback
        6 0 activationBegin id=6 name="setTimeout 5 ms callback" kind=timer-callback
      `,
      ),
      [
        'producers-consumers | main thread | producers-consumers.ts',
        'top level | producers-consumers.ts:1 | module producers-consumers.ts',
        'Queue.[asyncIterator] | producers-consumers.ts:36 | Queue.[Symbol.asyncIterator]',
        'Store.load | store.ts:4 | Store.load',
        'producers-consumers.ts | top level | producers-consumers.ts',
        'setTimeout 5 ms#1 | callback | setTimeout 5 ms callback#1',
        'setTimeout 5 ms#2 | callback | setTimeout 5 ms callback#2',
      ],
    );
  });

  it('tells a handler of HTTP requests from other callbacks, and numbers those of one line', () => {
    const site = 'site="/p/server.ts:12:30 function <anonymous>" name="<anonymous>" kind=async-function';
    assert.deepEqual(
      names(`
        0 0 processBegin pid=7 argv="node /p/server.ts"
        0 0 laneBegin osThread=1 kind=main
        1 0 resourceBegin id=2 name="a request to the HTTP server" kind=io
        2 0 activationBegin id=3 of=2 ${site}
        3 0 activationBegin id=4 of=2 ${site}
        4 0 activationBegin id=5 ${site.replace(':12:', ':20:')}
      `).slice(1),
      [
        'request handler#1 | server.ts:12 | request handler server.ts:12#1',
        'request handler#2 | server.ts:12 | request handler server.ts:12#2',
        'callback | server.ts:20 | callback at server.ts:20',
      ],
    );
  });
});

/** The line that an editor shows of each span of a task: "3", "4–6" where several lines ran. */
function linesOf(session: Session, row: number): string[] {
  return Array.from({ length: session.columns.rows.count(row) }, (_, index) => {
    const { source, details } = describeSelection(session, taskAt(row, index));
    const label =
      details.find(({ label: of }) => / (?:at|up to)$/.test(of) && of !== 'Begins at')?.label ?? '-';
    const { line, sinceLine = line } = source!;
    return `${label} ${sinceLine === line ? line : `${sinceLine}–${line}`}`;
  });
}

suite('The line of a span', () => {
  const START = `
    0 0 laneBegin osThread=1 kind=main
    0 0 activationBegin id=1 site="a.ts:1:1 function load" name="load" kind=async-function
    1000 0 wait id=1 site="a.ts:3:5 await! load | f()" reason=io
    2000 0 run id=1
    3000 0 wait id=1 site="a.ts:6:5 await! load | g()" reason=io
    4000 0 run id=1`;

  it('is of a run what ran: the lines behind its await, up to where it came', () => {
    const text = `${START}
      5000 0 wait id=1 site="a.ts:2:5 await! load | h()" reason=io
      6000 0 run id=1
      7000 0 activationEnd id=1 outcome=ok site="a.ts:9:5 return load | x"`;
    assert.deepEqual(linesOf(sessionOf(text), 0), [
      'Ran up to 3',
      'Waits at 3',
      'Ran up to 4–6',
      'Waits at 6',
      'Ran up to 2',
      'Waits at 2',
      'Ran up to 3–9',
      '- 1',
    ]);
  });

  it('is of a run that was looked at the line where it was seen longest', () => {
    const text = `${START}
      5000 0 held top=1 duration=1000 site="a.ts:30:1 line slow" how=sampled
      6000 0 held top=1 duration=4000 site="a.ts:31:1 line slow" how=sampled
      11000 0 clock wall=1`;
    const lines = linesOf(sessionOf(text), 0);
    assert.equal(lines.at(-1), 'Ran at 31', lines.join());
  });
});
