import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const fact = (text: string, amount = 0, t = 1): string =>
  `${t} 0 fact site="a.mjs:8:3 call f | " text="${text}" amount=${amount} what=async-predicate`;
const words = (call: string, outcome: string, then: string): string =>
  `warning never-awaited: \`${call}\` at a.mjs:8 was given an async function: what it gets from that are promises, ` +
  `which ${outcome}. Await the answers first (\`Promise.all\` of a \`map\`), and then ${then} by them.`;

describe('a list that an async function was asked about', () => {
  it('is told once, with what came of it', () => {
    deepEqual(findingsOf(`${fact('users.filter', 6)}\n${fact('users.filter', 3, 2)}`), [
      words('users.filter', 'count as true: all 6 have passed', 'filter'),
    ]);
    deepEqual(findingsOf(fact('filter', 1)), [
      words('filter', 'count as true: the one there is has passed', 'filter'),
    ]);
    deepEqual(findingsOf(fact('users.findIndex')), [
      words('users.findIndex', 'count as true: the first is always found', 'look'),
    ]);
    deepEqual(findingsOf(fact('rows.every')), [
      words('rows.every', 'count as true: the answer is always true', 'look'),
    ]);
    deepEqual(findingsOf(fact('rows.sort', 5)), [
      words('rows.sort', 'say nothing of the order: nothing was sorted', 'sort'),
    ]);
  });
});
