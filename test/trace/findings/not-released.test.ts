import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes(' not-released: '));
const END = '999 0 processEnd how=exit';
const ASKS = 'a.ts:3:5 await! withdraw | mutex.acquire()';

const taker = (id: number, end: string): string => `
  ${id}0 0 activationBegin id=${id} name="withdraw" kind=async-function
  ${id}1 0 wait id=${id} site="${ASKS}" for=90 reason=future
  ${id}2 0 run id=${id}
  ${end}
  ${id}4 0 activationEnd id=${id} site="a.ts:8:5 return withdraw | false" outcome=ok`;
const gaveBack = (id: number): string =>
  `${id}3 0 use by=${id} resource=90 site="a.ts:10:3 call withdraw | release()" how=call`;
const WAITS = `
  80 0 activationBegin id=8 name="report" kind=async-function
  81 0 wait id=8 site="a.ts:20:5 await! report | mutex.acquire()" for=90 reason=future`;
const MADE = `0 0 resourceBegin id=90 site="${ASKS}" name="mutex" kind=foreign`;

describe('what is taken and not given back', () => {
  const taken =
    'took mutex at a.ts:3 and ended at a.ts:8 without giving it back: report waited for it to the end at a.ts:20.';

  it('is told of the task that ended without a release, where others gave back', () => {
    deepEqual(found(`${MADE} ${taker(1, gaveBack(1))} ${taker(2, '')} ${WAITS}\n${END}`), [
      `error not-released: withdraw#2 ${taken} Give mutex back in a \`finally\`.`,
    ]);
  });

  it('is told of the last that got through, where no release is seen at all', () => {
    deepEqual(found(`${MADE} ${taker(1, '')} ${taker(2, '')} ${WAITS}\n${END}`), [
      `error not-released: withdraw#2 ${taken} Give mutex back in a \`finally\`.`,
    ]);
  });

  it('is not told where all gave back, where nobody waits, or where the program did not run dry', () => {
    deepEqual(found(`${MADE} ${taker(1, gaveBack(1))} ${WAITS}\n${END}`), []);
    deepEqual(found(`${MADE} ${taker(1, '')}\n${END}`), []);
    deepEqual(found(`${MADE} ${taker(1, '')} ${WAITS}\n999 0 processEnd how=called`), []);
    deepEqual(found(`${MADE} ${taker(1, '')} ${WAITS}\n82 0 lost count=1 where=ring\n${END}`), []);
  });

  it('is told of a program that stands still, while it does and when somebody ended it', () => {
    const late = (text: string): string => text.replace(/^ *(\d+) 0/gm, (_, t: string) => `${t}000000 0`);
    const stuck = `${MADE}${late(`${taker(1, gaveBack(1))}${taker(2, '')}${WAITS}`)}`;
    const since = 'took mutex at a.ts:3 and ended at a.ts:8 without giving it back: report';
    const mend = 'Give mutex back in a `finally`.';
    deepEqual(found(`${stuck}\n3081000000 0 processEnd signal=2 how=signal`), [
      `error not-released: withdraw#2 ${since} waited for it to the end at a.ts:20; ` +
        `nothing else had happened for 3.00 s when SIGINT came. ${mend}`,
    ]);
    deepEqual(found(`${stuck}\n3081000000 0 clock wall=1`), [
      `warning not-released: withdraw#2 ${since} waits for it at a.ts:20; ` +
        `nothing else has happened for 3.00 s. ${mend}`,
    ]);
    deepEqual(found(`${stuck}\n800000000 0 processEnd signal=2 how=signal`), []);
  });

  it('is not told of calls that ask for nothing to keep', () => {
    const query = (text: string): string => text.replaceAll('mutex.acquire()', 'client.query(1)');
    deepEqual(found(query(`${MADE} ${taker(1, '')} ${WAITS}\n${END}`)), []);
  });

  it('may be a queue that was stopped, until it is started again', () => {
    const stop = `70 0 use by=1 resource=90 site="a.ts:12:3 call f | mutex.pause()" how=call`;
    const start = `71 0 use by=1 resource=90 site="a.ts:13:3 call f | mutex.start()" how=call`;
    const first = taker(1, gaveBack(1));
    deepEqual(found(`${MADE} ${first}\n${stop} ${WAITS}\n${END}`), [
      'error not-released: mutex was stopped at a.ts:12 by withdraw and not started again: ' +
        'report waited for it to the end at a.ts:20. Start mutex again.',
    ]);
    deepEqual(found(`${MADE} ${first}\n${stop}\n${start} ${WAITS}\n${END}`), []);
  });

  it('may be a call that let a function run and never came back', () => {
    const text = `
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 resourceBegin id=90 creator=1 site="a.ts:9:10 return! append | lock.acquire(f)" name="lock" kind=foreign
      2 0 activationBegin id=2 parent=1 site="a.ts:9:30 function <anonymous>" name="<anonymous>" kind=async-function
      3 0 activationEnd id=2 outcome=ok
      4 0 use by=2 resource=90 site="a.ts:9:10 return! append | lock.acquire(f)" how=inside
      5 0 wait id=1 site="a.ts:16:3 await! main | append()" for=90 reason=future`;
    deepEqual(found(`${text}\n${END}`), [
      'error not-released: append asked lock at a.ts:9 to run a function; it ended, and lock never heard of it: ' +
        'main waited for it to the end at a.ts:16. If that function is given a `done`, it has to call it.',
    ]);
  });

  it('may be a limiter that let some of the calls run', () => {
    const runs = (id: number): string => `
      ${id}0 0 activationBegin id=${id} parent=1 site="a.ts:4:9 function place" name="place" kind=async-function
      ${id}1 0 activationEnd id=${id} outcome=ok`;
    const text = (calls: number): string => `
      0 0 activationBegin id=1 name="main" kind=async-function
      1 0 resourceBegin id=90 creator=1 site="a.ts:9:10 call! main | geocode(x)" name="geocode" kind=foreign
      2 0 resourceBegin id=91 creator=1 name="Promise.all" capacity=${calls} kind=group
      ${Array.from({ length: calls }, (_, i) => `3 0 group parent=1 group=91 child=90 index=${i} count=${calls} kind=all`).join('\n')}
      4 0 wait id=1 site="a.ts:9:3 await! main | Promise.all(xs.map(geocode))" for=91 reason=group
      ${runs(2)} ${runs(3)}`;
    deepEqual(found(`${text(5)}\n${END}`), [
      'error not-released: geocode let 2 of the 5 calls at a.ts:9 in main run, and those ended; the 3 others never began: ' +
        'main waited for it to the end at a.ts:9. Has geocode a number of permits that is used up, ' +
        'is it paused, or must the function call a `done` that it is given?',
    ]);
    deepEqual(found(`${text(2)}\n${END}`), []);
  });
});
