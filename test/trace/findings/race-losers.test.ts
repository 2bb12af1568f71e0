import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const at = (ms: number, record: string): string => `${ms * MS} 0 ${record}`;
const load = (id: number): string[] => [
  at(1, `activationBegin id=${id} parent=1 name="load" site="a.ts:3:1 function load" kind=async-function`),
  at(1, `wait id=${id} reason=io`),
];

interface Options {
  readonly kind?: string;
  readonly decides?: boolean;
  readonly end?: string;
  /** Records between 20 ms, when the race is decided, and 900 ms, when the loser ends. */
  readonly meanwhile?: readonly string[];
}

/** `fastest` races two runs of `load`. */
function race({ kind = 'race', decides = true, end = 'how=exit', meanwhile = [] }: Options = {}): string[] {
  const text = [
    at(0, 'processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"'),
    at(0, 'laneBegin name="main" kind=main'),
    at(1, 'activationBegin id=1 name="fastest" site="a.ts:9:1 function fastest" kind=async-function'),
    ...load(2),
    ...load(3),
    at(2, `resourceBegin creator=1 id=8 name="Promise.${kind}" capacity=2 kind=group`),
    at(2, `group parent=1 group=8 child=2 count=2 kind=${kind}`),
    at(2, `group parent=1 group=8 child=3 index=1 count=2 kind=${kind}`),
    at(2, `wait id=1 for=8 site="a.ts:10:3 await fastest | Promise.${kind}(all)" reason=group`),
    at(20, 'run id=2'),
    at(20, 'activationEnd id=2 outcome=ok'),
    ...(decides ? [at(20, `group parent=1 group=8 child=2 count=2 kind=${kind} decides`)] : []),
    at(20, 'run id=1 waker=2'),
    at(20, 'activationEnd id=1 outcome=ok'),
    ...meanwhile,
    at(900, 'run id=3'),
    at(900, 'activationEnd id=3 outcome=ok'),
    at(901, `processEnd ${end}`),
  ];
  return findingsOf(text.join('\n')).filter((line) => line.includes('kept-alive'));
}
/** A task that goes on until the loser ends. */
const other = (kind: string, parent: string): readonly string[] => [
  at(30, `activationBegin id=7 ${parent} name="other" kind=${kind}`),
  at(30, 'wait id=7 reason=io'),
  at(890, 'run id=7'),
  at(890, 'activationEnd id=7 outcome=ok'),
];

describe('what has lost a race, and goes on', () => {
  const words = (kind: string): string =>
    'warning kept-alive: Nothing else was left to do from 20 ms on, and the process ended 881 ms later: load#2 (a.ts:3) ' +
    `went on though the Promise.${kind} of fastest (a.ts:10) had been decided without it. An AbortSignal can stop what has lost.`;

  it('is told where nothing else was left to do', () => {
    deepEqual(race(), [words('race')]);
    deepEqual(race({ kind: 'any' }), [words('any')]);
  });

  it('is told beside what the world began: a server answers the loser, too', () => {
    deepEqual(race({ meanwhile: other('async-function', '') }), [words('race')]);
  });

  it('is none where others went on, too, or nothing was decided, or the process was ended', () => {
    const main = at(0, 'activationBegin id=6 name="module app.mjs" kind=module');
    const [begun, ...rest] = other('async-function', 'parent=6');
    deepEqual(race({ meanwhile: [main.replace('0 0', `${25 * MS} 0`), begun!, ...rest] }), []);
    deepEqual(race({ decides: false }), []);
    deepEqual(race({ kind: 'all' }), []);
    deepEqual(race({ end: 'how=called' }), []);
  });
});
