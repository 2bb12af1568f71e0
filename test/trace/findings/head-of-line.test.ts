import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1e6;
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes(' head-of-line: '));

const begin = `
  0 0 resourceBegin id=90 site="a.ts:12:17 await! work | redis.blpop('mails', 1)" name="redis" kind=foreign
  0 0 activationBegin id=1 name="work" kind=async-function site="a.ts:10:1 function work"
  0 0 wait id=1 site="a.ts:9:3 await work | start()" for=91 reason=future
  0 0 activationBegin id=2 name="visit" kind=async-function site="a.ts:19:1 function visit"
  0 0 wait id=2 site="a.ts:18:3 await visit | start()" for=91 reason=future`;
const LONG = `a.ts:12:17 await! work | redis.blpop('mails', 1)`;
const SHORT = 'a.ts:21:18 await! visit | redis.incr(page)';

/** A long call of 1 s from `t` on, and a short one that begins and ends so long after it. */
const turn = (t: number, from: number, to: number, short = SHORT, long = LONG): string => {
  const ends = [
    `${(t + 1000) * MS} 0 run id=1\n${(t + 1000) * MS + 1} 0 wait id=1 site="a.ts:14:3 await work | sleep(1)" for=92 reason=timer`,
    `${(t + to) * MS} 0 run id=2\n${(t + to) * MS + 1} 0 wait id=2 site="a.ts:24:3 await visit | sleep(1)" for=92 reason=timer`,
  ];
  return `
    ${t * MS} 0 run id=1\n${t * MS} 0 wait id=1 site="${long}" for=90 reason=future direct
    ${(t + from) * MS} 0 run id=2\n${(t + from) * MS} 0 wait id=2 site="${short}" for=90 reason=future direct
    ${(to < 1000 ? ends.toReversed() : ends).join('\n')}`;
};

describe('head-of-line blocking', () => {
  it('is told of short calls that each came back with a long one of the same connection', () => {
    assert.deepEqual(found(begin + turn(10, 100, 1001) + turn(2000, 400, 1002)), [
      "warning head-of-line: visit waited for `redis.incr(page)` at a.ts:21 2 times until `redis.blpop('mails', 1)` " +
        'of work at a.ts:12 came back, on the same redis: 1.50 s. ' +
        'One connection answers in order: give what blocks it one of its own.',
    ]);
  });

  it('is told of calls whose names only hold a word for waiting', () => {
    const send = 'a.ts:21:18 await! visit | redis.sendBlock(page)';
    assert.equal(found(begin + turn(10, 100, 1001, send) + turn(2000, 400, 1002, send)).length, 1);
  });

  it('is none where one came back meanwhile, or later by itself, or it was once', () => {
    assert.deepEqual(found(begin + turn(10, 100, 1001) + turn(2000, 400, 1002) + turn(4000, 100, 150)), []);
    assert.deepEqual(found(begin + turn(10, 100, 1100) + turn(2000, 400, 1200)), []);
    assert.deepEqual(found(begin + turn(10, 100, 1001)), []);
  });

  it('is none of calls of one name, of what waits by its name, and of what lets functions run', () => {
    for (const [short, long] of [
      ['redis.blpop("jobs", 1)', LONG],
      ['redis.waitForAll()', LONG],
      ['redis.run(() => 1)', LONG],
      ['redis.whenReady()', LONG],
      ['redis.incr(page)', 'a.ts:12:17 await! work | redis.connect()'],
    ] as const) {
      const site = `a.ts:21:18 await! visit | ${short.replaceAll('"', "'")}`;
      assert.deepEqual(
        found(begin + turn(10, 100, 1001, site, long) + turn(2000, 400, 1002, site, long)),
        [],
      );
    }
  });

  it('is told of calls of one name that one task answers in order, or that ask for different things', () => {
    const served = (text: string): string =>
      text.replaceAll(/ run id=([12])\n/g, ' run id=$1 waker=7 waker=known\n');
    const answerer = `\n0 0 activationBegin id=7 name="answer" kind=async-function site="a.ts:30:1 function answer"`;
    const [long, short] = ['await! work | desk.ask(400)', 'await! visit | desk.ask(4)'];
    const turns = (from: string, to: string): string =>
      turn(10, 100, 1001, `a.ts:21:18 ${to}`, `a.ts:12:17 ${from}`) +
      turn(2000, 400, 1002, `a.ts:21:18 ${to}`, `a.ts:12:17 ${from}`);
    assert.deepEqual(found(begin + turns(long, short)), []);
    assert.match(
      found(begin + answerer + served(turns(long, short)))[0]!,
      /answer answers one after the other: let it go on while a long one is under way\.$/,
    );
    const query = (text: string): string => `await pool | pool.query('${text}')`;
    assert.match(
      found(begin + turns(query('select 1'), query('select 2')))[0]!,
      /What takes long needs connections of its own, or there are too few\.$/,
    );
    assert.deepEqual(found(begin + turns(query('select 1'), query('select 1'))), []);
  });
});
