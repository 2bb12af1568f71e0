/**
 * What is mutated: whole recordings of one part or several, small, of every kind of record. The
 * golden traces are real programs; the texts below hold what those lack.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkpoint } from '../../runtime/trace/format/checkpoint.ts';
import { KEPT_REASON } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { tree } from '../machine/tree.ts';

/** The records of each part. */
export type Recording = readonly Uint8Array[];

const PROCESS_TEXT = `
  0 0 clock wall=1000000 wallHigh=400000000
  0 0 processBegin pid=41 parentPid=7 argv="node a.js" version="v20" language=node method=program
  10 0 laneBegin name="main" kind=main osThread=41
`;

const SYNC_TEXT = `${PROCESS_TEXT}
  20 0 activationBegin id=1 site="a.js:1:1 line <main>" name="a.js" kind=main
  30 0 resourceBegin creator=1 id=2 name="orders" kind=queue capacity=4 bounded
  31 0 resourceBegin creator=1 id=3 name="db" kind=lock capacity=1 bounded
  32 0 resourceBegin creator=1 id=4 name="setTimeout 100 ms" kind=timer
  33 0 resourceBegin creator=1 id=5 name="Promise.all" kind=group
  40 0 activationBegin id=6 parent=1 site="a.js:2:1 function f" name="f" kind=async-function
  50 0 wait id=6 site="a.js:3:5 await! f | orders.get()" for=2 reason=queue-get
  60 0 activationBegin id=7 parent=1 site="a.js:9:1 function g" name="g" kind=async-function unawaited
  61 0 acquire by=7 resource=3 holder=7
  62 0 wait id=7 site="a.js:10:5 await g | sleep(100)" for=4 reason=timer
  63 0 group parent=1 group=5 child=6 index=0 count=2 kind=all
  64 0 group parent=1 group=5 child=7 index=1 count=2 kind=all
  65 0 wait id=1 site="a.js:20:1 await <main> | Promise.all(both)" for=5 reason=group
  1000 0 wake woken=7 resource=4
  1001 0 run id=7 resource=4
  1002 0 activationBegin id=8 parent=7 site="a.js:30:1 function h" name="h" kind=async-function
  1003 0 wait id=8 site="a.js:31:3 await h | lock" for=3 reason=lock
  1004 0 wait id=7 site="a.js:11:5 await! g | h()" for=8 reason=task direct
  1200 0 put by=7 resource=2 depth=1 serial=1 now
  1201 0 get by=6 resource=2 depth=0 serial=1
  1300 0 cancel target=8 by=7 site="a.js:12:1 call g"
  1301 0 run id=8 waker=7
  1302 0 activationEnd id=8 error="Error: no" outcome=cancelled canceller=7
  1303 0 run id=7 waker=8
  1310 0 pause why=breakpoint
  150001310 0 resume why=breakpoint
  150001400 0 release by=7 resource=3 left=1
  350001400 0 activationEnd id=7 outcome=ok
  350001500 0 wake woken=6 waker=7 resource=2
  350001501 0 run id=6 waker=7
  350001600 0 activationEnd id=6 error="TypeError: x" site="a.js:4:1 line f" outcome=error
  350001601 0 fact id=6 site="a.js:4:1 line f" text="TypeError: x" what=unhandled
  350001700 0 run id=1 waker=6
  350001800 0 resourceEnd by=1 id=2
  350001805 0 profile duration=250 site="a.js:2:1 line f" name="gzipSync" samples=50 unit=ms
  350001806 0 profile duration=90 name="code of ajv" samples=18 unit=ms
  350001810 0 held duration=3 site="a.js:40:1 call" unit=ms
  350001820 0 agent text="a.mts does not parse" count=3 news=unseen
  350001830 0 lost count=12 since=350001825 where=ring
  350001840 0 activationEnd id=1 outcome=ok
  350001900 0 laneEnd how=exit
  350001901 0 processEnd exitCode=1 how=exit
`;

const STEPS_TEXT = `${PROCESS_TEXT}
  20 0 activationBegin id=1 site="a.py:1:1 function main" name="main" kind=asyncio-task ready
  100 0 step id=1 duration=40 site="a.py:2:3 await main | sleep()" for=9 reason=timer unit=us
  100000 0 activationBegin id=2 parent=1 site="a.py:7:1 function w" name="w" kind=thread ready
  100100 1 laneBegin creator=1 name="w-1" kind=thread
  100200 1 run id=2
  200000 1 wait id=2 site="a.py:8:1 await w | recv()" reason=io
  300000 0 step id=1 duration=2 site="a.py:3:3 await main | w.join()" for=2 reason=join unit=ms waker=2
`;

const POOL_TEXT = `${PROCESS_TEXT}
  20 0 activationBegin id=1 site="a.js:1:1 line <main>" name="a.js" kind=main
  21 0 resourceBegin creator=1 id=2 name="squares" kind=pool capacity=2 bounded
  22 0 resourceBegin creator=1 id=3 name="w" kind=thread
  30 0 link id=1 token=5 tokenHigh=41 resource=2 way=send kind=job
  31 0 wait id=1 site="a.js:3:1 await <main> | pool.map(square, items)" for=2 reason=pool
  40 1 laneBegin name="squares-1" kind=worker
  50 1 activationBegin id=9 name="square" kind=chunk of=2
  51 1 chunk id=9 pool=2 first=0 items=4 submitter=1
  52 1 link id=9 token=5 tokenHigh=41 resource=2 way=receive kind=job
  120000050 1 link id=9 token=5 tokenHigh=41 way=send kind=result
  120000051 1 activationEnd id=9 outcome=ok
  120000060 0 link id=1 token=5 tokenHigh=41 resource=2 way=receive kind=result
  120000070 0 run id=1 waker=9 resource=2
  120000080 0 resourceEnd by=1 id=2
  120000081 0 resourceEnd by=1 id=3
  120000090 1 laneEnd how=terminated
  120000100 0 activationEnd id=1 outcome=ok
  120000200 0 processEnd how=called
`;

/** Calls that await each other, so deep. */
const nestedText = (depth: number): string => {
  const lines = [PROCESS_TEXT];
  const ids = Array.from({ length: depth }, (_, i) => i + 1);
  for (const id of ids)
    lines.push(
      `${id * 10} 0 activationBegin id=${id} parent=${id - 1} site="a.js:1:1 function f" name="f" kind=async-function`,
    );
  lines.push(`${depth * 10 + 1} 0 wait id=${depth} site="a.js:2:1 await f | sleep(1)" reason=timer`);
  for (const id of ids.slice(0, -1).reverse())
    lines.push(
      `${depth * 20 - id} 0 wait id=${id} site="a.js:3:1 await! f | f(n - 1)" for=${id + 1} reason=task direct`,
    );
  for (const id of [...ids].reverse())
    lines.push(
      `${depth * 30 - id * 2} 0 run id=${id} waker=${id < depth ? id + 1 : 0}`,
      `${depth * 30 - id * 2 + 1} 0 activationEnd id=${id} outcome=ok`,
    );
  return lines.join('\n');
};

/** A golden trace has a line's lane and no time: each line comes a microsecond after the last. */
function goldenRecords(name: string): Uint8Array {
  const lines = readFileSync(join(tree, 'test/golden', name), 'utf8').split('\n');
  return fromText(lines.map((line, i) => (/^\d/.test(line) ? `${i * 1000} ${line}` : '')).join('\n'));
}

/** A part whose first half was let go. */
function withCheckpoint(records: Uint8Array): Uint8Array {
  const half = Math.floor(records.length / RECORD_BYTES / 2) * RECORD_BYTES;
  const checkpoint = new Checkpoint();
  checkpoint.add(records.subarray(0, half));
  const kept = checkpoint.encode({ why: KEPT_REASON.limit, limitBytes: 60e6, maxRecords: 1e6 });
  return Buffer.concat([kept, records.subarray(half)]);
}

export function seedRecordings(): readonly Recording[] {
  const [sync, pool] = [fromText(SYNC_TEXT), fromText(POOL_TEXT)];
  return [
    [sync],
    [pool],
    [fromText(STEPS_TEXT)],
    [fromText(nestedText(60))],
    [sync, pool, sync],
    [withCheckpoint(sync), pool, withCheckpoint(pool)],
    ...readdirSync(join(tree, 'test/golden')).map((name) => [goldenRecords(name)]),
  ];
}
