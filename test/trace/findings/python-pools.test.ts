/** Rules about Python's threads and pools that put numbers together, each beside a healthy twin. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MS = 1_000_000;
const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.11.7" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" site="a.py:1:1 function <module>" kind=main
3 0 resourceBegin creator=1 id=9 site="a.py:20:5 call main" name="pool" capacity=2 kind=pool bounded
`;
const of = (records: string, rule: string): string[] =>
  findingsOf(BEGIN + records).filter((line) => line.includes(` ${rule}: `));

/** Two calls, each for 300 ms in a thread of its own. */
const computing = (cpuUs: number, end: string): string => `
4 0 activationBegin id=2 parent=1 site="a.py:6:1 function difference" name="difference" of=9 kind=chunk ready
5 0 activationBegin id=3 parent=1 site="a.py:6:1 function difference" name="difference" of=9 kind=chunk ready
6 1 laneBegin osThread=8 name="pool_0" kind=thread gil
7 2 laneBegin osThread=9 name="pool_1" kind=thread gil
8 1 run id=2
9 2 run id=3
${300 * MS} 1 activationEnd id=2 cpuUs=${cpuUs} outcome=ok ${end}
${301 * MS} 2 activationEnd id=3 cpuUs=${cpuUs} outcome=ok ${end}
`;

describe('threads of Python', () => {
  it('that computed at once had one processor between them', () => {
    assert.deepEqual(of(computing(150_000, 'locked'), 'gil-bound'), [
      'warning gil-bound: 2 threads of pool pool computed in `difference` (a.py:6) one at a time: 2 calls had 300 ms of processor time in 301 ms, and were kept waiting for 50 % of theirs: the interpreter’s lock (GIL) lets one thread run. ProcessPoolExecutor computes at once.',
    ]);
  });

  it('that had a processor each, that did not stop, or that waited for the world, are none of it', () => {
    assert.deepEqual(of(computing(290_000, 'locked'), 'gil-bound'), []);
    assert.deepEqual(of(computing(150_000, 'starved=8'), 'gil-bound'), [], 'the machine was busy');
    assert.deepEqual(of(computing(20_000, 'locked'), 'gil-bound'), []);
  });

  const behind = (name: string): string => `
4 0 activationBegin id=2 parent=1 site="a.py:6:1 function report" name="report" of=9 kind=chunk ready
5 0 activationBegin id=3 parent=1 site="a.py:6:1 function report" name="report" of=9 kind=chunk ready
6 0 activationBegin id=4 parent=1 site="a.py:15:5 call look_up" name="${name}" of=9 kind=chunk ready
6 1 laneBegin osThread=8 name="pool_0" kind=thread gil
7 2 laneBegin osThread=9 name="pool_1" kind=thread gil
8 1 run id=2
9 2 run id=3
${300 * MS} 1 activationEnd id=2 outcome=ok
${300 * MS + 1} 1 run id=4
${301 * MS} 1 activationEnd id=4 outcome=ok
${302 * MS} 2 activationEnd id=3 outcome=ok
`;

  it('are all taken by long calls of another function', () => {
    assert.deepEqual(of(behind('getaddrinfo'), 'thread-pool-full'), [
      'warning thread-pool-full: getaddrinfo waited 300 ms for a thread of pool pool and then ran for 1.0 ms: all 2 threads had calls of `report`. Give the long ones a pool of their own.',
    ]);
    assert.deepEqual(
      of(behind('report'), 'thread-pool-full'),
      [],
      'calls of one function wait for each other',
    );
  });
});

describe('tasks of Python', () => {
  /** A task every 10 ms, each for so long. */
  const paced = (lengthMs: number, isAtOnce = false): string => {
    const records: [t: number, text: string][] = [[4, '0 wait id=1 for=2 reason=task']];
    records.push([
      5,
      '0 activationBegin id=2 parent=1 site="a.py:3:1 function main" name="main" kind=asyncio-task ready',
    ]);
    records.push([6, '0 resourceBegin id=8 name="asyncio.sleep" kind=timer']);
    for (let i = 0; i < 6; i++) {
      const t = 10 * MS * (i + 1);
      const [id, at] = [20 + i, isAtOnce ? 10 * MS + i : t];
      if (!isAtOnce || i === 0) records.push([at - 2, '0 run id=2']);
      records.push([
        at,
        `0 activationBegin id=${id} parent=2 site="a.py:5:1 function update" name="update" kind=asyncio-task ready`,
      ]);
      records.push([at, `0 use by=${id} site="a.py:25:5 call main" how=begun`]);
      if (!isAtOnce)
        records.push([at + 1, '0 wait id=2 site="a.py:26:5 await main | sleep(1)" for=8 reason=timer']);
      records.push([at + lengthMs * MS + 5 * i + 2, `0 run id=${id}`]);
      records.push([at + lengthMs * MS + 5 * i + 4, `0 activationEnd id=${id} outcome=ok`]);
    }
    records.sort(([a], [b]) => a - b);
    return records.map(([t, text]) => `${t} ${text}\n`).join('');
  };

  it('that one line begins at a pace overlap when each takes longer', () => {
    assert.match(
      of(paced(35), 'overlap')[0] ?? '',
      /^info overlap: update was begun at a\.py:25 every 10 ms while 1 to 3 earlier runs of it still went on, 5 of 6 times: a run took up to 35 ms\./,
    );
    assert.deepEqual(of(paced(5), 'overlap'), [], 'each ended before the next');
    assert.deepEqual(of(paced(35, true), 'overlap'), [], 'begun together, as is meant');
  });

  it('await call after call in a loop of a caller, which takes the time of all', () => {
    const records: string[] = ['4 0 wait id=1 for=2 reason=task'];
    records.push(
      '5 0 activationBegin id=2 parent=1 site="a.py:21:1 function main" name="main" kind=asyncio-task ready',
    );
    records.push('6 0 resourceBegin id=8 name="asyncio.sleep" kind=timer', '7 0 run id=2');
    for (let i = 0; i < 4; i++) {
      const t = 8 + 30 * MS * i;
      records.push(`${t} 0 use by=2 site="a.py:18:9 await! broadcast | send(block)" how=within`);
      records.push(`${t + 1} 0 wait id=2 site="a.py:12:9 await send | sleep(1)" for=8 reason=timer`);
      records.push(`${t + 30 * MS - 1} 0 run id=2 resource=8`);
    }
    const end = `${8 + 120 * MS} 0 use by=2 how=within\n${9 + 120 * MS} 0 activationEnd id=2 outcome=ok\n`;
    const noted = records.join('\n').replaceAll('await! broadcast', 'await!(effect-in-loop) broadcast');
    const all = of(`${noted}\n${end}`, 'one-by-one');
    const plain = of(`${records.join('\n')}\n${end}`, 'one-by-one');
    assert.deepEqual(plain, [], 'without the note the turns may need each other');
    assert.match(
      all[0] ?? '',
      /^info one-by-one: main in broadcast awaited 4 calls of `send` one after another \(a\.py:18\)/,
    );
  });
});
