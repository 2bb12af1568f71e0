/**
 * Workers of BullMQ in trouble, on a real Redis: killed in a job, held so long that others take the
 * job over, ended by process.exit. No job is lost, none is done more often than BullMQ promises,
 * and each trouble is one sentence.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { endKilledProcess } from '../../runtime/recorder/end-killed-process.ts';
import { ACTIVATION_KIND } from '../../runtime/trace/format/kinds.ts';
import { systemPid } from '../../runtime/trace/model/machines.ts';
import { NODES, PRELOAD } from '../agent/node/trace-program.ts';
import { readAll } from '../agent/python/trace-python.ts';
import { askRedis } from '../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';

const BULLMQ = pathToFileURL(join(tree, 'node_modules/bullmq/dist/cjs/index.js')).href;
/** A lock runs out after half a second, and who has none is looked for as often. */
const HEAD = `
import { Queue, QueueEvents, Worker } from '${BULLMQ}';
const connection = { host: '127.0.0.1', port: Number(process.env.PORT) };
const options = { connection, lockDuration: 500, stalledInterval: 500, maxStalledCount: 2 };
const until = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;
const PRODUCER = `${HEAD}
const queue = new Queue('words', { connection });
const events = new QueueEvents('words', { connection, lastEventId: '0' });
const job = await queue.add('count', 'to be');
console.log('added');
console.log(await job.waitUntilFinished(events));
await Promise.all([queue.close(), events.close()]);`;
/** Does the job at once, when it is told to begin. */
const HELPER = `${HEAD}
const worker = new Worker('words', async (job) => job.data.length, { ...options, autorun: false });
console.log('there');
await until(process.stdin, 'data');
void worker.run();
await until(worker, 'completed');
await worker.close();
process.exitCode = 0;
process.stdin.destroy();`;

describe('a worker in trouble', function () {
  this.timeout(60_000);
  let redis: RedisServer | null = null;
  let folder = '';
  const children: ChildProcess[] = [];
  before(async function () {
    redis = await startRedis();
    if (redis !== null) return;
    console.warn(NO_REDIS);
    this.skip();
  });
  after(() => redis?.stop());
  beforeEach(async () => {
    await askRedis(redis!.port, 'FLUSHALL');
    folder = mkdtempSync(join(tmpdir(), 'simul-trouble-'));
    mkdirSync(join(folder, 'recording'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  interface Program {
    readonly child: ChildProcess;
    readonly lines: string[];
    /** Resolves with the next line that it says. */
    next(): Promise<string>;
    readonly ended: Promise<unknown>;
  }
  const start = (name: string, source: string): Program => {
    writeFileSync(join(folder, name), source);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(NODES[0]!.path, ['--require', PRELOAD, join(folder, name)], {
      env: { ...env, PORT: String(redis!.port), SIMUL_RECORDING: join(folder, 'recording') },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: string[] = [];
    const input = createInterface({ input: child.stdout });
    input.on('line', (line) => lines.push(line));
    const ended = once(child, 'close');
    return { child, lines, next: async () => ((await once(input, 'line')) as [string])[0], ended };
  };
  const found = (): string[] =>
    readAll(join(folder, 'recording'))
      .findings.filter((line) => / (stalled-job|job-|jobs-|endless-job)/.test(line))
      .map((line) => line.replaceAll(/\d+(\.\d+)? m?s/g, 'TIME').replaceAll(/process \d+/g, 'process N'));

  /** What a process did in its last tenth of a second is lost with it when it is killed. */
  const attemptRecorded = async (pid: number): Promise<void> => {
    for (let isThere = false; !isThere; await nextTurn(20)) {
      const { tasks, processes } = readAll(join(folder, 'recording')).trace;
      for (let row = 0; row < tasks.count; row++)
        isThere ||=
          tasks.kind[row] === ACTIVATION_KIND.job && systemPid(processes[tasks.process[row]!]!.pid) === pid;
    }
  };

  /** The worker is told of by its first line; then `trouble` comes, and another one helps. */
  const through = async (worker: string, trouble: (program: Program) => unknown): Promise<string[]> => {
    const helper = start('helper.mjs', HELPER);
    assert.equal(await helper.next(), 'there');
    const program = start('worker.mjs', `${HEAD}\n${worker}`);
    const begun = program.next();
    const producer = start('producer.mjs', PRODUCER);
    assert.equal(await begun, 'begun');
    await trouble(program);
    helper.child.stdin!.write('go\n');
    await Promise.all([producer.ended, helper.ended, program.ended]);
    assert.deepEqual(producer.lines, ['added', '5'], 'the job was done, and its result heard of once');
    return found();
  };

  it('that is killed in a job loses none: another does it, and the sentence says so', async () => {
    const lines = await through(
      `new Worker('words', async () => { console.log('begun'); await sleep(60_000); }, options);`,
      async ({ child, ended }) => {
        await attemptRecorded(child.pid!);
        child.kill('SIGKILL');
        await ended;
        endKilledProcess(join(folder, 'recording'), child.pid!, 9, process.hrtime.bigint());
      },
    );
    assert.deepEqual(lines, [
      'info stalled-job: count stalled: its worker’s process was ended by SIGKILL in the middle of it. It was begun again as count TIME after its first beginning, by process N.',
    ]);
  });

  it('whose loop is held has its job taken over: it is done twice, with the line that held it', async () => {
    const lines = await through(
      `const worker = new Worker('words', async (job) => {
        console.log('begun');
        hold(4000);
        return job.data.length;
      }, options);
      worker.on('error', () => {});
      function hold(ms) { const end = Date.now() + ms; while (Date.now() < end); }
      await until(worker, 'error');
      await worker.close(true);`,
      () => {},
    );
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(
      lines[0]!,
      /^warning job-done-twice: A job was done twice: count began by process N while count went on, and both were done\. Of the first, its worker’s thread was held for TIME by `hold` at worker\.mjs:13, and could not say/,
    );
  });

  it('that calls process.exit in a job is told with the line', async () => {
    const lines = await through(
      `new Worker('words', async () => { console.log('begun'); setTimeout(leave, 1); await sleep(60_000); }, options);
      function leave() { process.exit(0); }`,
      ({ ended }) => ended,
    );
    assert.deepEqual(lines, [
      'error jobs-cut-off: process.exit at worker.mjs:8 ended the process in the middle of 1 job: count. Their queue begins them again when it has missed their worker. Close the worker first, which waits for its jobs.',
      'info stalled-job: count stalled: its worker’s process had ended in the middle of it. It was begun again as count TIME after its first beginning, by process N.',
    ]);
  });

  it('without trouble is nothing to tell of', async () => {
    const lines = await through(
      `const worker = new Worker('words', async (job) => { console.log('begun'); await sleep(50); return job.data.length; }, options);
      await until(worker, 'completed');
      await new Queue('words', { connection }).add('another', 'to be').then(() => {});
      await worker.close();
      process.exit();`,
      () => {},
    );
    assert.deepEqual(lines, []);
  });
});
