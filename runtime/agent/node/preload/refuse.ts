/**
 * Writes into the recording that this process is not traced, and why. The preload loads it where it
 * steps aside. It runs on any Node that has BigInt; where it cannot run or cannot write, nothing is
 * said.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partName } from '../../../trace/format/part.ts';
import { encodeRefusedPart } from '../../../recorder/refused-part.ts';

/** @param why ends the sentence "was not traced: …" */
export function refuse(why: string, folder: string): void {
  const startNs = process.hrtime.bigint();
  const { pid, ppid, argv, version } = process;
  const bytes = encodeRefusedPart({
    pid,
    parentPid: ppid,
    startNs,
    wallNs: BigInt(Date.now()) * BigInt(1e6),
    args: argv,
    version,
    why,
  });
  writeFileSync(join(folder, partName(pid, startNs, 0)), bytes, { flag: 'wx', mode: 0o600 });
}
