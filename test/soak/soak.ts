/**
 * `npm run soak -- MINUTES [REQUESTS_A_SECOND]`: a service under load, traced by the built command
 * line with a limit that is passed many times. At the end it says whether memory and descriptors of
 * both processes stayed flat, the recording within its limit, and whether the last two minutes are
 * complete and nothing is claimed that was not so. The service acknowledges each request by number.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { blockedEventLoop } from '../../runtime/trace/findings/blocked-event-loop.ts';
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import { startRules } from '../../runtime/trace/findings/registry.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { tree } from '../machine/tree.ts';

const minutes = Number(process.argv[2] ?? 10);
const requestsPerSecond = Number(process.argv[3] ?? 100);
const limitBytes = Number(process.env['SIMUL_LIMIT'] ?? 60_000_000);
/** The last so many seconds must be complete; of a short run, its last quarter. */
const COMPLETE_SECONDS = Math.min(120, minutes * 15);
const SAMPLE_MS = 1000;
const REPORT_EVERY = 60;
/** Of the median of the second quarter of the time. */
const MAX_GROWTH = 1.25;
const MAX_GROWTH_MB = 20;
const MAX_MORE_DESCRIPTORS = 4;
/** Acknowledgements that are remembered. */
const KEPT_ACKNOWLEDGEMENTS = 200_000;
/** Between the end of the work and its acknowledgement, where others have the processor. */
const MAX_DISTANCE_NS = 2e9;

interface Sample {
  readonly programMb: number;
  readonly followerMb: number;
  readonly programFds: number;
  readonly followerFds: number;
  readonly folderMb: number;
  /** Something was let go already. */
  readonly hasCheckpoint: boolean;
}

/** Requests by number: when their work began and ended, monotonic ns. */
const begun = new Map<number, bigint>();
const ended = new Map<number, bigint>();
/** When the service found that its thread had been held. */
const late: bigint[] = [];
const samples: Sample[] = [];
const folder = join(mkdtempSync(join(tmpdir(), 'simul-soak-')), 'recording');

const follower = spawn(
  process.execPath,
  [join(tree, 'dist/cli.js'), 'trace', '--recording', folder, join(tree, 'test/soak/service.mjs')],
  { env: { ...process.env, SIMUL_LIMIT: String(limitBytes) }, stdio: ['ignore', 'pipe', 'pipe'] },
);
let summary = '';
follower.stderr.on('data', (bytes: Buffer) => (summary += String(bytes)));
const [port, programPid] = await readService(follower);
const followerPid = follower.pid!;
const stopLoad = startLoad(port);
const startedAt = Date.now();
for (let n = 1; Date.now() - startedAt < minutes * 60_000; n++) {
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  samples.push(takeSample());
  if (n % REPORT_EVERY === 0) console.log(describeSample(samples.at(-1)!));
}
await stopLoad();
const cpu = { program: cpuShare(programPid), follower: cpuShare(followerPid) };
const closed = new Promise<number | null>((resolve) => void follower.once('close', resolve));
process.kill(followerPid, 'SIGTERM');
const status = await closed;
console.log(summary.trim());
const troubles = [...checkFlat(), ...checkTrace()];
console.log(
  `${ended.size} requests in ${minutes} minutes; of one core the program took ${cpu.program} and the follower ${cpu.follower}`,
);
for (const trouble of troubles) console.log(`NOT RIGHT: ${trouble}`);
console.log(
  troubles.length === 0
    ? 'soak: all is right'
    : `soak: ${troubles.length} not right (exit status ${status ?? 'none'}); ${folder} is left`,
);
if (troubles.length === 0) rmSync(folder, { recursive: true });
process.exitCode = troubles.length === 0 ? 0 : 1;

function readService(child: ChildProcess): Promise<[port: number, pid: number]> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const [word, number, rest] = line.split(' ');
      if (word === 'port') resolve([Number(number), Number(rest)]);
      else if (word === 'begin') begun.set(Number(number), BigInt(rest!));
      else if (word === 'end') ended.set(Number(number), BigInt(rest!));
      else if (word === 'late') late.push(BigInt(rest!));
      // Only the end of the run is compared.
      if (word === 'end') begun.delete(Number(number) - KEPT_ACKNOWLEDGEMENTS);
    });
  });
}

function startLoad(to: number): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  let sent = 0;
  let open = 0;
  let resolveIdle: (() => void) | null = null;
  const timer = setInterval(() => {
    const due = ((Date.now() - startedAt) / 1000) * requestsPerSecond;
    for (; sent < due; sent++) {
      open++;
      const done = (): void => {
        if (--open === 0) resolveIdle?.();
      };
      get({ port: to, path: `/${sent + 1}`, agent }, (response) => response.resume().once('end', done)).once(
        'error',
        done,
      );
    }
  }, 10);
  return async () => {
    clearInterval(timer);
    await new Promise<void>((resolve) => {
      resolveIdle = resolve;
      if (open === 0) resolve();
    });
    agent.destroy();
  };
}

function takeSample(): Sample {
  const mb = (pid: number): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  // Connections come and go with the load.
  const fds = (pid: number): number =>
    readdirSync(`/proc/${pid}/fd`).filter((fd) => !isSocket(`/proc/${pid}/fd/${fd}`)).length;
  return {
    programMb: mb(programPid),
    followerMb: mb(followerPid),
    programFds: fds(programPid),
    followerFds: fds(followerPid),
    folderMb: folderBytes() / 1e6,
    hasCheckpoint: readdirSync(folder).some((name) => name.includes('.kept.')),
  };
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // It was closed meanwhile.
    return true;
  }
}

function folderBytes(): number {
  let bytes = 0;
  for (const name of readdirSync(folder))
    bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

function describeSample({ programMb, followerMb, programFds, followerFds, folderMb }: Sample): string {
  return (
    `${new Date().toISOString()} requests ${ended.size}, program ${programMb.toFixed(0)} MB ${programFds} fds, ` +
    `follower ${followerMb.toFixed(0)} MB ${followerFds} fds, folder ${folderMb.toFixed(1)} MB`
  );
}

function cpuShare(pid: number): string {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const seconds = (Number(fields[11]) + Number(fields[12])) / 100;
  return `${((seconds / ((Date.now() - startedAt) / 1000)) * 100).toFixed(1)} %`;
}

function checkFlat(): string[] {
  const measured = samples.filter(({ hasCheckpoint }) => hasCheckpoint);
  const quarter = Math.floor(measured.length / 4);
  const before = measured.slice(quarter, 2 * quarter);
  const last = measured.slice(3 * quarter);
  const found: string[] = [];
  const sorted = (from: readonly Sample[], key: Exclude<keyof Sample, 'hasCheckpoint'>): number[] =>
    from.map((sample) => sample[key]).sort((a, b) => a - b);
  for (const key of ['programMb', 'followerMb'] as const) {
    const [was = 0, is = 0] = [before, last].map((from) => sorted(from, key)[Math.floor(from.length / 2)]!);
    console.log(`${key}: median ${was.toFixed(0)} in the second quarter, ${is.toFixed(0)} in the last`);
    if (is > was * MAX_GROWTH && is > was + MAX_GROWTH_MB) found.push(`${key} grew from ${was} to ${is}`);
  }
  for (const key of ['programFds', 'followerFds'] as const) {
    const [was = 0, is = 0] = [before, last].map((from) => sorted(from, key)[0]!);
    console.log(`${key}: at least ${was} in the second quarter, ${is} in the last`);
    if (is > was + MAX_MORE_DESCRIPTORS) found.push(`${key} grew from ${was} to ${is}`);
  }
  const most = Math.max(...samples.map(({ folderMb }) => folderMb));
  console.log(`the folder had at most ${most.toFixed(1)} MB of ${limitBytes / 1e6}`);
  if (most * 1e6 > limitBytes) found.push(`the folder had ${most} MB`);
  return found;
}

/** The requests of the last minutes, as the trace has them, against their acknowledgements. */
function checkTrace(): string[] {
  const trace = new Trace();
  const rules = startRules(trace);
  const opened = openTrace(folder, rules.observers, trace);
  if (typeof opened === 'string') return [opened];
  const found = [...opened.troubles, ...trace.problems];
  const { kept } = trace;
  if (kept === null) found.push('nothing was let go: the limit was not reached');
  else {
    console.log(
      `kept from ${(kept.sinceNs / 1e9).toFixed(1)} s to ${(trace.endNs / 1e9).toFixed(1)} s; ${kept.records} records were let go, ${trace.events} are there`,
    );
    const seconds = (trace.endNs - kept.sinceNs) / 1e9;
    if (seconds < COMPLETE_SECONDS) found.push(`only the last ${seconds.toFixed(0)} s were kept`);
  }
  if (trace.lost > 0) found.push(`${trace.lost} records were lost`);
  for (const finding of rules.findings()) {
    if (finding.rule === blockedEventLoop.name && wasHeld(trace, finding)) continue;
    found.push(`${finding.rule}: ${plain(finding.words)}`);
  }
  found.push(...compareRequests(trace));
  return found;
}

/** The service itself was late then, since others had the processor. */
function wasHeld(trace: Trace, { sinceNs = 0, t }: Finding): boolean {
  return late.some((at) => {
    const atNs = Number(at - trace.startNs!);
    return atNs >= sinceNs && atNs <= t + MAX_DISTANCE_NS;
  });
}

function compareRequests(trace: Trace): string[] {
  const sinceNs = trace.endNs - COMPLETE_SECONDS * 1e9;
  const toNs = (t: bigint): number => Number(t - trace.startNs!);
  const acknowledged = [...begun]
    .map(([n, t]) => ({ n, t: toNs(t), endNs: toNs(ended.get(n) ?? 0n) }))
    .filter(({ t }) => t >= sinceNs)
    .sort((a, b) => a.t - b.t);
  const { tasks } = trace;
  const recorded: number[] = [];
  for (let task = 0; task < tasks.count; task++) {
    if (trace.nameOf(task) === 'handle' && tasks.beganNs[task]! >= sinceNs - MAX_DISTANCE_NS)
      recorded.push(task);
  }
  recorded.sort((a, b) => tasks.beganNs[a]! - tasks.beganNs[b]!);
  // The work begins and is acknowledged in one go: what began last before is the one.
  let at = 0;
  const seen = new Set<number>();
  const missing = acknowledged.filter(({ t, endNs }) => {
    while (at < recorded.length && tasks.beganNs[recorded[at]!]! <= t) at++;
    const task = recorded[at - 1];
    if (task === undefined || seen.has(task)) return true;
    seen.add(task);
    return !(Math.abs(tasks.endedNs[task]! - endNs) < MAX_DISTANCE_NS);
  });
  console.log(
    `${acknowledged.length} requests of the last ${COMPLETE_SECONDS} s, ${missing.length} of them not in the trace`,
  );
  const examples = missing
    .slice(0, 5)
    .map(({ n }) => n)
    .join(', ');
  return missing.length === 0 && acknowledged.length > 0
    ? []
    : [`${missing.length} of ${acknowledged.length} requests are not in the trace: ${examples}`];
}
