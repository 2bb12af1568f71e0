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

  it('is nothing to tell of where somebody waited for the event, and it came again', () => {
    deepEqual(found(`${begin}\n${late('', '')}`), []);
  });
});
