import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const RUN = `
  0 0 activationBegin id=1 name="load" kind=async-function
  1 0 wait id=1 site="a.ts:9:5 await! load | pipeline(rows, parse, sink)" reason=io`;
const missing = (t: number, text: string): string =>
  `${t} 0 fact site="a.ts:3:5 call Rows._transform | " text="${text}" what=missing-callback`;
const MEND = 'Each way through it has to call the callback once, with an error or without.';

describe('a stream’s callback that never comes', () => {
  it('is told at an end that the process came to itself, with who waits for the stream', () => {
    deepEqual(findingsOf(`${RUN}\n${missing(5, 'Rows._transform')}\n9 0 processEnd how=exit`), [
      `error never-answered: \`Rows._transform\` at a.ts:3 never called its callback: its stream stands still, and load waits for it at a.ts:9. ${MEND}`,
    ]);
  });

  it('is nothing to tell of where the program went on just before its end', () => {
    const wentOn = `${RUN}\n${missing(5, 'write of a Writable')}\n7 0 run id=1\n8 0 activationEnd id=1 outcome=ok`;
    deepEqual(findingsOf(`${wentOn}\n9 0 processEnd how=exit`), []);
  });

  it('is told of several streams once', () => {
    const two = `${missing(5, 'write of a Writable')}\n${missing(5, 'write of a Writable')}`;
    deepEqual(findingsOf(`${two}\n9 0 processEnd how=exit`), [
      `error never-answered: \`write\` of a Writable at a.ts:3 never called its callback: 2 streams stand still. ${MEND}`,
    ]);
  });

  it('is told after a quiet second only where somebody then ended the process', () => {
    const quiet = `${RUN}\n${missing(1_200_000_000, 'Rows._transform')}`;
    deepEqual(findingsOf(quiet), []);
    deepEqual(findingsOf(`${quiet}\n2000000000 0 processEnd how=signal signal=2`), [
      `error never-answered: \`Rows._transform\` at a.ts:3 has not called its callback, and nothing has happened for 1.20 s: its stream stands still, and load waits for it at a.ts:9. ${MEND}`,
    ]);
    const later = `${quiet}\n1500000000 0 run id=1\n1500000001 0 wait id=1 site="a.ts:9:5 await! load | x" reason=io`;
    deepEqual(findingsOf(`${later}\n2000000000 0 processEnd how=signal signal=2`), []);
  });

  it('is nothing to tell of where it was missed before other things happened', () => {
    const busy = `${missing(5, 'Rows._transform')}\n1500000000 0 run id=1\n1500000001 0 activationEnd id=1`;
    deepEqual(findingsOf(`${RUN}\n${busy}\n1600000000 0 processEnd how=exit`), []);
  });
});

describe('a function that has to call back', () => {
  const runs = (amount: number, text: string, t = 5): string =>
    `${t} 0 fact site="a.ts:3:5 call convert | " text="${text}" what=missing-callback amount=${amount}`;
  const every = 'Each way through it has to call it once, with an error or without.';

  it('is told of where the process came to its own end', () => {
    const told = `never-answered: 2 of the 6 runs of \`convert\` at a.ts:3 never called \`done\`: whoever waits for that was not told. ${every}`;
    deepEqual(findingsOf(`${runs(2, 'convert done 6')}\n9 0 processEnd how=exit`), [`warning ${told}`]);
    deepEqual(findingsOf(`${runs(2, 'convert done 6')}\n9 0 processEnd exitCode=13 how=exit`), [
      `error ${told}`,
    ]);
  });

  it('is none where the process failed, or was ended on purpose while something happened', () => {
    deepEqual(findingsOf(`${runs(2, 'convert done 6')}\n9 0 processEnd exitCode=1 how=exit`), []);
    deepEqual(findingsOf(`${runs(2, 'convert done 6')}\n9 0 processEnd how=called`), []);
  });

  it('is told after a quiet second, as information where none of its runs was ever over', () => {
    const quiet = (text: string): string[] =>
      findingsOf(
        `${RUN}\n${runs(2, text, 1_200_000_000)}\n2000000000 0 processEnd how=signal signal=2`,
      ).filter((line) => line.includes('never-answered'));
    deepEqual(quiet('convert done 6'), [
      `warning never-answered: 2 of the 6 runs of \`convert\` at a.ts:3 have not called \`done\`, and nothing has happened for 1.20 s. ${every}`,
    ]);
    deepEqual(quiet('convert done 2'), [
      `info never-answered: 2 runs of \`convert\` at a.ts:3 have not called \`done\`, and nothing has happened for 1.20 s. ${every}`,
    ]);
  });
});
