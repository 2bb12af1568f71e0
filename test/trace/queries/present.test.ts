import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import type { MomentView, TaskNode } from '../../../runtime/trace/messages/moment.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { presentView } from '../../../runtime/trace/queries/present.ts';
import { ResourcesNow } from '../../../runtime/trace/summaries/resources-now.ts';

function viewOf(...parts: readonly string[]): MomentView {
  const trace = new Trace();
  const resources = new ResourcesNow(trace);
  const fold = new Fold([resources], trace);
  parts.forEach((text, part) => fold.feed(part, fromText(text)));
  if (trace.problemCount > 0) throw new Error(trace.problems.join('\n'));
  return presentView(trace, resources);
}

/** A line each, indented: "main [run] runs". */
function textOf(nodes: readonly TaskNode[], indent = ''): string[] {
  return nodes.flatMap(({ name, state, words, children }) => [
    `${indent}${name}${state === null ? '' : ` [${state}]`}${words === '' ? '' : ` ${words}`}`,
    ...textOf(children, `${indent}  `),
  ]);
}

const START = `
  0 0 processBegin pid=7 argv="node\\n/shop.mjs"
  0 0 laneBegin name="main" kind=main osThread=7
  1 0 activationBegin id=1 name="main" site="shop.ts:1:1 function main" kind=async-function`;

const waiter = (id: number, t: number, resource: number, line = 9): string => `
  ${t} 0 activationBegin id=${id} parent=1 name="load" site="shop.ts:8:1 function load" kind=async-function
  ${t + 1} 0 wait id=${id} site="shop.ts:${line}:3 await load | lock.acquire()" reason=lock for=${resource}`;

const LOCK = `
  2 0 resourceBegin id=50 name="door" kind=lock capacity=1 bounded
  2 0 resourceBegin id=51 name="orders" kind=queue capacity=2 bounded`;

describe('the present, as the views show it', () => {
  it('is a tree of who began whom, with what each does', () => {
    const { tasks, living, waiting } = viewOf(
      `${START}${LOCK}
      3 0 acquire by=1 resource=50 holder=1${waiter(2, 4, 50)}`,
    );
    assert.deepEqual(textOf(tasks), ['main [run] runs', '  load [wait] waits for lock door']);
    assert.deepEqual([living, waiting], [2, 1]);
    assert.deepEqual(tasks[0]!.children[0]!.place, { file: 'shop.ts', line: 9, column: 3 });
    assert.equal(tasks[0]!.children[0]!.task, '0:2');
  });

  it('has one group of siblings that wait alike, and not of those that wait elsewhere', () => {
    const alike = [2, 3, 4, 5].map((id) => waiter(id, id * 10, 50)).join('');
    const { tasks } = viewOf(`${START}${LOCK}${alike}${waiter(6, 60, 50, 12)}`);
    const [group, other] = tasks[0]!.children;
    assert.equal(group!.kind, 'group');
    assert.equal(group!.name, '4 × load');
    assert.equal(group!.words, 'wait for lock door');
    // As long as the first of them.
    assert.equal(group!.forNs, 61 - 21);
    assert.equal(group!.children.length, 4);
    assert.equal(other!.kind, 'task');
  });

  it('leaves out what has ended, and shows its children under who still lives', () => {
    const { tasks } = viewOf(
      `${START}
      2 0 activationBegin id=2 parent=1 name="start" kind=async-function
      3 0 activationBegin id=3 parent=2 name="work" kind=async-function
      4 0 wait id=3 site="shop.ts:4:3 await work | io()" reason=io
      5 0 activationEnd id=2 outcome=ok`,
    );
    assert.deepEqual(textOf(tasks), ['main [run] runs', '  work [wait] waits for I/O']);
  });

  it('tells processes and threads apart only where there are several', () => {
    const other = `
      0 0 processBegin pid=8 argv="node\\n/worker.mjs"
      1 0 activationBegin id=1 name="serve" kind=async-function`;
    const { tasks } = viewOf(START, other);
    assert.deepEqual(textOf(tasks), [
      'shop.mjs (7)',
      '  main [run] runs',
      'worker.mjs (8)',
      '  serve [run] runs',
    ]);
  });

  it('says who holds a lock and who waits, and how full a queue is', () => {
    const { resources } = viewOf(
      `${START}${LOCK}
      3 0 acquire by=1 resource=50 holder=1
      3 0 put by=1 resource=51 depth=1 serial=1
      3 0 put by=1 resource=51 depth=2 serial=2${waiter(2, 4, 50)}`,
    );
    assert.deepEqual(
      resources.map(({ name, words, holders, waiters }) => [
        name,
        words,
        holders.map((use) => use.name).join(),
        waiters.map((use) => use.name).join(),
      ]),
      [
        ['door', 'held, 1 task waits', 'main', 'load'],
        ['orders', '2 of 2 items: full', '', ''],
      ],
    );
  });

  it('knows a lock that was given back, and one that nobody has taken yet, as free', () => {
    const { resources } = viewOf(
      `${START}${LOCK}
      3 0 acquire by=1 resource=50 holder=1
      4 0 release by=1 resource=50 left=1
      5 0 resourceBegin id=52 name="gate" kind=lock capacity=1 bounded`,
    );
    const free = resources.filter(({ kind }) => kind === 'lock');
    assert.deepEqual(
      free.map(({ words, holders }) => [words, holders.length]),
      [
        ['free', 0],
        ['free', 0],
      ],
    );
  });

  it('lists nobody among the waiters who was given the lock and has only not gone on yet', () => {
    const { resources } = viewOf(
      `${START}${LOCK}
      3 0 acquire by=1 resource=50 holder=1${waiter(2, 4, 50)}${waiter(3, 6, 50)}
      10 0 release by=1 resource=50 left=1
      11 0 acquire by=2 resource=50 holder=2`,
    );
    const [door] = resources;
    assert.equal(door!.words, 'held, 1 task waits');
    assert.equal(door!.holders[0]!.task, '0:2');
    assert.deepEqual(
      door!.waiters.map(({ task }) => task),
      ['0:3'],
    );
  });

  it('stays small with 10,000 tasks, and says how many it leaves out', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => waiter(100 + i, 100 + 2 * i, 50)).join('');
    const view = viewOf(`${START}${LOCK}${many}`);
    const group = view.tasks[0]!.children[0]!;
    assert.equal(view.living, 10_001);
    assert.equal(group.name, '10,000 × load');
    assert.equal(group.children.at(-1)!.name, '… 9,900 more');
    assert.equal(view.resources[0]!.more, 9950);
    assert.ok(JSON.stringify(view).length < 100_000);
  });
});
