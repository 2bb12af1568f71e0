import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const AGENT = 'id=90 site="app.mjs:4:15 line " name="agent" capacity=2 kind=connections bounded';
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  0 0 resourceBegin ${AGENT}
`;
const use = (ms: number, by: number, how: string): string =>
  `${ms * MS} 0 use by=${by} resource=90 site="app.mjs:9:3 line get" how=${how}`;
/** The task waits from then on for its answer, which its row shows. */
const asks = (ms: number, id: number, name: string, line: number): string => `
  ${ms * MS} 0 activationBegin id=${id} name="${name}" kind=async-function
  ${ms * MS} 0 use by=${id} resource=90 site="app.mjs:9:3 line get" how=HOW
  ${ms * MS} 0 wait id=${id} site="app.mjs:${line}:9 await ${name} | get(path)" reason=future`;
const holds = (ms: number, id: number, name: string, line: number): string =>
  asks(ms, id, name, line).replace('HOW', 'holds');
const queues = (ms: number, id: number, name: string, line: number): string =>
  asks(ms, id, name, line).replace('HOW', 'queued');
const ends = (ms: number, id: number): string => `
  ${use(ms, id, 'gave-back')}
  ${ms * MS} 0 run id=${id} waker=external
  ${ms * MS} 0 activationEnd id=${id} outcome=ok`;
const over = (ms: number): string => `${ms * MS} 0 processEnd how=exit`;
const inOrder = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .sort((a, b) => Number.parseInt(a.trim(), 10) - Number.parseInt(b.trim(), 10))
    .join('\n');
const rule = (...text: string[]): string[] =>
  findingsOf(inOrder([begin, ...text].join('\n'))).filter((line) => line.includes('connection-pool-full'));

const polls = [holds(0, 1, 'poll', 20), holds(0, 2, 'poll', 20)];
const profiles = [queues(100, 3, 'profile', 30), queues(100, 4, 'profile', 30)];
const served = [use(1000, 3, 'holds'), ends(1010, 3), use(1010, 4, 'holds'), ends(1020, 4)];

describe('an agent without a free socket', () => {
  it('is a warning where short requests waited behind long ones of another line', () => {
    deepEqual(rule(...polls, ...profiles, ends(1000, 1), ...served, ends(1200, 2), over(1300)), [
      'warning connection-pool-full: 2 requests of profile (app.mjs:30) waited up to 910 ms for a free socket of ' +
        '`agent` (app.mjs:4, 2 sockets), which requests of poll (app.mjs:20) held for 1.10 s each. Once it had one, ' +
        'such a request took 10 ms. Give the long ones an agent of their own, or let this one have more sockets.',
    ]);
  });

  it('is told, too, where the long ones never gave a socket back', () => {
    match(
      rule(polls[0]!, ...profiles, ...served, over(1300)).join(),
      /^warning .* waited up to 910 ms .*, which requests of poll \(app\.mjs:20\) held\. Once/,
    );
  });

  it('is nothing to tell of where there is a second agent, or the wait is short', () => {
    deepEqual(rule(...polls, ends(1000, 1), ends(1200, 2), over(1300)), []);
    deepEqual(rule(...polls, ...profiles, ends(1000, 1), ...served, ends(1200, 2), over(13_000)), []);
  });

  it('is information where all are of one line, and many wait', () => {
    const ids = Array.from({ length: 9 }, (_, i) => i + 1);
    const alike = ids.flatMap((id) => [id > 2 ? use(id * 100, id, 'holds') : '', ends((id + 1) * 100, id)]);
    const asked = ids.map((id) => (id > 2 ? queues : holds)(0, id, 'page', 20));
    match(
      rule(...asked, ...alike, over(1300)).join(),
      /^info connection-pool-full: 7 requests of page \(app\.mjs:20\) waited for a free socket of `agent` \(app\.mjs:4, 2 sockets\), \d\.\d at once/,
    );
  });

  it('is nothing to tell of after records were lost', () => {
    const lost = `${500 * MS} 0 lost count=10 where=ring`;
    deepEqual(rule(...polls, ...profiles, lost, ends(1000, 1), ...served, ends(1200, 2), over(1300)), []);
  });

  it('tells requests of callbacks apart by who made them', () => {
    const callback = (id: number, name: string): string => `
      ${id} 0 activationBegin id=${id} name="${name}" kind=event-callback
      ${id} 0 use by=${id} resource=90 site="app.mjs:9:3 line get" how=${id === 1 ? 'holds' : 'queued'}
      ${id} 0 activationEnd id=${id} outcome=ok`;
    match(
      rule(
        callback(1, 'start'),
        callback(2, 'tick'),
        use(900, 1, 'gave-back'),
        use(900, 2, 'holds'),
        use(905, 2, 'gave-back'),
        over(1000),
      ).join(),
      /^warning .*: A request of tick \(app\.mjs:9\) waited 900 ms .* which a request of start \(app\.mjs:9\) held for 900 ms\./,
    );
  });
});
