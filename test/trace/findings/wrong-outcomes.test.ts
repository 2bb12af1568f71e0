import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.12.1" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" kind=main
3 0 activationBegin id=2 parent=1 site="a.py:3:1 function work" name="ann" kind=asyncio-task ready
4 0 activationBegin id=3 parent=1 site="a.py:3:1 function work" name="ben" kind=asyncio-task ready
`;
const of = (rule: string, records: string): string[] =>
  findingsOf(BEGIN + records).filter((line) => line.includes(`${rule}: `));

describe('a task that is cancelled for all who wait for it', () => {
  const fact = (t: number, id: number, called: string, how: string): string =>
    `${t} 0 fact id=${id} site="a.py:9:5 await get" called="${called}" text="load|get|${how}" what=shared-cancel\n`;

  it('is told with whose time limit it was, and who else waited', () => {
    deepEqual(
      of(
        'shared-cancel',
        fact(7, 2, 'a.py:20:5 call peek', 'wait_for') + fact(8, 3, 'a.py:20:5 call peek', 'wait_for'),
      ),
      [
        'error shared-cancel: The time limit of `peek` (`wait_for`) at a.py:20 cancelled `load`, which it shares at a.py:9 ' +
          'with ann and ben: a cancellation passes on to what is awaited, and they got a CancelledError that was not meant ' +
          'for them. `await asyncio.shield(task)` keeps it from a task that others wait for, too.',
      ],
    );
  });

  it('is told with who cancelled it, where that was no time limit', () => {
    const [line = ''] = of('shared-cancel', fact(7, 2, 'a.py:20:5 call main', ''));
    deepEqual(
      line.split(', which')[0],
      'error shared-cancel: The cancellation of `get` at a.py:20 cancelled `load`',
    );
  });
});

describe('a ContextVar in a thread', () => {
  const fact = (id: number, text: string): string =>
    `9 0 fact id=${id} site="a.py:6:5 call book" called="a.py:12:5 call post" text="${text}" what=lost-context\n`;

  it('is told with where it was set, and how the call got there', () => {
    deepEqual(
      of(
        'lost-context',
        `8 0 fact id=2 site="a.py:11:5 call request" text="user" what=context-set\n` +
          fact(2, 'user|run_in_executor|default') +
          fact(3, 'user|run_in_executor|default'),
      ),
      [
        'warning lost-context: `run_in_executor` at a.py:12 does not carry the context over to the thread: `book` reads ' +
          '`user` there, at a.py:6, and gets its default, 2 times, not what `request` set at a.py:11. `asyncio.to_thread` ' +
          'carries it, as does `contextvars.copy_context().run` as the function.',
      ],
    );
  });

  it('may have no default, and be set where nobody saw it', () => {
    deepEqual(of('lost-context', fact(2, 'user|submit|')), [
      'warning lost-context: `submit` at a.py:12 does not carry the context over to the thread: `book` reads `user` there, ' +
        'at a.py:6, and finds no value. Give it `contextvars.copy_context().run` and the function as its first argument.',
    ]);
  });
});

describe('results and what they are of', () => {
  it('are told with both lines', () => {
    deepEqual(
      of(
        'completion-order',
        '9 0 fact id=2 site="a.py:6:5 call run" called="a.py:8:5 call run" text="scores|answers|as_completed" what=completion-order\n',
      ),
      [
        'error completion-order: `run` collects `scores` in the order in which they are done (`as_completed`, a.py:6), which ' +
          'was another than that of `answers`, and pairs the two by their place at a.py:8: they belong to others. Go through ' +
          'the futures themselves, or use `map` of the pool, or `asyncio.gather`.',
      ],
    );
  });
});

describe('what a process changes for itself', () => {
  const fact = (how: string): string =>
    `9 0 fact id=1 site="a.py:6:5 call count" called="a.py:18:5 call main" text="totals|count|${how}|main" what=own-copy\n`;

  it('is told with who reads it elsewhere', () => {
    deepEqual(of('own-copy', fact('the pool')), [
      'warning own-copy: `count` changes `totals` at a.py:6 in the processes of the pool, each of which has a copy: what ' +
        '`main` reads at a.py:18 stays as it was. Return it from `count`, and put the results together in the parent.',
    ]);
    deepEqual(of('own-copy', fact('a process')), [
      'warning own-copy: `count` changes `totals` at a.py:6 in a process of its own, which has a copy: what `main` reads at ' +
        'a.py:18 stays as it was. Send it back by a queue, or use what a `multiprocessing.Manager` or `Value` shares.',
    ]);
  });
});
