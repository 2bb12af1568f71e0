import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.12.1" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" kind=main
3 0 activationBegin id=2 parent=1 site="a.py:3:1 function work" name="work" kind=asyncio-task ready
4 0 wait id=1 site="a.py:9:1 call <module>" for=2 reason=task
5 0 run id=2
6 0 wait id=2 site="a.py:4:5 await! work | q.get()" reason=queue-get
`;
const of = (records: string): string[] =>
  findingsOf(BEGIN + records).filter((line) => !line.includes('never-settled'));

describe('what the agent for Python saw', () => {
  it('is a coroutine that nobody awaited, once for each line', () => {
    const fact = (t: number): string =>
      `${t} 0 fact id=2 site="a.py:20:9 call close" text="Journal.flush" what=coroutine-unawaited\n`;
    assert.deepEqual(of(fact(7) + fact(8)), [
      'warning never-awaited: A coroutine `Journal.flush`, called at a.py:20, was never awaited, 2 times: nothing of it ran.',
    ]);
  });

  it('does not say where a coroutine was made if that is not known', () => {
    assert.deepEqual(of('7 0 fact called="a.py:22:1 call main" text="flush" what=coroutine-unawaited\n'), [
      'warning never-awaited: A coroutine `flush` that the program let go of at a.py:22 was never awaited: nothing of it ran.',
    ]);
  });

  it('is a task that was collected, at the line of its wait', () => {
    assert.deepEqual(of('7 0 fact id=2 what=task-collected\n'), [
      'error task-collected: work was collected while it waited at a.py:4: nobody but the event loop knew the task, and it never ended. Keep what create_task returns.',
    ]);
  });

  it('is an error that nobody asked for', () => {
    assert.deepEqual(
      of(
        '7 0 fact id=2 site="a.py:8:1 call work" text="ValueError: no" called="a.py:12:1 call main" what=never-retrieved\n',
      ),
      [
        'error never-retrieved: work failed with ValueError: no at a.py:8, and nobody asked for its result: it was begun at a.py:12.',
      ],
    );
  });

  it('is a loop within a loop, a lock of another loop, and a wake from another thread', () => {
    assert.deepEqual(
      of(`7 0 fact id=2 site="a.py:11:1 call station" text="fetch" what=nested-loop
8 0 fact id=2 site="a.py:9:1 await shared" text="lock" called="a.py:2:1 call <module>" what=wrong-loop
9 0 fact id=2 site="a.py:30:1 call feed" text="feed" what=wrong-thread
`),
      [
        'error wrong-loop: `lock` (made at a.py:2) belongs to another event loop than the one in which work used it at a.py:9: it was refused. Make it where the loop runs.',
        'error nested-loop: `fetch` was to run in an event loop of its own at a.py:11 by work, where one ran already, and was refused. Await it there.',
        'warning wrong-thread: `feed`, in a thread that is not the event loop’s, made work ready at a.py:30: the loop may sleep on, for nothing told it. `loop.call_soon_threadsafe` does.',
      ],
    );
  });
});

describe('a queue that is joined', () => {
  const MIN_STILL = '\n3000000000 0 clock';
  const queue = `7 0 resourceBegin creator=1 id=3 site="a.py:2:1 call <module>" name="links" kind=queue
8 1 laneBegin osThread=8 name="worker" kind=thread gil
9 1 activationBegin id=4 parent=1 site="a.py:5:1 function worker" name="worker" kind=thread
10 1 put by=4 resource=3 depth=1
11 1 get by=4 resource=3
`;
  const main = `12 0 activationBegin id=5 parent=1 site="a.py:1:1 function main" name="main" kind=asyncio-task
13 0 wait id=5 site="a.py:34:1 call main" for=3 reason=join
`;
  const next = `14 1 wait id=4 site="a.py:18:1 call worker" for=3 reason=queue-get
2000000000 1 agent text="x" count=1 news=seen
`;
  const found = (records: string): string[] => of(records).filter((line) => line.includes('never-done'));

  it('waits for ever for an item that a consumer took and did not report', () => {
    assert.deepEqual(found(queue + main + next + MIN_STILL), [
      'error never-done: main waits at a.py:34 for queue links to be done with 1 item: worker took 1 at a.py:18 without task_done(), and waits for the next or has ended.',
    ]);
  });

  it('is no fault where every item was reported, or one is still worked on', () => {
    const done = '11 1 use by=4 resource=3 site="a.py:25:1 call worker" how=call\n';
    assert.deepEqual(found(queue + done + main + next + MIN_STILL), []);
    assert.deepEqual(found(queue + main + MIN_STILL), []);
  });
});

describe('locks that tell who has them', () => {
  const thread = (id: number, name: string): string =>
    `${id} ${id} activationBegin id=${id} parent=1 site="a.py:${id}:1 function ${name}" name="${name}" kind=thread\n`;
  const lock = (id: number, name: string): string =>
    `7 0 resourceBegin creator=1 id=${id} site="a.py:2:1 call <module>" name="${name}" kind=lock\n`;
  const nameOf = (id: number): string => (id === 8 ? 'pay' : 'refund');
  const take = (id: number, resource: number, line: number): string =>
    `20 ${id} acquire by=${id} resource=${resource} holder=${id}
20 ${id} use by=${id} resource=${resource} site="a.py:${line}:1 call ${nameOf(id)}" how=got\n`;
  const wait = (id: number, resource: number, line: number): string =>
    `30 ${id} wait id=${id} site="a.py:${line}:1 call ${nameOf(id)}" for=${resource} reason=lock\n`;
  const all = lock(30, 'a') + lock(31, 'b') + thread(8, 'pay') + thread(9, 'refund');
  const end = '2000000000 0 agent text="x" count=1 news=seen\n';
  const found = (records: string): string[] => of(records).filter((line) => line.includes(' deadlock'));

  it('are a deadlock where two wait for what the other has', () => {
    assert.deepEqual(
      found(all + take(8, 30, 40) + take(9, 31, 50) + wait(8, 31, 42) + wait(9, 30, 52) + end),
      [
        'error deadlock: pay has lock a (a.py:40) and waits for lock b at a.py:42; refund has lock b (a.py:50) and waits for lock a at a.py:52: a deadlock. Take them in one order everywhere.',
      ],
    );
  });

  it('are a deadlock where the one who has a lock waits for it', () => {
    assert.deepEqual(found(all + take(8, 30, 40) + wait(8, 30, 42) + end), [
      'error deadlock: pay has lock a (a.py:40) and waits for it again at a.py:42: a deadlock. A threading.RLock may be taken again by the thread that has it.',
    ]);
  });

  it('are none where one of them gave its lock back', () => {
    const back = '25 9 release by=9 resource=31 left=1\n';
    assert.deepEqual(
      found(all + take(8, 30, 40) + take(9, 31, 50) + back + wait(8, 31, 42) + wait(9, 30, 52) + end),
      [],
    );
  });
});

describe('tasks of a gather that failed', () => {
  const records = (wentOn: string): string => `
10 0 resourceBegin creator=2 id=20 site="a.py:24:9 call main" name="gather" kind=group
11 0 activationBegin id=21 parent=2 site="a.py:5:1 function part" name="part" kind=asyncio-task ready
12 0 activationBegin id=22 parent=2 site="a.py:5:1 function part" name="part" kind=asyncio-task ready
13 0 group parent=2 group=20 child=21 count=2 kind=gather
14 0 group parent=2 group=20 child=22 index=1 count=2 kind=gather
15 0 run id=2
16 0 wait id=2 site="a.py:24:9 await! main | asyncio.gather()" for=20 reason=group
17 0 run id=21
18 0 wait id=21 site="a.py:6:9 await! part | asyncio.sleep(1)" reason=timer
19 0 run id=22
20 0 activationEnd id=22 error="ValueError: no" outcome=error
21 0 group parent=2 group=20 child=22 index=1 count=2 kind=gather decides
22 0 wake woken=2 waker=22 resource=20
23 0 run id=2
${wentOn}`;
  const more = `30000000 0 run id=21
30000001 0 wait id=21 site="a.py:6:9 await! part | asyncio.sleep(1)" reason=timer
60000000 0 run id=21
60000001 0 activationEnd id=21 outcome=ok
`;
  const found = (text: string): string[] => of(text).filter((line) => line.includes('never-awaited'));

  it('went on, and nobody waited for them', () => {
    assert.deepEqual(found(records(more)), [
      'warning never-awaited: part#1 went on for 60 ms after gather (a.py:24) had failed with part#2: nobody waits for it. An asyncio.TaskGroup cancels them and waits for their end.',
    ]);
  });

  it('are no finding where they were cancelled', () => {
    assert.deepEqual(
      found(
        records(
          '24 0 cancel target=21 by=2\n25 0 run id=21\n26 0 activationEnd id=21 canceller=2 outcome=cancelled\n',
        ),
      ),
      [],
    );
  });
});

describe('what Python was in the middle of at its end', () => {
  const thread = (
    reason: string,
  ): string => `7 1 activationBegin id=8 parent=1 site="a.py:10:1 function post" name="post" kind=thread
8 0 resourceBegin creator=1 id=9 name="time.sleep" kind=timer
9 1 wait id=8 site="a.py:11:5 call post" for=9 reason=${reason}
10 0 processEnd how=exit
`;
  it('is cut off, where that was to come by itself', () => {
    assert.deepEqual(
      of(thread('timer')).filter((line) => line.includes('post')),
      [
        'info cut-off: post was cut off at a.py:11: the process ended while it waited for the timer time.sleep, and what was to come after that was not done.',
      ],
    );
  });

  it('is no starved consumer, where daemon threads waited for work', () => {
    const queue = '8 0 resourceBegin creator=1 id=30 name="jobs" kind=queue\n8 0 put by=1 resource=30\n';
    const records = queue + thread('queue-get').replace('for=9', 'for=30');
    assert.equal(
      of(records).some((line) => line.includes('starved')),
      false,
    );
  });

  it('is not, where it waited for others', () => {
    assert.equal(
      of(thread('queue-get')).some((line) => line.includes('cut-off')),
      false,
    );
  });
});
