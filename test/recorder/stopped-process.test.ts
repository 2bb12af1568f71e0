/** A process that is stopped from outside for a while: SIGSTOP and SIGCONT, on a real program. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, it } from 'mocha';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { temporaryFolders } from '../launch/part-writer.ts';
import { tree } from '../machine/tree.ts';
import { jsonOf } from '../support/json-of.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();
/** How long the program is stopped. The helper thread's longest sleep is a second. */
const STOP_MS = 1800;
const WAITS = `
  import { setTimeout as sleep } from 'node:timers/promises';
  process.stdout.write(process.pid + '\\n');
  process.stdin.once('data', () => (isOver = true));
  let isOver = false;
  async function tick() { await sleep(20); }
  while (!isOver) await tick();
  process.stdin.destroy();
`;
const runs = (ms: number): string => `
  process.stdout.write(process.pid + '\\n');
  async function work() {
    for (let endMs = performance.now() + ${ms}; performance.now() < endMs; );
  }
  await work();
`;
const WORK_MS = STOP_MS + 1200;

interface Stopped {
  readonly words: string;
  readonly json: TraceJson;
  /** Between the two signals, and from before the first to after the second. */
  readonly leastMs: number;
  readonly mostMs: number;
}

async function runStopped(source: string): Promise<Stopped> {
  const at = folder();
  writeFileSync(join(at, 'program.mjs'), source);
  const traced = spawn(process.execPath, [cli, 'trace', '--recording', 'r', 'program.mjs'], { cwd: at });
  let words = '';
  traced.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const closed = new Promise((done) => traced.on('close', done));
  const pid = await new Promise<number>((found) => traced.stdout.once('data', (text) => found(Number(text))));
  // The program runs: its helper thread has begun its rounds.
  while ((await exitOf(cli, 'show', join(at, 'r'))) !== 0);
  const fromMs = performance.now();
  process.kill(pid, 'SIGSTOP');
  while (!/^\d+ \(.*\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
  const stoppedMs = performance.now();
  // What is tested is the length of this.
  await sleep(STOP_MS);
  const leastMs = performance.now() - stoppedMs;
  process.kill(pid, 'SIGCONT');
  const mostMs = performance.now() - fromMs;
  traced.stdin.end('\n');
  await closed;
  return { words, json: jsonOf(join(at, 'r')), leastMs, mostMs };
}

async function exitOf(...args: readonly string[]): Promise<unknown> {
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'close')) as unknown[];
  return code;
}

const stopsOf = ({ processes }: TraceJson): number[] =>
  processes.flatMap(({ stops = [] }) => stops.map(({ fromNs, toNs }) => (toNs - fromNs) / 1e6));

describe('a process that is stopped from outside', function () {
  this.timeout(60_000);

  let waiting: Stopped;
  let running: Stopped;
  before(async function () {
    if (process.platform !== 'linux') return this.skip();
    // Both stand still for most of their time.
    [waiting, running] = await Promise.all([runStopped(WAITS), runStopped(runs(WORK_MS))]);
  });

  it('is told to have stood still while it waited, never for longer than it did', () => {
    const { words, json, leastMs, mostMs } = waiting;
    const stops = stopsOf(json);
    assert.equal(stops.length, 1, words);
    assert.ok(stops[0]! > leastMs - 1100 && stops[0]! < mostMs + 100, `${stops[0]} of ${leastMs} ms`);
    assert.match(words, /ran \S+ m?s \(at least \S+ m?s of it stopped from outside, as by SIGSTOP/);
    assert.match(words, /Longest wait: .* waited \S+ s \(at least \S+ m?s of it stopped from outside/);
  });

  it('is not charged to the task that had the thread', () => {
    const { words, json, leastMs } = running;
    assert.equal(stopsOf(json).length, 1, words);
    const held = /The thread was held for (\S+) (m?s) by|held the thread for (\S+) (m?s)/.exec(words);
    assert.ok(held !== null, words);
    const heldMs = Number(held[1] ?? held[3]) * ((held[2] ?? held[4]) === 's' ? 1000 : 1);
    assert.ok(heldMs < WORK_MS - (leastMs - 1100) + 50, words);
  });

  it('is not one that is busy, nor one whose thread is held', () => {
    const at = folder();
    // The helper thread's longest sleep, twice.
    writeFileSync(join(at, 'program.mjs'), runs(2000));
    const { stderr } = spawnSync(process.execPath, [cli, 'trace', '--recording', 'r', 'program.mjs'], {
      cwd: at,
      encoding: 'utf8',
    });
    assert.doesNotMatch(stderr, /stopped from outside/);
  });
});
