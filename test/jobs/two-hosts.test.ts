/**
 * Two hosts with a network between them, each with clocks, processes and a name of its own: a
 * producer on one, a worker on the other, a real Redis. Recorded apart, they are one trace.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { describeClocks } from '../../runtime/launch/describe-clock.ts';
import { type MergedTrace, mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { connectedHosts, type NetworkHost, NO_HOSTS } from '../machine/network-hosts.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';
import { chainsOf } from '../support/job-chains.ts';

const run = promisify(execFile);
const CLI = join(tree, 'dist/cli.js');
const JOBS = 200;
const BULLMQ = pathToFileURL(join(tree, 'node_modules/bullmq/dist/cjs/index.js')).href;
const HEAD = `
import { Queue, QueueEvents, Worker } from '${BULLMQ}';
const connection = { host: process.env.REDIS, port: Number(process.env.PORT) };`;
const PRODUCER = `${HEAD}
const queue = new Queue('words', { connection });
const events = new QueueEvents('words', { connection, lastEventId: '0' });
async function produce() {
  for (let i = 0; i < ${JOBS}; i++) {
    const job = await queue.add('count', i, { attempts: 2 });
    await job.waitUntilFinished(events);
  }
}
await produce();
await Promise.all([queue.close(), events.close()]);`;
const WORKER = `${HEAD}
let left = ${JOBS};
const worker = new Worker('words', async (job) => {
  if (job.data % 10 === 0 && job.attemptsMade === 0) throw new Error('once');
  return job.data;
}, { connection });
await new Promise((resolve) => worker.on('completed', () => --left === 0 && resolve()));
await worker.close();`;
/** The second host's clock is so much ahead of the first one's. */
const AHEAD_S = 4000;

describe('two hosts', function () {
  this.timeout(120_000);
  let hosts: readonly [NetworkHost, NetworkHost] | null = null;
  let redis: RedisServer | null = null;
  let folder = '';
  let merged: MergedTrace;
  let trace: Trace;
  before(async function () {
    hosts = await connectedHosts(
      { name: 'host-a', address: '10.77.0.1', aheadS: 1000 },
      { name: 'host-b', address: '10.77.0.2', aheadS: 1000 + AHEAD_S },
    );
    redis = hosts === null ? null : await startRedis({ port: 6379, host: hosts[0] });
    if (hosts === null || redis === null) {
      console.warn(hosts === null ? NO_HOSTS : NO_REDIS);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'simul-hosts-'));
    await Promise.all([record(hosts[0], PRODUCER), record(hosts[1], WORKER)]);
    const file = join(folder, 'both.simul');
    const result = mergeTraces([join(folder, 'host-a'), join(folder, 'host-b')], file);
    assert.ok(typeof result !== 'string', String(result));
    merged = result;
    trace = new Trace();
    const opened = openTrace(file, [], trace);
    assert.ok(typeof opened !== 'string', String(opened));
  });
  after(async () => {
    await redis?.stop();
    await Promise.all((hosts ?? []).map((host) => host.stop()));
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const record = async (host: NetworkHost, source: string): Promise<void> => {
    const program = join(folder, `${host.name}.mjs`);
    writeFileSync(program, source);
    const args = [CLI, 'trace', '--quiet', '--recording', join(folder, host.name), program];
    const [command, all] = host.command(process.execPath, args);
    await run(command, [...all], {
      env: { ...process.env, REDIS: redis!.url.split('//')[1]!.split(':')[0]!, PORT: String(redis!.port) },
    });
  };

  it('are told apart by what they are, and their clocks aligned by the jobs alone', () => {
    const [a, b] = merged.machines as [MergedTrace['machines'][0], MergedTrace['machines'][0]];
    assert.equal(merged.machines.length, 2);
    assert.deepEqual([a.name, b.name], ['host-a', 'host-b']);
    const wrongBy = Math.abs(Number(b.offsetNs + BigInt(AHEAD_S) * 1_000_000_000n));
    assert.ok(wrongBy <= b.uncertaintyNs, `off by ${wrongBy} ns, said to be ± ${b.uncertaintyNs} ns`);
    // A job and its result bound it by half the time between them.
    assert.ok(b.uncertaintyNs < 1e9, `± ${b.uncertaintyNs} ns`);
    assert.match(describeClocks(merged.machines)[0]!, /^the clock of host-b is known against that of host-a/);
  });

  it('are one trace: each job from its line over its attempts to who has its result', () => {
    const chains = chainsOf(trace);
    const of = (wanted: (chain: (typeof chains)[0]) => boolean): number => chains.filter(wanted).length;
    assert.deepEqual(
      {
        attempts: chains.length,
        added: of(({ asker }) => asker === 'produce'),
        retried: of(({ asker }) => asker === 'count'),
        failed: of(({ outcome }) => outcome === 'error'),
        heard: of(({ hearer }) => hearer === 'produce'),
        queues: trace.jobs.queues.length,
        processes: trace.processes.length,
      },
      {
        attempts: JOBS + JOBS / 10,
        added: JOBS,
        retried: JOBS / 10,
        failed: JOBS / 10,
        heard: JOBS,
        queues: 1,
        processes: 2,
      },
    );
  });

  it('have no job that is begun before it was added, nor a result before it was made', () => {
    for (const { asker, enteredNs, beganNs, doneNs, heardNs } of chainsOf(trace)) {
      assert.ok(enteredNs <= beganNs, `asked for by ${asker} at ${enteredNs}, begun at ${beganNs}`);
      assert.ok(!(doneNs > heardNs), `done at ${doneNs}, heard of at ${heardNs}`);
    }
  });
});
