import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.12.1" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" kind=main
3 0 activationBegin id=2 parent=1 site="a.py:3:1 function work" name="work" kind=asyncio-task ready`;
const END = `
1000000000 0 processEnd how=exit`;
const of = (rule: string, ...records: string[]): string[] =>
  findingsOf([BEGIN, ...records, END].join('\n')).filter((line) => line.includes(`${rule}: `));

const fact = (t: number, text: string, amount: number, what: string, site = 'a.py:8:9 call work'): string =>
  `${t} 0 fact id=2 site="${site}" text="${text}" amount=${amount} what=${what}`;

describe('a task that asks again and again', () => {
  it('is told with all its turns, and what it asks', () => {
    deepEqual(
      of(
        'busy-wait',
        fact(7, 'self.q|work|50000', 1024, 'busy-wait'),
        fact(9, 'self.q|work|300000', 9999, 'busy-wait'),
      ),
      [
        'warning busy-wait: `work` spins on `asyncio.sleep(0)` at a.py:8, where it polls `self.q`: 9,999 turns in 300 ms, ' +
          'and the event loop, with a whole processor, never slept meanwhile. An `asyncio.Event` or `asyncio.Queue` wakes ' +
          'it when there is something; from another thread by `loop.call_soon_threadsafe`.',
      ],
    );
  });

  it('is none where that took little of the time', () => {
    deepEqual(of('busy-wait', fact(9, 'self.q|work|90000', 9999, 'busy-wait')), []);
  });
});

describe('a lock for each call', () => {
  it('is told with how many were inside at once', () => {
    deepEqual(
      of('private-lock', fact(7, 'Lock|work', 2, 'private-lock'), fact(8, 'Lock|work', 3, 'private-lock')),
      [
        'warning private-lock: `work` makes a new `Lock` at each call, at a.py:8, which locks nobody out: 3 calls were ' +
          'inside at once. Make one that all calls share, as in `__init__`.',
      ],
    );
  });
});

describe('messages to a manager', () => {
  const lock = fact(8, 'lock|AcquirerProxy|work|200000', 500, 'round-trips', 'a.py:7:9 call work');

  it('are told of one function together, the data first', () => {
    deepEqual(of('round-trips', lock, fact(9, 'levels|DictProxy|work|300000', 1000, 'round-trips')), [
      'warning round-trips: `work` used `levels` and `lock` of the manager 1,500 times at a.py:8 and a.py:7, each a message ' +
        'to the manager’s process and one back: 500 ms of the 1.00 s of the process. Work on a plain dict or list in the ' +
        'process, and give that back once, as by `pool.map`.',
    ]);
  });

  it('are none for a lock alone, or where they took little of the time', () => {
    deepEqual(of('round-trips', lock), []);
    deepEqual(of('round-trips', fact(9, 'levels|DictProxy|work|150000', 1000, 'round-trips')), []);
  });
});

describe('what another run has overwritten', () => {
  const overwritten = (text: string, amount: number): string =>
    `9 0 fact id=2 site="a.py:8:9 call work" called="a.py:9:9 call work" text="${text}" amount=${amount} what=overwritten`;

  it('is told with where it was set, and what would be each task’s own', () => {
    deepEqual(of('overwritten-state', overwritten('state.locale|threading.local|home', 2)), [
      'warning overwritten-state: `home` set `state.locale` (a threading.local) at a.py:8 and waited at a.py:9, where ' +
        'another run overwrote it, 2 times: it goes on with what is the other’s. All tasks of a loop run in one thread: a ' +
        '`contextvars.ContextVar` is each task’s own.',
    ]);
    deepEqual(of('overwritten-state', overwritten('self.folder||export', 1)), [
      'warning overwritten-state: `export` set `self.folder` at a.py:8 and waited at a.py:9, where another run overwrote it: ' +
        'it goes on with what is the other’s. Keep it in a variable of the function, or in a `contextvars.ContextVar`.',
    ]);
  });
});

describe('a function made in a loop', () => {
  const late = (amount: number, text: string): string =>
    `${amount} 0 fact id=2 site="a.py:8:9 call work" called="a.py:6:5 call work" text="${text}" amount=${amount} what=late-binding`;

  it('is told with how many read what another turn had left', () => {
    deepEqual(
      of(
        'late-binding',
        late(4, 'guest|plan.<locals>.<lambda>|Timer|9'),
        late(8, 'guest|plan.<locals>.<lambda>|Timer|9'),
      ),
      [
        'warning late-binding: The lambda that `Timer` was given at a.py:8 reads `guest` when it runs, and the loop at a.py:6 ' +
          'had gone on by then: 8 of 9 got the value of another turn. Give the value along: `lambda guest=guest: …`, or as an argument.',
      ],
    );
  });

  it('is told by its name, with all of them', () => {
    deepEqual(of('late-binding', late(3, 'host|run|Thread|3')), [
      'warning late-binding: `run` that `Thread` was given at a.py:8 reads `host` when it runs, and the loop at a.py:6 ' +
        'had gone on by then: all 3 got the value of another turn. Give `host` along as an argument.',
    ]);
  });
});
