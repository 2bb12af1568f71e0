/**
 * When the helper thread writes what a program that does little has recorded. The program does one
 * step whenever the test has seen the step before in the recording. A round that may come late
 * comes after its full time; one that may not is sooner at least once, on any machine.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, it } from 'mocha';
import { follow } from '../../runtime/launch/follow.ts';
import { traceEnv } from '../../runtime/launch/start-trace.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { temporaryFolders } from '../launch/part-writer.ts';

const folder = temporaryFolders();
const STEPS = 12;
const SAME = Array.from({ length: STEPS }, () => 1);
/** Each is news: more than twice as much as what was usual. */
const EVER_MORE = [12, 36, 108, 324];
/** Quiet times begin after a second of little. The helper looks for followers twice a second. */
const UNTIL_QUIET_MS = 1700;
/** The longest time between two rounds then. */
const QUIET_ROUND_MS = 75;
const PROGRAM = `
  async function step() {}
  process.stdin.on('data', (data) => {
    for (let left = Number(data); left > 0; left--) step();
  });
  process.stdin.on('end', () => {});
  process.stdout.write('ready');
`;

interface Stepping {
  readonly isFollowed: boolean;
  /** Calls in each step; each writes two records. */
  readonly calls: readonly number[];
}

/** @returns how long each step took until it stood in the file (ms) */
async function timeSteps({ isFollowed, calls }: Stepping): Promise<number[]> {
  const at = folder();
  const recording = folder();
  writeFileSync(join(at, 'program.mjs'), PROGRAM);
  const program = spawn(process.execPath, ['program.mjs'], {
    cwd: at,
    env: traceEnv({ recording, env: process.env, depth: 'full' }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => program.once('close', done));
  await new Promise((ready) => program.stdout.once('data', ready));
  const [part = ''] = readdirSync(recording);
  const recorded = (): number => statSync(join(recording, part)).size / RECORD_BYTES;
  const following = isFollowed ? follow(recording, { onBlock: () => undefined }) : null;
  try {
    // What is tested is what comes after this time.
    await sleep(UNTIL_QUIET_MS);
    const times: number[] = [];
    for (const count of calls) {
      const wanted = recorded() + 2 * count;
      const fromMs = performance.now();
      program.stdin.write(String(count));
      while (recorded() < wanted) await sleep(1);
      times.push(performance.now() - fromMs);
    }
    return times;
  } finally {
    program.stdin.end();
    await ended;
    following?.stop();
  }
}

describe('a program that does little', function () {
  this.timeout(60_000);

  let unfollowed: number[];
  let followed: number[];
  let busier: number[];
  before(async () => {
    // Each waits nearly all of its time.
    [unfollowed, followed, busier] = await Promise.all([
      timeSteps({ isFollowed: false, calls: SAME }),
      timeSteps({ isFollowed: true, calls: SAME }),
      timeSteps({ isFollowed: false, calls: EVER_MORE }),
    ]);
  });

  it('is written some ten times a second at most, while nobody follows', () => {
    const late = unfollowed.filter((ms) => ms >= QUIET_ROUND_MS).length;
    assert.ok(late > STEPS / 2, unfollowed.join(' '));
  });

  it('is written at once while somebody follows', () => {
    assert.ok(Math.min(...followed) < QUIET_ROUND_MS, followed.join(' '));
  });

  it('is written at once as soon as it does more', () => {
    assert.ok(Math.min(...busier) < QUIET_ROUND_MS, busier.join(' '));
  });
});
