import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('blocked-event-loop: poll held'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="poll" site="app.mjs:3:1 function poll" kind=async-function`;
const turn = (t: number): string => `
  ${t} 0 wait id=1 site="app.mjs:4:20 await poll | Promise.resolve()" reason=future direct yield
  ${t + 100} 0 run id=1 waker=1 waker=known`;
const end = (t: number): string => `
  ${t} 0 activationEnd id=1 outcome=ok
  ${t} 0 processEnd how=exit`;
const turns = (count: number, fromNs: number): string =>
  Array.from({ length: count }, (_, i) => turn(fromNs + i * 250_000)).join('');

describe('a loop that awaits what is settled already', () => {
  it('holds the thread, for each turn is a microtask', () => {
    deepEqual(rule(begin, turns(1200, 1000), end(400_000_000)), [
      'warning blocked-event-loop: poll held the thread for 300 ms: at app.mjs:4 it awaited what was settled ' +
        'already (`Promise.resolve()`), 1,200 times, and the event loop could not turn meanwhile. ' +
        'Await `setImmediate` of node:timers/promises, or the event itself.',
    ]);
  });

  it('is none where the loop delivered something in between, or where it was short', () => {
    const delivered = `
      150200000 0 activationBegin id=2 name="timer" site="app.mjs:8:1 function timer" kind=timer-callback
      150200001 0 activationEnd id=2 outcome=ok`;
    const waits = `
      150150000 0 wait id=1 site="app.mjs:5:5 await poll | sleep(1)" reason=timer direct`;
    const goes = `
      150200002 0 run id=1 waker=external`;
    deepEqual(
      rule(begin, turns(600, 1000), waits, delivered, goes, turns(600, 150_300_000), end(400_000_000)),
      [],
    );
    deepEqual(rule(begin, turns(500, 1000), end(400_000_000)), []);
  });

  it('is none in Python, where each turn is the loop’s', () => {
    deepEqual(
      rule(begin.replace('language=node', 'language=python'), turns(1200, 1000), end(400_000_000)),
      [],
    );
  });
});
