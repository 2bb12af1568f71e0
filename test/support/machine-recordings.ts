/** Recordings of two machines between which jobs go, as their agents would have left them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGE } from '../../runtime/trace/format/kinds.ts';
import { encodePartHead, partName } from '../../runtime/trace/format/part.ts';
import { fromText } from '../../runtime/trace/format/text.ts';

const QUEUE = 'name="words|10.0.0.7:6379/0 bull:words" kind=job-queue';

/** Times are ms of the machine's own. It adds jobs at 100, 200, … and has a result 60 ms later. */
export const producer = (jobs: number): string => `
  0 0 processBegin pid=4711 argv="node shop.mjs" language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="produce" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  ${Array.from({ length: jobs }, (_, i) => {
    const ms = 100 * (i + 1);
    return `
  ${ms} 0 resourceBegin creator=1 id=${10 + i} site="a.ts:3:1 call produce | add()" name="count" kind=job
  ${ms} 0 link id=1 token=${100 + i} tokenHigh=9 resource=2 attempt=1 way=send kind=queued-job
  ${ms + 60} 0 link id=1 token=${900 + i} tokenHigh=9 way=receive kind=queued-result`;
  }).join('')}`;
/** Begins each job 20 ms after it was added, as a clock that agrees would show it, for 20 ms. */
export const worker = (jobs: number, withResults = true): string => `
  0 0 processBegin pid=4711 argv="node work.mjs" language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="work" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  ${Array.from({ length: jobs }, (_, i) => {
    const ms = 100 * (i + 1);
    return `
  ${ms + 20} 0 activationBegin id=${10 + i} parent=1 name="count" kind=job
  ${ms + 20} 0 link id=${10 + i} token=${100 + i} tokenHigh=9 resource=2 attempt=1 way=receive kind=queued-job${
    withResults
      ? `
  ${ms + 40} 0 link id=${10 + i} token=${900 + i} tokenHigh=9 way=send kind=queued-result`
      : ''
  }
  ${ms + 40} 0 activationEnd id=${10 + i} outcome=ok`;
  }).join('')}`;

export interface MachineClock {
  readonly boot?: string;
  /** The machine's monotonic clock at its 0 ms. */
  readonly zeroMs?: bigint;
  /** By how much its wall clock is wrong. */
  readonly skewMs?: bigint;
}

const MS = 1_000_000n;
const WALL_MS = 1_790_000_000_000n;

/** @param text records, their times in ms. @returns the folder of the recording */
export function recordMachine(
  folder: string,
  name: string,
  text: string,
  { boot = name, zeroMs = 5000n, skewMs = 0n }: MachineClock = {},
): string {
  const path = join(folder, name);
  mkdirSync(path);
  const inNs = text.replaceAll(
    /^(\s*)(\d+) (?=\d)/gm,
    (_, space: string, ms: string) => `${space}${ms}000000 `,
  );
  const startNs = zeroMs * MS;
  const wallNs = (WALL_MS + skewMs) * MS;
  const head = encodePartHead({ pid: 4711, segment: 0, startNs, wallNs, language: LANGUAGE.node });
  writeFileSync(join(path, partName(4711, startNs, 0)), Buffer.concat([head, fromText(inNs, startNs)]));
  writeFileSync(
    join(path, 'identity.json'),
    JSON.stringify({ recording: name, host: name, boot, pids: '1' }),
  );
  return path;
}
