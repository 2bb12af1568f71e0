import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.11.7" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" site="a.py:1:1 function <module>" kind=main
`;
const LOOP = `${BEGIN}
3 0 activationBegin id=2 parent=1 site="a.py:3:1 function work" name="work" kind=asyncio-task ready
4 0 wait id=1 site="a.py:9:1 call <module>" for=2 reason=task
`;
const of = (records: string, rule: string): string[] =>
  findingsOf(records).filter((line) => line.includes(` ${rule}: `));

describe('what stands still in Python, or fails', () => {
  it('is a task that goes on after it was cancelled', () => {
    const fact =
      '5 0 fact id=2 site="a.py:4:5 await work | step()" called="a.py:8:5 call main" text="wait_for" what=swallowed-cancel\n';
    assert.deepEqual(of(LOOP + fact, 'swallowed-cancel'), [
      'error swallowed-cancel: work was cancelled at a.py:8 while it waited in wait_for at a.py:4, and waits there again: CancelledError was swallowed, and the task goes on. asyncio.timeout() does not do that, nor does wait_for from Python 3.12 on.',
    ]);
  });

  it('is a loop that waits for what only it could give', () => {
    const fact =
      '5 0 run id=2\n6 0 fact id=2 site="a.py:4:5 call load" called="a.py:2:5 call load" text="lock" what=loop-deadlock\n';
    assert.deepEqual(of(LOOP + fact, 'deadlock'), [
      'error deadlock: work stands at a.py:4 in load and waits for lock (a.py:2), which only the event loop of the same thread could go on with: a deadlock. Await it there; nothing that blocks may be held or waited for across an await.',
    ]);
  });

  it('is a lock that a thread had when the process was forked', () => {
    const fact =
      '5 0 fact id=1 site="a.py:4:5 call report" called="a.py:12:5 call <module>" text="stats|count" what=fork-with-locks\n';
    assert.match(
      of(BEGIN + fact, 'fork-with-locks')[0] ?? '',
      /^error fork-with-locks: a\.py, in a process forked at a\.py:12, waits at a\.py:4 in report for lock stats, which a thread in `count` had at the fork:/,
    );
  });

  it('is a generator that was not started, before the error that came of it', () => {
    const facts = `
5 0 fact id=1 site="a.py:4:5 call feed" text="grep|target" what=not-primed
6 0 fact id=1 site="a.py:4:5 call feed" text="TypeError" what=uncaught
7 0 processEnd exitCode=1 how=uncaught
`;
    assert.match(
      findingsOf(BEGIN + facts)[0] ?? '',
      /^error not-primed: The generator `target` of `grep` was sent a value at a\.py:4 before/,
    );
  });

  const held = (endNs: number): string => `
5 0 resourceBegin creator=2 id=5 site="a.py:6:1 call <module>" name="gate" kind=semaphore
6 0 run id=2
7 0 wait id=2 site="a.py:4:5 await work | gate.acquire()" for=5 reason=semaphore
7 0 fact id=2 site="a.py:4:5 await work | gate.acquire()" text="rows|Base.rows|gate" what=left-open
${endNs} 0 clock
`;

  it('is an async generator that keeps what a task waits for, once it does so for a second', () => {
    assert.match(
      of(LOOP + held(2 * S), 'unclosed')[0] ?? '',
      /^error unclosed: work waits at a\.py:4 for gate, which the async generator `rows` \(of `Base\.rows`\) has: it was left at a `yield`/,
    );
    const ended = LOOP + held(8) + `${2 * S} 0 run id=2\n`;
    assert.deepEqual(of(ended, 'unclosed'), [], 'it got it');
  });

  it('is a session that was never closed, with how many', () => {
    const fact = (n: number): string =>
      `${n + 5} 0 fact site="a.py:4:5 call ask" text="ClientSession|ask" amount=${n} what=never-closed\n`;
    assert.deepEqual(of(BEGIN + fact(1) + fact(2), 'unclosed'), [
      'warning unclosed: `ask` made 2 ClientSessions at a.py:4 and closed none of them. Use it in a `with` statement, one for all.',
    ]);
  });

  it('is a task that was cancelled before its first step', () => {
    const fact =
      '5 0 fact id=2 site="a.py:8:5 call main" called="a.py:5:5 call work" text="file" what=never-begun\n';
    assert.deepEqual(of(LOOP + fact, 'not-released'), [
      'warning not-released: work (made at a.py:8) was cancelled before its first step: its `finally` at a.py:5, which cares for `file`, never ran. Take inside the task what the task gives back.',
    ]);
  });

  it('is a semaphore whose holder has ended, when nothing happens any more', () => {
    const lost = (release: string): string => `
5 0 resourceBegin creator=1 id=5 site="a.py:6:1 call <module>" name="gate" kind=semaphore
6 0 activationBegin id=3 parent=1 site="a.py:13:1 function taker" name="taker" kind=asyncio-task ready
7 0 run id=3
8 0 acquire by=3 resource=5 holder=3
9 0 use by=3 resource=5 site="a.py:14:5 call taker" how=got
${release}
10 0 activationEnd id=3 outcome=ok
11 0 run id=2
12 0 wait id=2 site="a.py:4:5 await work | gate.acquire()" for=5 reason=semaphore
${2 * S} 0 fact id=1 what=interrupted
${2 * S + 1} 0 run id=1
${2 * S + 2} 0 processEnd signal=2 how=signal
`;
    assert.match(
      of(LOOP + lost(''), 'not-released')[0] ?? '',
      /^error not-released: taker took semaphore gate \(a\.py:14 in taker\) and ended without giving it back: work waits for it at a\.py:4/,
    );
    assert.deepEqual(of(LOOP + lost('9 0 release by=3 resource=5 left=1'), 'not-released'), []);
  });

  it('is a thread that waits for ever after the program’s own code is over', () => {
    const kept = (reason: string): string => `
3 0 resourceBegin creator=1 id=2 site="a.py:11:5 call <module>" name="saver" kind=thread
4 0 resourceBegin creator=1 id=4 site="a.py:2:1 call <module>" name="pictures" kind=queue
5 1 laneBegin osThread=8 name="saver" kind=thread gil
6 1 activationBegin id=3 parent=1 site="a.py:14:1 function Saver.run" name="saver" of=2 kind=thread
7 1 wait id=3 site="a.py:16:5 call Saver.run" for=4 reason=${reason}
8 0 fact id=3 what=main-ended
9 0 wait id=1 reason=join
${2 * S} 0 fact id=1 what=interrupted
${2 * S + 1} 0 run id=1
${2 * S + 2} 0 processEnd exitCode=0 how=exit
`;
    assert.match(
      of(BEGIN + kept('queue-get'), 'kept-alive')[0] ?? '',
      /^error kept-alive: The process does not end: saver waits at a\.py:16 in Saver\.run for an item of queue pictures, and the program’s own code is over; nothing else/,
    );
    assert.deepEqual(of(BEGIN + kept('timer'), 'kept-alive'), [], 'a timer comes');
  });

  it('is a job whose process was killed, for whoever asks for it again and again', () => {
    const facts = (times: number): string => `
5 0 fact text="resize|j1" amount=9 what=job-killed
6 0 fact id=1 site="a.py:30:5 call main" text="j1" amount=${times} what=job-asked
`;
    assert.deepEqual(of(BEGIN + facts(16), 'lost-job'), [
      'error lost-job: a.py asks again and again at a.py:30 for what will not come: the process that did the job `resize` was killed by SIGKILL. Ask for its status as well, and stop when it has failed.',
    ]);
    assert.deepEqual(of(BEGIN + facts(1), 'lost-job'), [], 'asked once, to know');
  });

  it('is a pool whose answers nobody reads any more', () => {
    const records = `
3 0 resourceBegin creator=1 id=2 site="a.py:5:5 call main" name="pool" capacity=2 kind=pool bounded
4 0 wait id=1 site="a.py:6:5 call main" for=2 reason=pool
5 0 fact text="TypeError: no line" what=results-lost
${2 * S} 0 fact id=1 what=interrupted
${2 * S + 1} 0 run id=1
${2 * S + 2} 0 processEnd signal=2 how=signal
`;
    assert.match(
      of(BEGIN + records, 'lost-job')[0] ?? '',
      /^error lost-job: a\.py waits at a\.py:6 for what will not come: the thread that reads the answers of pool pool ended with TypeError: no line\. /,
    );
  });
});
