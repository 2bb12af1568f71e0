import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const at = (ms: number, record: string): string => `${ms * MS} 0 ${record}`;
const run = (id: number, ms: number): string =>
  at(ms, `activationBegin id=${id} name="show" site="a.ts:3:1 function show" kind=async-function`);
const begin = (apartMs = 50): string[] => [
  at(0, 'processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"'),
  at(0, 'laneBegin name="main" kind=main'),
  run(1, 10),
  at(10, 'wait id=1 reason=io'),
  run(2, 10 + apartMs),
  at(10 + apartMs, 'wait id=2 reason=io'),
];
const SITE = 'site="a.ts:5:3 call show | "';
const stale = (ms: number, amount = 1, text = 'view.rows', site = SITE): string[] => [
  at(ms, `fact id=2 ${site} amount=${amount} what=stale-newer`),
  at(ms, `fact id=1 ${site} text="${text}" amount=${amount} what=stale-write`),
];
const over = (ms: number): string => at(ms, `fact id=2 ${SITE} amount=1 what=stale-over`);
const end = at(1000, 'processEnd how=exit');
const rule = (...lines: string[]): string[] =>
  findingsOf(lines.join('\n')).filter((line) => line.includes('stale-write'));
const words = (what: string, how: string): string =>
  `warning stale-write: ${what} set at a.ts:5 from the answer of show#1 after that of show#2, which had begun 50 ms later: ` +
  `the older answer ${how}. Drop an answer that is not the last one asked for, or abort the older request.`;

describe('an answer that took the place of a newer one', () => {
  it('is told with how long it stood there', () => {
    deepEqual(rule(...begin(), ...stale(200), end), [words('`view.rows` was', 'was left there to the end')]);
    deepEqual(rule(...begin(), ...stale(200), over(500), end), [
      words('`view.rows` was', 'stood there for 300 ms'),
    ]);
  });

  it('is told once of all that one run set, and of all times', () => {
    const other = 'site="a.ts:6:3 call show | "';
    deepEqual(rule(...begin(), ...stale(200), ...stale(200, 1, 'view.sum', other), end), [
      words('`view.rows` and `view.sum` were', 'was left there to the end'),
    ]);
    deepEqual(rule(...begin(), ...stale(200), over(400), ...stale(500, 2), end), [
      words('`view.rows` was', 'was left there to the end (and so 1 other time)'),
    ]);
  });

  it('is none where both began together, or a newer one came soon', () => {
    deepEqual(rule(...begin(1), ...stale(200), end), []);
    deepEqual(rule(...begin(), ...stale(200), over(250), end), []);
  });

  it('is a value that the run was given, or what a call was given, where that is so', () => {
    deepEqual(rule(...begin(), ...stale(200, 1, 'notes[id]|given'), end), [
      'warning stale-write: `notes[id]` was set at a.ts:5 by show#1 after show#2, which had begun 50 ms later: the older value ' +
        'was left there to the end. Let one run begin when the last has ended, with the newest value, or give each a ' +
        'version and drop the older one.',
    ]);
    const [words = ''] = rule(...begin(), ...stale(200, 1, 'view.render()'), end);
    deepEqual(
      /: (`.*) after/.exec(words)![1],
      '`view.render()` was called at a.ts:5 with the answer of show#1',
    );
  });
});

describe('a PUT that was answered after a later one to the same address', () => {
  const saves = (apartUs: number): string[] => [
    at(200, `fact id=2 ${SITE} amount=${apartUs} what=overtaking-save`),
    at(200, `fact id=1 ${SITE} text="PUT" amount=${apartUs} what=overtaken-save`),
  ];

  it('is told, once for its line', () => {
    const words = (others: string): string =>
      'warning stale-write: The PUT of show#1 at a.ts:5 was answered after that of show#2, which had gone to the same address ' +
      `50 ms later${others}: the older one may overwrite the newer. Let one begin when the last has ended, with the newest ` +
      'content, or abort the older request.';
    deepEqual(rule(...begin(), ...saves(50_000), end), [words('')]);
    deepEqual(rule(...begin(), ...saves(50_000), ...saves(20_000), end), [words(' (and so 1 other time)')]);
  });

  it('is none where both were sent together', () => {
    deepEqual(rule(...begin(), ...saves(900), end), []);
  });
});
