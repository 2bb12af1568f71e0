import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = '0 0 activationBegin id=1 name="serve" kind=async-function';
const late = (task: string, called: string): string =>
  `5 0 fact ${task}site="a.ts:9:3 call serve | socket.on('message', take)" ${called}text="message" amount=2 what=late-listener`;
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('late-listener'));

describe('a listener that comes too late', () => {
  it('is told of events that came while its function awaited something else', () => {
    const tail =
      'while serve awaited something else, and it began to listen at a.ts:9 afterwards: nobody heard it. Listen before the `await`.';
    deepEqual(found(`${begin}\n${late('id=1 ', '')}`), [
      `warning late-listener: 'message' was emitted 2 times ${tail}`,
    ]);
    deepEqual(found(`${begin}\n${late('id=1 ', 'called="b.ts:3:5 call push | " ')}`), [
      `warning late-listener: 'message' was emitted 2 times at b.ts:3 ${tail}`,
    ]);
  });

  it('is told of whoever waits, though nobody knows whether others heard the event', () => {
    const wait = '4 0 wait id=1 site="a.ts:20:5 await! serve | queue.drained()" reason=future';
    const early = (id: string, amount: string): string =>
      `5 0 fact ${id}site="a.ts:9:3 call drained | " called="b.ts:3:5 call push | " text="message" ${amount}what=early-event`;
    const tail = 'serve began to wait for it at a.ts:9 afterwards. Listen before it is emitted.';
    deepEqual(found(`${begin}\n${wait}\n${early('id=1 ', '')}`), [
      `error late-listener: 'message' was emitted at b.ts:3, and ${tail}`,
    ]);
    deepEqual(found(`${begin}\n${wait}\n${early('id=1 ', 'amount=1 ')}\n${early('id=1 ', '')}`), [
      `error late-listener: 'message' was emitted at b.ts:3 while nobody listened, and ${tail}`,
    ]);
    deepEqual(found(`${begin}\n${wait}\n${early('', '')}`), []);
  });

  it('is nothing to tell of where somebody waited for the event, and it came again', () => {
    deepEqual(found(`${begin}\n${late('', '')}`), []);
  });
});
