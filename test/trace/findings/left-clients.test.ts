import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const begin = `0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/a.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 resourceBegin id=1 name="a request to the HTTP server" kind=io`;

/** Times in ms. The request came at 1, its client went at 5. */
function told({ endsAt, waits = '' }: { endsAt: number; waits?: string }): boolean {
  const end = (t: number): string => `${t * MS} 0 activationEnd id=2 outcome=ok`;
  const wait = `${1.5 * MS} 0 wait id=2 site="a.mjs:22:9 await! answer | f()" ${waits}`;
  const lines = [
    begin,
    `${MS} 0 activationBegin id=2 of=1 name="answer" site="a.mjs:20:9 function f" kind=async-function`,
    ...(waits === '' ? [] : [wait]),
    ...(endsAt > 0 ? [end(endsAt)] : []),
    `${10 * MS} 0 fact text="GET /a" what=never-answered`,
    `${10 * MS} 0 fact text="9000" amount=5000 what=client-left`,
    `${11 * MS} 0 processEnd how=exit`,
  ];
  return findingsOf(lines.join('\n')).some((line) => line.includes('GET /a was never answered'));
}

describe('a request whose client went before it was answered', () => {
  it('is told where the work for it had ended by then', () => {
    deepEqual(told({ endsAt: 3 }), true);
    deepEqual(told({ endsAt: 7 }), false);
  });

  it('is told where the work still waits for what may never come', () => {
    deepEqual(told({ endsAt: 0, waits: 'reason=future' }), true);
    deepEqual(told({ endsAt: 0, waits: 'reason=timer' }), false);
  });
});
