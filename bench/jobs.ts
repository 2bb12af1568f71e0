/**
 * Jobs a second, and the time from `add` to the result, of JobQueue in this process and through
 * Redis, beside BullMQ, bee-queue and RQ used directly; each untraced and traced, in turn.
 *
 *   npm run build && npx tsc -b bench && node build/bench/jobs.js
 *     [--rounds=5] [--jobs=2000] [--trips=200]
 *
 * It needs redis-server and python3 on the machine; bee-queue and RQ come from their registries.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { traceEnv } from '../runtime/launch/start-trace.ts';
import { beeQueueFolder } from '../test/machine/bee-queue.ts';
import { pythonPackages } from '../test/machine/python-packages.ts';
import { askRedis } from '../test/machine/redis-commands.ts';
import { NO_REDIS, startRedis } from '../test/machine/redis-server.ts';
import { tree } from '../test/machine/tree.ts';
import { type Measurement, median, printTable } from './report.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    jobs: { type: 'string', default: '2000' },
    trips: { type: 'string', default: '200' },
  },
});
const RQ = ['redis==5.0.8', 'rq==1.16.2'];
/** RQ forks for each job: so many fewer are enough. */
const RQ_SHARE = 10;
const run = promisify(execFile);

interface Figures {
  readonly perSecond: number;
  readonly latencyMs: number;
  /** Processor time of a job, added and done: on a busy machine it tells more than the rest. */
  readonly cpuUs: number;
}

const redis = await startRedis();
if (redis === null) throw new Error(NO_REDIS);
const scratch = mkdtempSync(join(tmpdir(), 'simul-bench-jobs-'));
const modules = await beeQueueFolder();
const packages = await pythonPackages(RQ, 'the figures of jobs');

const programs = join(tree, 'bench/programs');
const [jobs, trips] = [Number(options.jobs), Number(options.trips)];
const contenders = [
  ['JobQueue, in process', process.execPath, [join(programs, 'jobs.mjs'), 'memory', jobs, trips]],
  ['JobQueue, Redis', process.execPath, [join(programs, 'jobs.mjs'), 'redis', jobs, trips]],
  ['BullMQ', process.execPath, [join(programs, 'jobs.mjs'), 'bullmq', jobs, trips]],
  ['bee-queue', process.execPath, [join(programs, 'jobs.mjs'), 'bee', jobs, trips]],
  ['RQ', 'python3', [join(programs, 'jobs_rq.py'), Math.ceil(jobs / RQ_SHARE), Math.ceil(trips / RQ_SHARE)]],
] as const;

let runs = 0;
async function measure(
  file: string,
  args: readonly (string | number)[],
  isTraced: boolean,
): Promise<Figures> {
  await askRedis(redis!.port, 'FLUSHALL');
  const recording = join(scratch, `recording${++runs}`);
  mkdirSync(recording);
  const plain = { ...process.env, PORT: String(redis!.port), MODULES: modules, PYTHONPATH: packages };
  const agent = pathToFileURL(join(tree, 'dist/agent/preload.cjs'));
  const env = isTraced ? traceEnv({ env: plain, recording, cache: null, agent }) : plain;
  const { stdout } = await run(file, args.map(String), { env });
  rmSync(recording, { recursive: true });
  return JSON.parse(stdout) as Figures;
}

const figures = new Map<string, Figures[]>();
for (let round = 0; round < Number(options.rounds); round++)
  for (const [name, file, args] of contenders)
    for (const isTraced of [false, true]) {
      const key = `${name}${isTraced ? ', traced' : ''}`;
      const found = await measure(file, args, isTraced);
      figures.set(key, [...(figures.get(key) ?? []), found]);
    }
const table = (of: (figure: Figures) => number): Measurement[] =>
  [...figures].map(([name, all]) => ({ name, values: all.map(of) }));
printTable(
  'Jobs a second, worker in the same process',
  'jobs/s',
  table(({ perSecond }) => perSecond),
);
printTable(
  'From add to the result, one at a time',
  'ms',
  table(({ latencyMs }) => latencyMs),
);
printTable(
  'Processor time of a job',
  'µs',
  table(({ cpuUs }) => cpuUs),
);
console.log('\nWhat tracing costs (of the same round, median)');
for (const [name] of contenders) {
  const [plain, traced] = [figures.get(name)!, figures.get(`${name}, traced`)!];
  const ratio = median(plain.map(({ perSecond }, i) => perSecond / traced[i]!.perSecond));
  const cpu = median(plain.map(({ cpuUs }, i) => traced[i]!.cpuUs / cpuUs));
  const slower = median(plain.map(({ latencyMs }, i) => traced[i]!.latencyMs / latencyMs));
  console.log(
    `  ${name.padEnd(24)} throughput × ${ratio.toFixed(2)}   latency × ${slower.toFixed(2)}   processor × ${cpu.toFixed(2)}`,
  );
}
rmSync(scratch, { recursive: true });
await redis.stop();
