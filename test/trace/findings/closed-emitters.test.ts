import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const MADE = 'a.ts:3:10 call ask | ';
const begin = (id: number, name: string, parent = ''): string =>
  `0 0 activationBegin id=${id} ${parent} name="${name}" kind=async-function site="a.ts:20:1 function ${name} | "`;
const WAIT = '1 0 wait id=2 site="a.ts:9:5 await! load | ask(key)" reason=future';
const awaited = `${begin(1, 'main')}
  ${begin(2, 'load', 'parent=1')}
  ${WAIT}
  1 0 wait id=1 for=2 site="a.ts:30:5 await! main | load(key)" reason=task`;
const closed = (amount: number, site = MADE, text = 'Socket data error', id = 'id=2'): string =>
  `${S + 1} 0 fact ${id} site="${site}" text="${text}" amount=${amount} what=emitter-closed`;
const told = (...lines: string[]): string[] =>
  findingsOf(lines.join('\n')).filter((line) => line.includes('never-settled'));

describe('a wait for an event of what has closed', () => {
  it('is told with the promise, its events and what it should listen to', () => {
    deepEqual(told(awaited, closed(5)), [
      "error never-settled: The promise of `ask` made at a.ts:3 waits for 'data' or 'error' of a Socket, which has " +
        'closed (its other side has ended): load waits for that at a.ts:9, for 1.00 s so far. Nothing more comes: let ' +
        "'close' settle it, too.",
    ]);
  });

  it('is told of one event that is awaited, of what has ended, and of what ran', () => {
    const at = closed(2, 'a.ts:9:3 line', 'ReadStream data', '');
    deepEqual(told(awaited, at), [
      "error never-settled: load waits at a.ts:9 for 'data' of a ReadStream, which has ended, for 1.00 s so far. " +
        "Nothing more comes: let 'end' settle it, too.",
    ]);
    const [words] = told(awaited, closed(1, MADE, 'ChildProcess message'));
    deepEqual(
      words!.replace(/.*'message'/, ''),
      [
        ' of a ChildProcess, which has exited: load waits for that at a.ts:9, for 1.00 s so far. Nothing more comes: ' +
          "let 'exit' settle it, too.",
      ][0],
    );
  });

  it('is not told once the wait is over, and is information where nobody waits and all went well', () => {
    const woken = `${2 * S} 0 wake woken=2\n${2 * S} 0 run id=2`;
    deepEqual(told(awaited, closed(5), woken), []);
    const alone = `${begin(2, 'load')}\n${WAIT}`;
    deepEqual(told(alone, closed(5), `${3 * S} 0 processEnd how=exit`)[0]?.split(' ')[0], 'info');
  });
});
