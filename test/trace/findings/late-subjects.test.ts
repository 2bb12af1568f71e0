import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = '0 0 activationBegin id=1 name="bill" kind=async-function';
const late = (text: string): string =>
  `60000000 0 fact id=1 site="a.ts:24:5 call bill" called="a.ts:11:5 call Tariffs.load" text="${text}" amount=30000 what=late-subject`;

describe('a value of a subject that has sent its last one', () => {
  it('is told once for its line, with where the last one was sent', () => {
    const words = (how: string, end: string): string =>
      `warning late-listener: bill asked at a.ts:24 for a value of \`tariff$\` too late: \`this.#published\` ${how} at a.ts:11 in ` +
      `Tariffs.load, 30 ms before${end}: nothing is left to come, and the promise was rejected with EmptyError. Subscribe ` +
      'before that, or keep the value: a `ReplaySubject(1)`, or `shareReplay(1)`.';
    deepEqual(findingsOf(`${begin}\n${late('sent|this.#published|tariff$')}`), [
      words('had sent its last one', ', and was complete'),
    ]);
    deepEqual(
      findingsOf(
        `${begin}\n${late('ended|this.#published|tariff$')}\n${late('ended|this.#published|tariff$')}`,
      ),
      [words('had ended', ' (and so 1 other time)')],
    );
  });
});
