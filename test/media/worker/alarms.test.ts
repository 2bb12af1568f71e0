import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dueWhileHeld } from '../../../media/worker/layers/due-waits.ts';
import { sumShares } from '../../../media/worker/layers/folded-tasks.ts';
import { labelledUntilNs } from '../../../media/worker/layers/span-labels.ts';
import { alarmsOf } from '../../../media/worker/session/alarms.ts';
import { provingSpan } from '../../../media/worker/session/proving-span.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { treeName } from '../../../media/worker/words/tree-name.ts';
import { spanLabel } from '../../../media/worker/words/span-words.ts';
import { toFindingView } from '../../../media/worker/words/overview.ts';
import type { PathView, TreeOptions } from '../../../media/messages.ts';
import { RunPaths } from '../../../media/worker/session/run-path.ts';
import { DEFAULT_TREE_OPTIONS } from '../../../media/worker/session/row-tree.ts';
import { graphView } from '../../../media/worker/words/graph-view.ts';
import { pathView } from '../../../media/worker/words/path-view.ts';
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

function sessionOf(text: string): Session {
  const session = new Session(1, false);
  session.feed(0, fromText(text));
  session.endTrace();
  session.updateFindings();
  session.layOutRows(18, true);
  return session;
}

/** `spin` holds the thread for 3 s; `tick` sleeps 50 ms meanwhile, and its timer is due. */
const HELD = sessionOf(`
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 site="/p/a.ts:1:1 function tick" name="tick" kind=async-function
  500 0 resourceBegin creator=1 id=5 name="setTimeout 50 ms" kind=timer
  1000 0 wait id=1 site="/p/a.ts:3:9 await! tick | sleep(50)" for=5 reason=timer
  2000 0 activationBegin id=2 site="/p/a.ts:7:1 function spin" name="spin" kind=async-function
  3000002000 0 wait id=2 site="/p/a.ts:9:5 await! spin | read()" reason=io
  3000003000 0 run id=1
  3000004000 0 activationEnd id=1 outcome=ok
`);

describe('What stands out in the picture', () => {
  it('is what the verdict is about, and nothing else', () => {
    assert.deepEqual([...HELD.alarms.keys()], [1]);
    const alarm = HELD.alarms.get(1)!;
    assert.deepEqual([alarm.kind, alarm.isDeadlock, alarm.fromNs], ['culprit', false, 2000]);
  });

  it('grows with a program that runs, as far as what is told goes on', () => {
    const session = new Session(1, true);
    session.feed(
      0,
      fromText(`
        0 0 laneBegin osThread=1 name="main" kind=main
        0 0 activationBegin id=2 site="/p/a.ts:7:1 function spin" name="spin" kind=async-function
        900000000 0 times ran=900000000
      `),
    );
    session.updateFindings();
    assert.deepEqual(
      [...session.alarms.values()].map(({ goesOn }) => goesOn),
      [true],
    );
    assert.deepEqual(
      [...HELD.alarms.values()].map(({ goesOn }) => goesOn),
      [false],
    );
  });

  it('is the end of the row that failed, where its error came to light afterwards', () => {
    const session = sessionOf(`
      0 0 laneBegin osThread=1 name="main" kind=main
      0 0 activationBegin id=1 site="/p/a.ts:1:1 line <main>" name="a.ts" kind=main
      1000 0 activationBegin id=2 parent=1 site="/p/a.ts:1:1 function <module>" name="a.ts" kind=module
      2000 0 wait id=2 site="/p/a.ts:3:1 await! <module> | sleep(10)" reason=timer
      3000 0 activationEnd id=1 outcome=ok
      10000000 0 run id=2
      10001000 0 activationEnd id=2 outcome=error error="Error: no"
      14000000 0 fact id=1 text="Error: no" what=uncaught site="/p/a.ts:2:9 line f"
      15000000 0 processEnd exitCode=1 how=uncaught
    `);
    // The tree knows by now which rows have none of their own.
    session.updateFindings();
    const [[row, { fromNs, toNs }] = [-1, { fromNs: 0, toNs: 0 }]] = [...session.alarms];
    assert.deepEqual([row, fromNs, toNs], [1, 10_001_000, 10_001_000]);
  });

  it('is no label where a timer is due: what holds it up is to be seen', () => {
    const row = HELD.tree.list.find(({ kind, index }) => kind === 'task' && index === 0)!;
    const waits = HELD.columns.rows.span(0, 1);
    assert.equal(labelledUntilNs(HELD, row, waits), 50_001_000);
    const spin = HELD.columns.rows.span(1, 1);
    const ofSpin = HELD.tree.list.find(({ kind, index }) => kind === 'task' && index === 1)!;
    assert.equal(labelledUntilNs(HELD, ofSpin, spin), HELD.trace.endNs);
  });

  it('is each task of a finding in its own time, though the finding began with the first', () => {
    const session = sessionOf(`
      0 0 laneBegin osThread=1 name="main" kind=main
      0 0 activationBegin id=1 site="/p/a.ts:3:1 function serve" name="serve" kind=event-callback
      300000000 0 activationEnd id=1 outcome=ok
      300000000 0 activationBegin id=2 site="/p/a.ts:3:1 function serve" name="serve" kind=event-callback
      600000000 0 activationEnd id=2 outcome=ok
    `);
    const { trace, columns: spans, holders } = session;
    const held: Finding = { ...session.findings[0]!, tasks: [0, 1], sinceNs: 0, t: 300_000_000 };
    const alarms = alarmsOf({ trace, spans, holders }, [held]);
    const times = [...alarms].map(([row, { fromNs, toNs }]) => [row, fromNs, toNs]);
    assert.deepEqual(times, [
      [0, 0, 300_000_000],
      [1, 300_000_000, 600_000_000],
    ]);
  });

  it('is a deadlock at the end of the trace, whatever the findings call it', () => {
    const session = sessionOf(`
      0 0 resourceBegin id=8 name="x" kind=lock capacity=1 bounded
      0 0 resourceBegin id=9 name="y" kind=lock capacity=1 bounded
      1 0 activationBegin id=1 name="a" kind=async-function
      2 0 acquire by=1 resource=8 holder=1
      3 0 wait id=1 reason=timer
      4 0 activationBegin id=2 name="b" kind=async-function
      5 0 acquire by=2 resource=9 holder=2
      6 0 wait id=2 site="bank.ts:9:3 await b | x.acquire()" reason=lock for=8
      7 0 run id=1
      8 0 wait id=1 site="bank.ts:6:3 await a | y.acquire()" reason=lock for=9
      20000000 0 clock wall=1
    `);
    assert.deepEqual(
      [...session.alarms.values()].map(({ isDeadlock }) => isDeadlock),
      [true, true],
    );
    const graph = graphView(session, session.trace.endNs);
    assert.deepEqual(
      graph.edges.map(({ from, to, label, isCycle }) => [from, to, label, isCycle]),
      [
        [1, 0, 'x', true],
        [0, 1, 'y', true],
      ],
    );
    assert.match(plain(graph.words[0]!), /^a holds .*x and waits .* for lock y/);
  });

  it('a circle that a finding puts together is in the graph, and on the waits whom they wait for', () => {
    const asks = (line: number, text: string): string => `a.ts:${line}:5 await! move | ${text}`;
    const task = (id: number, has: number, wants: number): string => `
      ${id}0 0 activationBegin id=${id} name="move" kind=async-function
      ${id}1 0 use by=${id} resource=${has} site="${asks(3, 'lock.acquire()')}" how=got
      ${id}2 0 use by=${id} resource=${wants} site="${asks(4, 'other.acquire()')}" how=asks
      ${id}3 0 activationBegin id=${id + 4} parent=${id} name="acquire" kind=async-function
      ${id}4 0 wait id=${id + 4} site="a.ts:9:5 await! acquire | new Promise(f)" reason=future
      ${id}5 0 wait id=${id} for=${id + 4} site="${asks(4, 'other.acquire()')}" reason=task direct`;
    const session = sessionOf(`
      0 0 resourceBegin id=90 site="${asks(3, 'lock.acquire()')}" name="anna" kind=foreign
      1 0 resourceBegin id=91 site="${asks(3, 'lock.acquire()')}" name="bert" kind=foreign
      ${task(1, 90, 91)} ${task(2, 91, 90)}
      999 0 processEnd how=exit
    `);
    const graph = graphView(session, session.trace.endNs);
    assert.match(plain(graph.words[0]!), /^move#1 has anna .* waits for bert .*: a deadlock\.$/);
    const [first, second] = graph.nodes.map(({ task: row }) => row).sort((a, b) => a - b) as [number, number];
    assert.deepEqual(
      graph.edges.map(({ from, to, label, isCycle }) => [from, to, label, isCycle]),
      [
        [first, second, 'bert', true],
        [second, first, 'anna', true],
      ],
    );
    session.layOutRows(18, true);
    const row = session.tree.list.find(({ kind, index }) => kind === 'task' && index === first)!;
    const open = session.columns.rows.span(first, session.columns.rows.count(first) - 1);
    assert.match(spanLabel(session, row, open), /^← move#2 · /);
    const before = graphView(session, 5);
    assert.ok(!before.edges.some(({ isCycle }) => isCycle), 'nobody waits yet');
  });

  it('is nothing where there is no verdict', () => {
    const quiet = sessionOf(`
      0 0 activationBegin id=1 site="/p/a.ts:1:1 function tick" name="tick" kind=async-function
      1000 0 wait id=1 reason=timer
      2000 0 run id=1
      3000 0 activationEnd id=1 outcome=ok
    `);
    assert.equal(quiet.alarms.size, 0);
  });

  it('a timer that is due while another holds the thread is due, not idle', () => {
    const span = HELD.columns.rows.span(0, 1);
    const held = dueWhileHeld(HELD, 0, span);
    assert.deepEqual(held, [{ fromNs: 50_001_000, toNs: 3_000_002_000 }]);
    const spinning = HELD.columns.rows.span(1, 1);
    assert.deepEqual(dueWhileHeld(HELD, 1, spinning), [], 'I/O tells no time');
  });

  it('its proof is the span that has most of the time, not the first one of some microseconds', () => {
    const session = sessionOf(`
      0 0 activationBegin id=1 site="/p/a.ts:1:1 function resize" name="resize" kind=async-function
      6000 0 wait id=1 reason=io
      9000 0 run id=1
      232009000 0 wait id=1 reason=io
      233000000 0 clock wall=1
    `);
    const { place } = toFindingView(session.findings[0]!);
    assert.equal(provingSpan(session, 0, { ...place, atNs: 0 }), 2);
    assert.equal(provingSpan(session, 0, { task: 0, atNs: 0, untilNs: 0 }), 0);
  });
});

describe('The label of a wait', () => {
  const session = sessionOf(`
    0 0 laneBegin osThread=1 name="main" kind=main
    0 0 resourceBegin id=9 name="db" kind=lock capacity=1 bounded
    0 0 activationBegin id=1 site="/p/a.ts:1:1 function holder" name="holder" kind=async-function
    10 0 acquire by=1 resource=9 holder=1
    20 0 wait id=1 site="/p/a.ts:2:9 await! holder | sleep(50)" reason=timer
    30 0 activationBegin id=2 site="/p/a.ts:5:1 function waiter" name="waiter" kind=async-function
    40 0 wait id=2 site="/p/a.ts:6:9 await! waiter | db.acquire()" for=9 reason=lock
    50 0 run id=1
    60 0 release by=1 resource=9 left=1
    70 0 wake woken=2 waker=1 resource=9
    80 0 activationEnd id=1 outcome=ok
    90 0 run id=2 waker=1 resource=9
    99 0 activationEnd id=2 outcome=ok
  `);
  const labelOf = (task: number, index: number): string => {
    const row = session.tree.list.find(({ kind, index: of }) => kind === 'task' && of === task)!;
    return spanLabel(session, row, session.columns.rows.span(task, index));
  };

  it('says first for whom it is', () => {
    assert.equal(labelOf(1, 1), '← holder · db.acquire()');
  });

  it('names nobody where the world is waited for', () => {
    assert.equal(labelOf(0, 1), 'sleep(50)');
  });
});

describe('Rows that say nothing', () => {
  const program = (loader: string): Session =>
    sessionOf(`
      0 0 laneBegin osThread=1 name="main" kind=main
      0 0 activationBegin id=1 name="a.ts" kind=main
      ${loader}
      200000 0 activationBegin id=2 parent=1 site="/p/a.ts:1:1 module <module>" name="<module>" kind=module
      210000 0 wait id=2 reason=timer
      300000 0 run id=2
      310000 0 activationEnd id=2 outcome=ok
    `);
  const names = (session: Session): string[] => session.tree.list.map((row) => treeName(session, row).name);

  it('are left out: what only ran a module of its lane has no row', () => {
    const session = program('205000 0 activationEnd id=1 outcome=ok');
    assert.deepEqual(
      session.tree.list.map(({ kind, index, depth }) => [kind, index, depth]),
      [
        ['lane', 0, 0],
        ['task', 1, 1],
      ],
    );
    assert.equal(names(session).length, 2);
  });

  it('are one row where callbacks of one name did next to nothing; others stand by themselves', () => {
    const callback = (id: number, runNs: number): string => `
      ${id}000000 0 activationBegin id=${id} site="/p/a.ts:2:1 call sleep" name="timer" kind=timer-callback
      ${id * 1e6 + runNs} 0 activationEnd id=${id} outcome=ok`;
    const rows = (runNs: number): string[] =>
      names(
        sessionOf(`0 0 laneBegin osThread=1 kind=main
        ${[1, 2, 3].map((id) => callback(id, runNs)).join('')}`),
      ).slice(1);
    assert.equal(rows(5000).length, 1);
    assert.match(rows(5000)[0]!, /^3 × timer/);
    assert.equal(rows(900_000).length, 1);
    assert.equal(rows(1_000_001).length, 3, 'a callback that ran longer says something');
  });

  it('stay where they failed', () => {
    assert.equal(program('100 0 activationEnd id=1 error="Error: no" outcome=error').tree.list.length, 3);
  });
});

describe('The critical path in the panel', () => {
  const path = (range: Interval): PathView => pathView(HELD, new RunPaths(HELD).of(null), range);

  it('is the pieces in the order of time, and where their time went', () => {
    const view = path({ fromNs: 0, toNs: HELD.trace.endNs });
    assert.equal(view.of, 'the run');
    const spin = view.pieces.find(({ words }) => plain(words).startsWith('spin ran'))!;
    assert.deepEqual([spin.kind, spin.time], ['run', '2.95 s']);
    assert.equal(view.where.at(-1)!.share, '100 %');
  });

  it('is cut to what is in view, and says so', () => {
    const view = path({ fromNs: 1e9, toNs: 1.5e9 });
    assert.equal(view.of, 'what is in view of the run');
    assert.deepEqual(
      view.pieces.map(({ time }) => time),
      ['500 ms'],
    );
    assert.match(plain(view.where[0]!.words), /a\.ts:7/);
  });
});

describe('The order of rows', () => {
  const session = sessionOf(`
    0 0 laneBegin osThread=1 name="main" kind=main
    0 0 activationBegin id=1 site="/p/a.ts:1:1 function quick" name="quick" kind=async-function
    10 0 activationEnd id=1 outcome=ok
    20 0 activationBegin id=2 site="/p/a.ts:5:1 function slow" name="slow" kind=async-function
    90 0 activationEnd id=2 outcome=ok
    100 0 activationBegin id=3 site="/p/a.ts:1:1 function quick" name="quick" kind=async-function
    105 0 activationEnd id=3 outcome=ok
  `);
  const { tree } = session;
  const names = (options: Partial<TreeOptions>): string[] => {
    tree.options = { ...DEFAULT_TREE_OPTIONS, ...options };
    session.layOutRows(18, true);
    return tree.list.slice(1).map((row) => treeName(session, row).name);
  };

  it('is that of their begins, or of the time run', () => {
    assert.deepEqual(names({}), ['quick#1', 'slow', 'quick#2']);
    assert.deepEqual(names({ sort: 'run' }), ['slow', 'quick#1', 'quick#2']);
  });

  it('puts tasks of one name into a row that can be opened', () => {
    assert.deepEqual(names({ groupsNames: true }), ['2 × quick', 'slow']);
    tree.toggle(tree.list[1]!.key);
    assert.deepEqual(names({ groupsNames: true }), ['2 finished', 'quick#1', 'quick#2', 'slow']);
    tree.toggle(tree.list[1]!.key);
  });

  it('leaves out what was not found, and has pinned rows first', () => {
    tree.found = new Set([1]);
    assert.deepEqual(names({ onlyFound: true }), ['slow']);
    names({});
    tree.togglePin('t2');
    session.layOutRows(18, true);
    assert.equal(tree.list[0]!.key, 't2');
    assert.deepEqual(
      tree.list.map(({ y }) => y),
      [0, 18, 36, 54],
    );
    tree.togglePin('t2');
  });
});

describe('An object of plain code', () => {
  it('has a level: how many tasks wait for it', () => {
    const session = sessionOf(`
      0 0 laneBegin osThread=1 name="main" kind=main
      0 0 resourceBegin id=9 name="limit" kind=foreign
      1 0 activationBegin id=1 name="a" kind=async-function
      2 0 wait id=1 reason=value for=9
      3 0 activationBegin id=2 name="b" kind=async-function
      4 0 wait id=2 reason=value for=9
      5 0 run id=1
      6 0 activationEnd id=1 outcome=ok
      9 0 clock wall=1
    `);
    const level = session.columns.levels[0]!;
    const moves = Array.from({ length: level.count }, (_, i) => [level.time(i), level.level(i)]);
    assert.deepEqual(moves, [
      [2, 1],
      [4, 2],
      [5, 1],
    ]);
    assert.ok(session.tree.list.some(({ kind }) => kind === 'resource'));
  });
});

describe('The density of folded tasks', () => {
  it('is how many lived at once, by what they did; a sample stands for all', () => {
    const lines = ['0 0 laneBegin osThread=1 kind=main'];
    for (let id = 1; id <= 400; id++)
      lines.push(
        `${id} 0 activationBegin id=${id} name="w" kind=async-function`,
        `${id} 0 wait id=${id} reason=timer`,
      );
    for (let id = 1; id <= 400; id++) lines.push(`${1000 + id} 0 activationEnd id=${id} outcome=ok`);
    const session = sessionOf(lines.join('\n'));
    const fold = session.tree.list.find(({ kind }) => kind === 'ended')!;
    const members = session.tree.foldMembers(fold.key);
    assert.equal(members.length, 400);
    const { sums, max } = sumShares(session, members, { startNs: 500, nsPerPixel: 100 }, 4);
    assert.equal(Math.round(max), 400);
    assert.deepEqual([...sums.slice(0, 4)].map(Math.round), [0, 0, 0, 400], 'all of them sleep');
  });

  it('its proof is the wait at its line, and never what comes after the end of the row', () => {
    const session = sessionOf(`
      0 0 activationBegin id=1 site="/p/a.ts:1:1 function query" name="query" kind=async-function
      1000 0 wait id=1 site="/p/a.ts:3:3 await query | sleep(9)" reason=timer
      9000000 0 run id=1
      9001000 0 wait id=1 site="/p/a.ts:5:3 await query | before" reason=future
      12000000 0 run id=1
      12001000 0 activationEnd id=1 outcome=ok
      90000000 0 clock wall=1
    `);
    const place = { task: 0, atNs: 0, untilNs: 90_000_000 };
    const textOf = (index: number): string =>
      session.trace.sites[session.columns.rows.span(0, index).ref]?.text ?? '';
    assert.equal(textOf(provingSpan(session, 0, place)), 'sleep(9)');
    const site = session.trace.sites.findIndex(({ line }) => line === 5);
    assert.equal(textOf(provingSpan(session, 0, { ...place, site })), 'before');
  });
});
