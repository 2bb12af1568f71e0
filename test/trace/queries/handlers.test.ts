import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { answerLines } from '../../../runtime/trace/queries/answer-lines.ts';
import { whyAll } from '../../../runtime/trace/queries/why.ts';
import { querySourceOf } from '../../support/query-text.ts';

const MS = 1_000_000;

interface ServerOptions {
  readonly calls: number;
  /** How long each one waits for its query, ms. */
  readonly queryMs: (i: number) => number;
  /** Of each call: fields of its begin. */
  readonly more?: string;
  readonly before?: readonly string[];
}

/** Calls of `onRequest` 100 ms apart: each waits for a query, and runs for 1 ms. */
function server({ calls, queryMs, more = '', before = [] }: ServerOptions): string {
  const lines = [...before];
  for (let i = 0; i < calls; i++) {
    const [id, t] = [100 + i, (1 + i) * 100 * MS];
    lines.push(
      `${t} 0 activationBegin id=${id} ${more} name="onRequest" site="a.ts:5:3 function onRequest" kind=async-function`,
      `${t} 0 wait id=${id} site="a.ts:6:5 await! onRequest | db.query(id)" reason=io`,
      `${t + queryMs(i) * MS} 0 run id=${id}`,
      `${t + (queryMs(i) + 1) * MS} 0 activationEnd id=${id} outcome=ok`,
    );
  }
  return lines.join('\n');
}

const answer = (options: ServerOptions): string[] => {
  const source = querySourceOf(server(options));
  return answerLines(source.trace, whyAll(source));
};
const handlers = (options: ServerOptions): number =>
  whyAll(querySourceOf(server(options))).handlers?.length ?? 0;

describe('the handlers of a server', () => {
  it('are told first where nothing was found: the median and the slowest hundredth, with their lines', () => {
    deepEqual(answer({ calls: 200, queryMs: (i) => (i % 50 === 7 ? 60 : 9) }).slice(0, 2), [
      'onRequest (a.ts:5) took 10 ms at the median of 200 calls: 90 % at `db.query(id)` (a.ts:6), 10 % running at a.ts:6.',
      'The slowest hundredth took 61 ms or more: 98 % at `db.query(id)` (a.ts:6).',
    ]);
  });

  it('are told after where the time went of a program that waits for its own work', () => {
    const before = [
      '0 0 activationBegin id=1 name="a.ts" kind=module',
      `${MS} 0 wait id=1 site="a.ts:9:1 await <module> | all" reason=future`,
    ];
    const lines = answer({ calls: 200, queryMs: () => 9, before });
    match(lines[0]!, / of the run \(/);
    match(lines[1]!, /^onRequest \(a\.ts:5\) took 10 ms at the median of 200 calls/);
  });

  it('are told by their slowest call where they are few', () => {
    equal(
      answer({ calls: 20, queryMs: (i) => 9 + i })[1],
      'The slowest took 29 ms: 97 % at `db.query(id)` (a.ts:6).',
    );
  });

  it('are those that are called often, and take a while', () => {
    equal(handlers({ calls: 20, queryMs: () => 9 }), 1);
    equal(handlers({ calls: 19, queryMs: () => 9 }), 0);
    const quick = server({ calls: 30, queryMs: () => 0 }).replaceAll(/^(\d+)(?= 0 activationEnd)/gm, (t) =>
      String(Number(t) - 0.9 * MS),
    );
    deepEqual(whyAll(querySourceOf(quick)).handlers, []);
  });

  it('are no tasks that a task of the program began so often', () => {
    const main = '0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=module';
    equal(
      handlers({
        calls: 30,
        queryMs: () => 9,
        more: 'parent=1',
        before: [main, `${MS} 0 wait id=1 reason=future`],
      }),
      0,
    );
    const registered = [main, `${MS} 0 activationEnd id=1 outcome=ok`];
    equal(handlers({ calls: 30, queryMs: () => 9, more: 'parent=1', before: registered }), 1);
  });

  it('are told of a server whose calls are quick, instead of what it waited for', () => {
    const lines = [
      '0 0 activationBegin id=1 name="a.ts" kind=module',
      `${MS} 0 activationEnd id=1 outcome=ok`,
    ];
    for (let i = 0; i < 40; i++)
      lines.push(
        `${(10 + i) * 100 * MS} 0 activationBegin id=${9 + i} name="onGet" site="a.ts:5:3 function onGet" kind=async-function`,
        `${(10 + i) * 100 * MS + 8000} 0 activationEnd id=${9 + i} outcome=ok`,
      );
    const source = querySourceOf(lines.join('\n'));
    equal(
      answerLines(source.trace, whyAll(source))[0],
      'onGet (a.ts:5) took 8.0 µs at the median of 40 calls: 100 % running at a.ts:5.',
    );
    equal(whyAll(source).handlers?.length, 0, 'it is no cause');
  });
});
