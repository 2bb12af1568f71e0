import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const at = (ms: number, ...records: readonly string[]): string =>
  records.map((record) => `\n${ms * MS} 0 ${record}`).join('');
const neverAwaited = (text: string): string[] =>
  findingsOf(text).filter((words) => words.includes('never-awaited'));

describe('a promise that was dropped', () => {
  const saving = (parent: string, fact: string, site = 'a.ts:2:1 function save'): string =>
    at(0, `activationBegin id=1 ${parent}`) +
    at(0, `activationBegin id=2 parent=1 site="${site}" name="save" kind=async-function`) +
    at(0, 'wait id=2 reason=timer site="a.ts:3:3 await! save | write()"', ...(fact ? [fact] : [])) +
    at(1, 'activationEnd id=1') +
    at(9, 'run id=2', 'activationEnd id=2');
  const submit = 'name="submit" site="a.ts:6:1 function submit" kind=async-function';
  const called = (text: string): string => `fact id=2 called="a.ts:8:5 call! submit | ${text}" what=dropped`;

  it('is found where its caller was over before', () => {
    assert.deepEqual(neverAwaited(saving(submit, called('save(row)'))), [
      'warning never-awaited: submit ended while save, called at a.ts:8 without an `await`, still ran for 8.0 ms: ' +
        'nobody waits for it. `await` waits for it; `void` says that it goes on by itself.',
    ]);
  });

  it('is found where `forEach` dropped it', () => {
    const [words = ''] = neverAwaited(saving(submit, '', 'a.ts:7:9 function <anonymous> | rows.forEach'));
    assert.match(
      words,
      /^warning never-awaited: submit ended while the callback of `rows\.forEach` \(a\.ts:7\)/,
    );
    assert.match(words, /`rows\.map` gives promises/);
  });

  it('is none where its caller is no function that can be awaited, or nothing says so', () => {
    assert.deepEqual(neverAwaited(saving('name="tick" kind=timer-callback', called('save(row)'))), []);
    assert.deepEqual(neverAwaited(saving('name="a.ts" kind=main', called('save(row)'))), []);
    assert.deepEqual(neverAwaited(saving(submit, '')), []);
  });

  it('is none where somebody waits for it after all', () => {
    const waiter =
      at(0, 'activationBegin id=3 name="other" kind=async-function') +
      at(0, 'wait id=3 for=2 reason=task site="a.ts:20:3 await other | saved"');
    const text = saving(submit, called('save(row)')).replace(`\n${MS} 0`, `${waiter}\n${MS} 0`);
    assert.deepEqual(neverAwaited(`${text}${at(9, 'run id=3 waker=2 waker=known')}`), []);
  });
});

describe('members of a Promise.all that has failed', () => {
  /** `part` 2 fails at 5 ms. Part 3 ends its wait at 7 ms, and then does `more`. */
  const parts = (kind: string, more: string): string =>
    at(0, 'activationBegin id=1 name="main" kind=async-function') +
    [2, 3]
      .map((id) =>
        at(
          0,
          `activationBegin id=${id} parent=1 name="part" site="a.ts:2:1 function part" kind=async-function`,
          `wait id=${id} reason=timer`,
        ),
      )
      .join('') +
    at(0, `resourceBegin creator=1 id=9 name="Promise.all" capacity=2 kind=group`) +
    at(0, `group parent=1 group=9 child=2 count=2 kind=${kind}`) +
    at(0, `group parent=1 group=9 child=3 index=1 count=2 kind=${kind}`) +
    at(0, 'wait id=1 for=9 reason=group site="a.ts:6:3 await! main | Promise.all(parts)"') +
    at(5, 'run id=2', 'activationEnd id=2 outcome=error') +
    at(5, `group parent=1 group=9 child=2 count=2 kind=${kind} decides`) +
    at(5, 'run id=1 waker=2 waker=known', 'wait id=1 reason=timer') +
    at(7, 'run id=3') +
    more;
  const goesOn = at(7, 'wait id=3 reason=timer') + at(15, 'run id=3', 'activationEnd id=3');

  it('are found where they go on to wait for more', () => {
    assert.deepEqual(neverAwaited(parts('all', goesOn)), [
      'warning never-awaited: part#2 went on for 10 ms after Promise.all (a.ts:6) had failed with part#1: ' +
        'nobody waits for it. `Promise.allSettled` waits for all; an AbortSignal can stop them.',
    ]);
  });

  it('are none where they only ended what they were in, or were stopped', () => {
    assert.deepEqual(neverAwaited(parts('all', at(7, 'activationEnd id=3'))), []);
    assert.deepEqual(neverAwaited(parts('all', goesOn.replace('End id=3', 'End id=3 outcome=error'))), []);
  });

  it('are none of a race, and where all are awaited later', () => {
    assert.deepEqual(neverAwaited(parts('race', goesOn)), []);
    const settled =
      at(6, 'resourceBegin creator=1 id=10 name="Promise.allSettled" kind=group') +
      at(6, 'group parent=1 group=10 child=2 count=2 kind=all-settled') +
      at(6, 'group parent=1 group=10 child=3 index=1 count=2 kind=all-settled');
    assert.deepEqual(neverAwaited(parts('all', goesOn).replace(`\n${7 * MS}`, `${settled}\n${7 * MS}`)), []);
  });
});

describe('a promise that is returned out of its try', () => {
  const returning = (note: string, how: string): string =>
    at(0, 'activationBegin id=1 name="main" kind=async-function') +
    at(0, 'activationBegin id=2 parent=1 name="load" kind=async-function') +
    at(0, 'activationBegin id=3 parent=2 name="fetchIt" kind=async-function') +
    at(0, 'wait id=3 reason=timer') +
    at(0, `wait id=2 for=3 direct reason=task site="a.ts:4:5 return!${note} load | fetchIt()"`) +
    at(0, 'wait id=1 for=2 direct reason=task site="a.ts:9:3 await! main | load()"') +
    at(5, 'run id=3', `activationEnd id=3 outcome=${how}`) +
    at(5, 'run id=2', `activationEnd id=2 outcome=${how}`) +
    at(5, 'run id=1', `activationEnd id=1 outcome=${how}`);
  const end =
    at(6, 'fact id=1 text="Error: no" what=unhandled') + at(7, 'processEnd exitCode=1 how=uncaught');

  it('is found where it failed, before the error that ended the program', () => {
    const words = findingsOf(returning('(in-try)', 'error') + end);
    assert.equal(
      words[0],
      'error never-awaited: load returned the promise of fetchIt at a.ts:4 without an `await`, ' +
        'so its `catch` did not see Error: no. Write `return await`.',
    );
    assert.match(words[1] ?? '', /^error uncaught-error/);
  });

  it('is none where it did not fail, or stands in no try', () => {
    assert.deepEqual(neverAwaited(returning('(in-try)', 'ok')), []);
    assert.deepEqual(neverAwaited(returning('', 'error')), []);
  });
});
