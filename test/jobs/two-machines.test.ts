/**
 * Two programs recorded each for itself, as on two machines whose clocks do not agree: merged,
 * every job is joined, and the offset that the jobs give is right within what it claims.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { NODES, PRELOAD } from '../agent/node/trace-program.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';
import { chainsOf } from '../support/job-chains.ts';

const JOBS = 100;
const BULLMQ = pathToFileURL(join(tree, 'node_modules/bullmq/dist/cjs/index.js')).href;
const HEAD = `
import { Queue, QueueEvents, Worker } from '${BULLMQ}';
const connection = { host: '127.0.0.1', port: Number(process.env.PORT) };`;
const PRODUCER = `${HEAD}
const queue = new Queue('words', { connection });
const events = new QueueEvents('words', { connection, lastEventId: '0' });
async function produce() {
  for (let i = 0; i < ${JOBS}; i++) {
    const job = await queue.add('count', i);
    await job.waitUntilFinished(events);
  }
}
await produce();
await Promise.all([queue.close(), events.close()]);`;
const WORKER = `${HEAD}
let left = ${JOBS};
const worker = new Worker('words', async (job) => job.data, { connection });
await new Promise((resolve) => worker.on('completed', () => --left === 0 && resolve()));
await worker.close();`;

/** In the head of a part: the wall clock's time at its start. */
const WALL_AT = 32;

describe('two machines', function () {
  this.timeout(60_000);
  let redis: RedisServer | null = null;
  let folder = '';
  before(async function () {
    redis = await startRedis();
    if (redis === null) {
      console.warn(NO_REDIS);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'simul-machines-'));
    await Promise.all([record('host-a', PRODUCER), record('host-b', WORKER)]);
  });
  after(async () => {
    await redis?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function record(host: string, source: string): Promise<void> {
    const recording = join(folder, host);
    mkdirSync(recording);
    const identity = { recording: host, host, boot: host, pids: '' };
    writeFileSync(join(recording, 'identity.json'), JSON.stringify(identity));
    writeFileSync(join(folder, `${host}.mjs`), source);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(NODES[0]!.path, ['--require', PRELOAD, join(folder, `${host}.mjs`)], {
      env: { ...env, PORT: String(redis!.port), SIMUL_RECORDING: recording },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await new Promise((resolve) => child.on('close', resolve));
  }

  /** As if the machine's wall clock had been wrong by so much. */
  function setWallClock(host: string, byNs: bigint): void {
    for (const name of readdirSync(join(folder, host)).filter((each) => each.endsWith('.part'))) {
      const path = join(folder, host, name);
      const bytes = readFileSync(path);
      bytes.writeBigUInt64LE(bytes.readBigUInt64LE(WALL_AT) + byNs, WALL_AT);
      writeFileSync(path, bytes);
    }
  }

  for (const skewNs of [0n, 2_000_000_000n, -4_000_000_000n])
    it(`are one trace, their jobs all joined, when a wall clock is moved by ${skewNs} ns more`, () => {
      setWallClock('host-b', skewNs);
      const out = join(folder, 'out.simul');
      const merged = mergeTraces([join(folder, 'host-a'), join(folder, 'host-b')], out);
      assert.ok(typeof merged !== 'string', String(merged));
      const { offsetNs, uncertaintyNs, isContradictory } = merged.machines[1]!;
      // Both have one monotonic clock in truth: what is claimed must hold.
      const off = Math.abs(Number(offsetNs));
      assert.ok(off <= uncertaintyNs, `it is off by ${off} ns, and claims ${uncertaintyNs}`);
      assert.ok(uncertaintyNs < 20e6, `it is known to ${uncertaintyNs} ns`);
      assert.equal(isContradictory, false);
      const trace = new Trace();
      assert.ok(typeof openTrace(out, [], trace) !== 'string');
      assert.deepEqual(trace.problems, []);
      const chains = chainsOf(trace);
      assert.equal(chains.length, JOBS);
      assert.equal(
        chains.filter(({ asker, hearer }) => asker === 'produce' && hearer === 'produce').length,
        JOBS,
      );
      for (const { enteredNs, beganNs } of chains)
        assert.ok(enteredNs <= beganNs, 'received before it was sent');
    });
});
