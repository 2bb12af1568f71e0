import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const DATA = `site="a.mjs:7:25 function on('data') callback" name="on('data') callback" of=6 kind=event-callback`;
const heard = (t: number, resource: number, kind: string): string =>
  `${t} 0 link token=41 resource=${resource} way=receive kind=${kind}`;
/** \`build\` begins a child, listens to its output and waits for an event of it. */
const begun = (text: string, reason: string): string => `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/a.mjs"
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="build" site="a.mjs:3:1 function build" kind=async-function
  2 0 resourceBegin id=5 name="the end of process sh (41)" kind=exit
  2 0 resourceBegin id=6 name="the output of process sh (41)" kind=output
  3 0 wait id=1 site="a.mjs:9:3 await build | ${text}" for=7 reason=${reason}
  ${heard(10 * MS, 6, 'output')}
  ${10 * MS} 0 activationBegin id=2 ${DATA}
  ${10 * MS + 1} 0 activationEnd id=2 outcome=ok`;
const late = `
  ${heard(200 * MS, 6, 'output')}
  ${200 * MS} 0 activationBegin id=9 ${DATA}
  ${200 * MS + 1} 0 activationEnd id=9 outcome=ok`;
/** A listener for \`event\` ends the wait. */
const called = (t: number, event: string, id: number): string => `
  ${heard(t, 5, 'exit')}
  ${t} 0 activationBegin id=${id} site="a.mjs:8:20 function on('${event}') callback" name="on('${event}') callback" of=5 kind=event-callback
  ${t + 1} 0 wake woken=1 waker=${id}
  ${t + 2} 0 activationEnd id=${id} outcome=ok
  ${t + 3} 0 run id=1 waker=${id} waker=known`;
const found = (text: string): string[] =>
  findingsOf(text).filter((line) => line.includes('output-after-exit'));
const PROMISE = 'new Promise(over)';

describe('output that comes after the exit of a child was waited for', () => {
  const told = (line: number): string =>
    `warning output-after-exit: build went on at the 'exit' of the child process 41 (a.mjs:${line}), and its output went on for 180 ms after that: ` +
    "1 piece came too late (a.mjs:7). Wait for 'close': it comes when the output has ended, too.";

  it('is told where a listener for the exit, or a wait for it, let the program go on', () => {
    deepEqual(found(begun(PROMISE, 'future') + called(20 * MS, 'exit', 3) + late), [told(8)]);
    const waited = `\n${heard(20 * MS, 5, 'exit')}\n${20 * MS + 3} 0 run id=1`;
    deepEqual(found(begun("once(child, 'exit')", 'event') + waited + late), [told(9)]);
  });

  it('is none where nothing came after it, or it was close that was waited for', () => {
    deepEqual(found(begun(PROMISE, 'future') + called(20 * MS, 'exit', 3)), []);
    deepEqual(found(begun(PROMISE, 'future') + called(20 * MS, 'close', 3) + late), []);
  });

  it('is none where the end of the output was waited for after that', () => {
    const again = `\n${30 * MS} 0 wait id=1 site="a.mjs:11:3 await build | closed" for=8 reason=future`;
    deepEqual(
      found(
        begun(PROMISE, 'future') + called(20 * MS, 'exit', 3) + again + late + called(210 * MS, 'close', 4),
      ),
      [],
    );
  });
});
