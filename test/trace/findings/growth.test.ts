import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const found = (text: string): string[] => findingsOf(text).map((line) => line.replace(/\. .*$/, '.'));
const LINE = 'a.ts:8:0 line <anonymous>';

describe('what piled up', () => {
  it('is told with its line, and where what holds it was made', () => {
    const awaited = '0 0 wait id=1 site="a.ts:8:5 await! main | Promise.race([poll(), stop])" reason=group';
    const begin = '0 0 activationBegin id=1 name="main" kind=async-function';
    const text = `${begin}\n${awaited}\n
      1 0 fact site="${LINE}" text="races with one promise" called="a.ts:2:1 call <anonymous>" amount=500 what=growth
      2 0 fact site="${LINE}" text="races with one promise" called="a.ts:2:1 call <anonymous>" amount=1000 what=growth`;
    deepEqual(found(text), [
      'error growth: `Promise.race([poll(), stop])` at a.ts:8 waited 1,000 times or more for one promise that never settled ' +
        '(made at a.ts:2), which keeps each answer alive.',
    ]);
  });

  it('is not told of what was taken back before the end', () => {
    const fact = (t: number, amount: number): string =>
      `${t} 0 fact site="${LINE}" text="abort listeners of one AbortSignal" amount=${amount} what=growth\n`;
    deepEqual(found(fact(1, 32) + fact(2, 60)), [
      'error growth: 60 abort listeners of one AbortSignal were added at a.ts:8 and not removed.',
    ]);
    deepEqual(found(fact(1, 32) + fact(2, 0)), []);
  });

  it('is more than Node’s limit where each run adds one, and the process ended by itself', () => {
    const fact = (amount: number): string =>
      `1 0 fact site="${LINE}" text="each-run data listeners of one Bus" amount=${amount} what=growth\n`;
    deepEqual(found(`${fact(12)} 2 0 processEnd how=exit`), [
      'error growth: 12 data listeners of one Bus were added at a.ts:8, one by each run of it, and not removed.',
    ]);
    for (const end of ['', '2 0 processEnd how=called']) deepEqual(found(fact(12) + end), []);
    deepEqual(found(fact(40)).length, 1);
  });

  it('may be bytes and events', () => {
    const bytes = `1 0 fact site="a.ts:8:3 call! main | sink.write(row)" text="bytes that were written and not yet taken" amount=2500000 what=growth`;
    deepEqual(found(bytes), [
      'error growth: `sink.write(row)` at a.ts:8 returned false and nobody waited for it to drain: 3 MB or more waited in memory.',
    ]);
    const events = `1 0 fact site="${LINE}" text="events that nobody has read yet" called="a.ts:3:0 line <anonymous>" amount=4000 what=growth`;
    deepEqual(found(events), [
      'error growth: 4,000 events or more waited in memory to be read at a.ts:8: events.on at a.ts:3 keeps what comes faster than it is read.',
    ]);
  });
});

describe('who listened too late', () => {
  const begin = '0 0 activationBegin id=1 name="main" kind=async-function';
  const waits = '2 0 wait id=1 site="a.ts:8:5 await! main | once(store, \'ready\')" reason=event';
  const fact = `1 0 fact site="${LINE}" text="ready" called="a.ts:3:1 call! open | store.emit('ready')" amount=1 what=late-listener`;

  it('is told while the wait goes on, and not of an event that came again', () => {
    deepEqual(found(`${begin}\n${fact}\n${waits}`), [
      "error late-listener: 'ready' was emitted at a.ts:3 while nobody listened, and main began to wait for it at a.ts:8 afterwards.",
    ]);
    deepEqual(found(`${begin}\n${fact}\n${waits}\n3 0 wake woken=1\n4 0 run id=1`), []);
  });

  it('is told of a reader whose lines had gone', () => {
    const lines = `1 0 fact site="a.ts:9:3 for-await count | lines" text="line" called="a.ts:5:0 line count" what=late-listener`;
    deepEqual(found(lines), [
      'warning late-listener: `lines` emitted lines before anybody read it at a.ts:9: what came since it was made at a.ts:5 is lost.',
    ]);
  });
});

describe('a pipeline that nobody reads', () => {
  it('is told with the size and the kind of the stream', () => {
    const fact = `1 0 fact site="${LINE}" text="PassThrough" amount=16384 what=back-pressure`;
    deepEqual(found(fact), [
      'error back-pressure: The pipeline at a.ts:8 waits for its last stream, a PassThrough that is full (16 kB) and that nobody reads: ' +
        'pipeline ends when that stream has been read.',
    ]);
  });
});
