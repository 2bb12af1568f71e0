import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;

interface RaceOptions {
  /** The member that decided the race; null: it is not known. */
  readonly decider?: string | null;
  readonly kind?: string;
  readonly end?: string;
  readonly after?: string;
}

/** `withLimit` races `work`, 20 ms, against a timer of 3 s, after which the process ends. */
function race({
  decider = 'child=2',
  kind = 'race',
  end = 'processEnd how=exit',
  after = '',
}: RaceOptions = {}): string {
  const at = (ms: number, record: string): string => `${ms * MS} 0 ${record}`;
  return [
    at(0, 'processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"'),
    at(0, 'laneBegin name="main" kind=main'),
    at(1, 'activationBegin id=1 name="withLimit" site="a.ts:3:1 function withLimit" kind=async-function'),
    at(1, 'activationBegin id=2 parent=1 name="work" site="a.ts:9:1 function work" kind=async-function'),
    at(1, 'wait id=2 reason=io'),
    at(2, 'resourceBegin creator=1 id=7 name="setTimeout 3000 ms" kind=timer'),
    at(3, `resourceBegin creator=1 id=8 name="Promise.${kind}" capacity=2 kind=group`),
    at(3, `group parent=1 group=8 child=2 count=2 kind=${kind}`),
    at(3, `group parent=1 group=8 index=1 count=2 kind=${kind}`),
    at(3, 'wait id=1 for=8 reason=group'),
    at(20, 'run id=2'),
    at(20, 'activationEnd id=2 outcome=ok'),
    ...(decider === null ? [] : [at(20, `group parent=1 group=8 ${decider} count=2 kind=${kind} decides`)]),
    at(20, 'run id=1 waker=2'),
    at(20, 'activationEnd id=1 outcome=ok'),
    at(1100, 'fact id=1 site="a.ts:5:5 line withLimit" text="setTimeout 3000 ms" what=keeps-alive'),
    after,
    at(3002, 'activationBegin id=9 parent=1 of=7 name="setTimeout 3000 ms callback" kind=timer-callback'),
    at(3002, 'activationEnd id=9 outcome=ok'),
    at(3010, end),
  ].join('\n');
}
const late = (text: string): string[] => findingsOf(text).filter((line) => line.includes('Nothing was left'));

describe('a process that ends late', () => {
  it('is told with the timer that a race had left over, and the function that raced', () => {
    deepEqual(late(race()), [
      'warning kept-alive: Nothing was left to do from 20 ms on, and the process ended 2.99 s later: setTimeout 3000 ms, ' +
        'made at a.ts:5, kept it alive, though the Promise.race of withLimit was decided without it. ' +
        'clearTimeout() when it is needed no more, or unref() on it, lets the process end.',
    ]);
    match(late(race({ kind: 'any' }))[0]!, /the Promise\.any of withLimit/);
  });

  it('is told of when it is interrupted before that, however many such timers have come already', () => {
    const others = [11, 12, 13, 14, 15].flatMap((id) => [
      `${2 * MS} 0 resourceBegin creator=1 id=2${id} name="setTimeout 1500 ms" kind=timer`,
      `${1502 * MS} 0 activationBegin id=3${id} parent=1 of=2${id} name="setTimeout 1500 ms callback" kind=timer-callback`,
      `${1502 * MS} 0 activationEnd id=3${id} outcome=ok`,
    ]);
    const timeOf = (line: string): number => Number.parseInt(line);
    const lines = [...race({ end: '' }).split('\n'), ...others]
      .filter((line) => line.trim() !== '' && timeOf(line) < 2000 * MS)
      .sort((a, b) => timeOf(a) - timeOf(b));
    const text = [...lines, `${2500 * MS} 0 processEnd signal=2 how=signal`].join('\n');
    deepEqual(
      findingsOf(text).filter((line) => line.includes('kept-alive')),
      [
        'warning kept-alive: The process was kept alive by setTimeout 3000 ms, made at a.ts:5; nothing else had happened ' +
          'for 2.48 s when SIGINT came. The Promise.race of withLimit, for which it was made, is decided. ' +
          'clearTimeout() when it is needed no more, or unref() on it, lets the process end.',
      ],
    );
  });

  it('is nothing to tell of where no race left the timer over: it may be what the program is for', () => {
    deepEqual(late(race({ kind: 'all' })), []);
    deepEqual(late(race({ decider: null })), []);
    deepEqual(late(race({ decider: 'index=1' })), []);
  });

  it('is nothing to tell of where somebody else ended the process, or something waited', () => {
    deepEqual(late(race({ end: 'processEnd signal=2 how=signal' })), []);
    const waits = `${30 * MS} 0 activationBegin id=5 name="poll" kind=async-function\n${30 * MS} 0 wait id=5 reason=io`;
    deepEqual(late(race({ after: '' }).replace(`${1100 * MS} 0 fact`, `${waits}\n${1100 * MS} 0 fact`)), []);
  });

  it('is told of a connection, where nothing but connections was left', () => {
    const connection = race({ kind: 'all' })
      .replace('text="setTimeout 3000 ms"', 'text="a connection to 10.0.0.1:5432 of pg"')
      .replace('setTimeout 3000 ms" kind=timer', 'setTimeout 9000 ms" kind=timer');
    match(
      late(connection)[0]!,
      /later: a connection to 10\.0\.0\.1:5432 of pg, made at a\.ts:5, kept it alive\. Close it/,
    );
  });
});
