import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dueWhileHeld } from '../../../media/worker/layers/due-waits.ts';
import { sumShares } from '../../../media/worker/layers/folded-tasks.ts';
import { provingSpan } from '../../../media/worker/session/proving-span.ts';
import { Session } from '../../../media/worker/session/session.ts';
import { treeName } from '../../../media/worker/words/tree-name.ts';
import { spanLabel } from '../../../media/worker/words/span-words.ts';
import { toFindingView } from '../../../media/worker/words/overview.ts';
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

  it('stay where they failed', () => {
    assert.equal(program('100 0 activationEnd id=1 error="Error: no" outcome=error').tree.list.length, 3);
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
});
