import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const run = (id: number): string => `0 0 activationBegin id=${id} name="page" kind=async-function`;
const made = (t: number, id: number, amount: number): string =>
  `${t} 0 fact id=${id} site="a.ts:7:3 call page | " called="a.ts:5:9 call page | " text="pages[path]" amount=${amount} what=made-twice`;

describe('what several runs make at once for want of it', () => {
  it('is told once for its line, with where it was missed', () => {
    const head = (task: string): string =>
      `warning made-twice: ${task} found no \`pages[path]\` at a.ts:5, waited for one and kept it at a.ts:7, though another run had made one meanwhile`;
    const mend = 'Keep the promise as soon as it is begun, so that who comes later waits for the same.';
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${made(5, 2, 1)}`), [
      `${head('page#2')}: it was made twice. ${mend}`,
    ]);
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${made(5, 2, 1)}\n${made(6, 1, 2)}`), [
      `${head('page#2')}: it was made again, as at least 1 other time there. ${mend}`,
    ]);
  });

  it('may have been there and too old; who came later may have failed for it', () => {
    const old = made(5, 2, 1).replace('pages[path]', 'self.token|old');
    match(
      findingsOf(`${run(1)}\n${run(2)}\n${old}`).join(),
      /page#2 looked at `self.token` at a.ts:5, waited for a new one and kept it at a.ts:7, though another run/,
    );
    const failing = old.replace('|old', '|old|failed');
    const failed = '6 0 activationEnd id=2 error="Error: used before" outcome=error';
    match(
      findingsOf(`${run(1)}\n${run(2)}\n${failing}\n${failed}`)[0]!,
      /went for a new one at a.ts:7, while another run was at it; that one got it, and this one failed with Error: used before\./,
    );
  });

  it('is nothing to tell of without the run that made it', () => {
    deepEqual(findingsOf(made(5, 0, 1)), []);
  });
});

describe('a call that several make at once, and of which only one ends well', () => {
  const renew = 'site="a.ts:3:3 function Api.renew" name="Api.renew" kind=async-function';
  const get = (
    id: number,
    text: string,
  ): string => `${id} 0 activationBegin id=${id} name="get" kind=async-function
    ${id} 0 activationBegin id=${id + 10} parent=${id} ${renew}
    ${id} 0 wait id=${id + 10} site="a.ts:4:5 await renew | send()" reason=io
    ${id} 0 wait id=${id} site="a.ts:9:7 await get | ${text}" for=${id + 10} reason=task`;
  const end = (t: number, id: number, outcome: string): string =>
    `${t} 0 run id=${id} waker=external\n${t} 0 activationEnd id=${id} outcome=${outcome}`;
  const found = (...text: string[]): string[] =>
    findingsOf(text.join('\n')).filter((line) => line.includes('made-twice'));
  const both = (text = 'this.renew()'): string => `${get(1, text)}\n${get(2, text)}`;

  it('is told with its line, and with how often it was made again', () => {
    deepEqual(found(both(), end(20, 12, 'error'), end(30, 11, 'ok')), [
      'warning made-twice: `this.renew()` at a.ts:9 was called 1 more time while Api.renew#1 went on: that one ended ' +
        'well, and the other failed. Whoever comes while one goes on should wait for its promise.',
    ]);
  });

  it('is nothing to tell of where both end well, both fail, or the later one ends well', () => {
    deepEqual(found(both(), end(20, 12, 'ok'), end(30, 11, 'ok')), []);
    deepEqual(found(both(), end(20, 12, 'error'), end(30, 11, 'error')), []);
    deepEqual(found(both(), end(20, 11, 'error'), end(30, 12, 'ok')), []);
  });

  it('is nothing to tell of where a call has arguments: they may ask for something else', () => {
    deepEqual(found(both('this.renew(id)'), end(20, 12, 'error'), end(30, 11, 'ok')), []);
  });
});
