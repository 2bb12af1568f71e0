import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeAnswerJson } from '../../../runtime/trace/queries/answer-json.ts';
import { answerLines } from '../../../runtime/trace/queries/answer-lines.ts';
import { moment } from '../../../runtime/trace/queries/moment.ts';
import { describeSpanOf, foldText } from '../../support/fold-text.ts';
import { querySourceOf, unrefused } from '../../support/query-text.ts';

/** `main` awaits twice; the function that it calls and awaits at once comes back in between. */
const AWAITS = `
  0 0 activationBegin id=1 name="main" site="a.ts:1:1 function main" kind=async-function
  10 0 wait id=1 site="a.ts:2:3 await main | text" reason=future
  20 0 wake woken=1
  21 0 value id=1 type="string" size=12 unit=characters
  21 0 run id=1
  30 0 activationBegin id=2 parent=1 name="load" site="a.ts:9:1 function load" kind=async-function
  31 0 wait id=2 site="a.ts:10:3 await! load | sleep(30)" reason=timer
  32 0 wait id=1 site="a.ts:3:3 await! main | load()" for=2 reason=task direct
  60 0 value id=2 type="TypeError" threw
  60 0 run id=2
  61 0 activationEnd id=2 outcome=ok
  62 0 value id=1 type="Order"
  62 0 run id=1 waker=2
  70 0 activationEnd id=1 outcome=ok
`;

describe('the shape of an awaited value', () => {
  it('is told behind the wait that it ended, with its size where that was recorded', () => {
    assert.deepEqual(describeSpanOf(AWAITS, 0, 1), [
      'main waited 10 ns at a.ts:2 for `text`.',
      'No waker was recorded for this wait.',
      'It came back with a string of 12 characters.',
    ]);
    const inFrame = describeSpanOf(AWAITS, 0, 4);
    assert.match(inFrame[0]!, /at a\.ts:10/);
    assert.ok(inFrame.includes('It threw a TypeError.'), inFrame.join(' '));
  });

  it('is not told of a wait for which none was recorded', () => {
    const without = AWAITS.replace(/^.* value id=.*$/gm, '');
    assert.doesNotMatch(describeSpanOf(without, 0, 1).join(' '), /came back with/);
    const ofNext = AWAITS.replace(/^ *21 0 value.*$/m, '');
    assert.doesNotMatch(describeSpanOf(ofNext, 0, 1).join(' '), /came back with|threw/);
  });

  it('is said in words with an article, and one of a thing in the singular', () => {
    const shapeOf = (value: string): string | undefined => {
      const text = AWAITS.replace(/type="string" size=12 unit=characters/, value);
      return describeSpanOf(text, 0, 1).find((words) => /^It (came|threw)/.test(words));
    };
    assert.equal(shapeOf('type="Map" size=1 unit=entries'), 'It came back with a Map of 1 entry.');
    assert.equal(shapeOf('type="Array" unit=items'), 'It came back with an Array of 0 items.');
    assert.equal(shapeOf('type="undefined"'), 'It came back with undefined.');
    assert.equal(
      shapeOf('type="Buffer" size=70000 unit=bytes'),
      'It came back with a Buffer of 70,000 bytes.',
    );
    assert.equal(shapeOf(''), undefined);
  });

  it('stands in the answer about a moment: of a wait, and of what runs', () => {
    const source = querySourceOf(AWAITS);
    const lines = (t: number): string[] =>
      answerLines(source.trace, unrefused(moment(source, t))).filter((line) => line.startsWith('main had'));
    assert.match(lines(15)[0]!, /; it came back with a string of 12 characters later/);
    assert.match(lines(25)[0]!, /; it came back with a string of 12 characters \[/);
    assert.match(lines(40)[0]!, /; it threw a TypeError later/);
    assert.match(lines(65)[0]!, /; it came back with an Order \[/);
    assert.doesNotMatch(lines(5)[0]!, /came back/);
    const { tasks } = makeAnswerJson(source.trace, unrefused(moment(source, 25)))!;
    assert.equal(tasks![0]!.value, 'a string of 12 characters');
  });

  it('of a task that runs already, or is not known, breaks the rules of a recording', () => {
    const { trace } = foldText(`
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 value id=1 type="string"
      2 0 value id=9 type="string"
    `);
    assert.equal(trace.problemCount, 2);
    assert.equal(trace.values.count, 0);
  });
});
