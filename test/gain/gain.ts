/**
 * How well a gain is predicted: each program is traced as it is, and its gain by the change that
 * its first line names is compared with what its mended twin really saves.
 *
 *   npm run gain [-- --only=NAME,…] [--rounds=N]
 *
 *   // gain: together 9-11      the awaits at these lines, at once
 *   // gain: free 12            what runs or waits at this line takes no time
 *   // gain: pool 4             the pool has so many workers
 *   // gain: split db           nobody waits for this lock
 *
 * It prints both gains side by side, and the median error.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { SpanLog } from '../../runtime/trace/columns/span-log.ts';
import { RESOURCE_KIND, SITE_ROLE } from '../../runtime/trace/format/kinds.ts';
import { AwaitLog } from '../../runtime/trace/graph/await-log.ts';
import { awaitsInSeries } from '../../runtime/trace/graph/awaits-in-series.ts';
import { type Change, gainOf } from '../../runtime/trace/graph/gain.ts';
import { LinkedAnswers } from '../../runtime/trace/graph/linked-answers.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { tree } from '../machine/tree.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const rounds = Number(values.rounds);
const only = values.only?.split(',');
const folder = join(tree, 'test/programs/gain');
const cli = join(tree, 'dist/cli.js');

interface Measured {
  readonly name: string;
  /** Of the fastest round: what a busy machine adds is no part of it. */
  readonly beforeMs: number;
  readonly replayedMs: number;
  readonly predictedMs: number;
  readonly savedMs: number;
}

const measured: Measured[] = [];
for (const name of readdirSync(folder)) {
  if (only !== undefined && !only.some((part) => name.includes(part))) continue;
  const files = readdirSync(join(folder, name));
  const [before, after] = ['before', 'after'].map((stem) =>
    files.find((file) => file.startsWith(`${stem}.`))!,
  );
  const runs = Array.from({ length: rounds }, () => ({
    was: traceOf(join(folder, name), before!),
    is: traceOf(join(folder, name), after!),
  }));
  const [was, is] = [fastest(runs.map((run) => run.was)), fastest(runs.map((run) => run.is))];
  const { replayedMs, gainMs } = predict(was, join(folder, name, before!));
  measured.push({ name, beforeMs: was.ms, replayedMs, predictedMs: gainMs, savedMs: was.ms - is.ms });
}

console.log('program                    before   replay predicted    saved    error');
for (const { name, beforeMs, replayedMs, predictedMs, savedMs } of measured) {
  const numbers = [beforeMs, replayedMs, predictedMs, savedMs]
    .map((ms) => ms.toFixed(0).padStart(8))
    .join(' ');
  const error = errorOf({ predictedMs, savedMs });
  console.log(`${name.padEnd(24)} ${numbers} ${(error * 100).toFixed(1).padStart(7)} %`);
}
const errors = measured.map(errorOf);
console.log(`\n${measured.length} programs; median error ${(median(errors) * 100).toFixed(1)} %`);

interface Traced {
  readonly trace: Trace;
  readonly spans: SpanLog;
  readonly awaits: AwaitLog;
  /** From the beginning of the program's own code to the end of the last task. */
  readonly ms: number;
  readonly firstMs: number;
}

function traceOf(at: string, file: string): Traced {
  const scratch = mkdtempSync(join(tmpdir(), 'simul-gain-'));
  try {
    const recording = join(scratch, 'recording');
    const ran = spawnSync(process.execPath, [cli, 'trace', '--quiet', '--recording', recording, file], {
      cwd: at,
      encoding: 'utf8',
    });
    if (ran.status !== 0) throw new Error(`${at}/${file} ended with ${ran.status}: ${ran.stderr}`);
    const trace = new Trace();
    const spans = new SpanLog(trace);
    const awaits = new AwaitLog(trace);
    const opened = openTrace(recording, [spans, awaits], trace);
    if (typeof opened === 'string') throw new Error(opened);
    const { firstNs, lastNs } = ownTime(trace);
    return { trace, spans, awaits, ms: (lastNs - firstNs) / 1e6, firstMs: firstNs / 1e6 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function fastest(runs: readonly Traced[]): Traced {
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best));
}

/** Starting up is no part of what a change saves. */
function ownTime({ tasks }: Trace): { readonly firstNs: number; readonly lastNs: number } {
  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.site[task]! >= 0 && tasks.parent[task]! >= 0) firstNs = Math.min(firstNs, tasks.beganNs[task]!);
    if (!Number.isNaN(tasks.endedNs[task]!)) lastNs = Math.max(lastNs, tasks.endedNs[task]!);
  }
  return { firstNs, lastNs };
}

function predict(traced: Traced, file: string): { readonly replayedMs: number; readonly gainMs: number } {
  const { trace, spans } = traced;
  const source = { trace, spans, answers: new LinkedAnswers(trace) };
  const gain = gainOf(source, changeOf(traced, readFileSync(file, 'utf8').split('\n', 1)[0]!));
  if (gain === null) throw new Error(`${file} cannot be replayed`);
  return { replayedMs: gain.replayedNs / 1e6 - traced.firstMs, gainMs: gain.gainNs / 1e6 };
}

function changeOf({ trace, spans, awaits }: Traced, firstLine: string): Change {
  const [kind, what = ''] = /^\/\/ gain: (.*)$/.exec(firstLine)?.[1]?.split(' ') ?? [];
  const [from = 0, to = from] = what.split('-').map(Number);
  const sitesOf = (roles: readonly number[]): Set<number> =>
    new Set(
      trace.sites
        .filter(
          ({ line, role, file }) =>
            line >= from && line <= to && roles.includes(role) && file.includes('before'),
        )
        .map(({ index }) => index),
    );
  if (kind === 'together') {
    const series = awaitsInSeries({ trace, spans }, awaits, sitesOf([SITE_ROLE.await, SITE_ROLE.return]));
    if (series === null) throw new Error(`nobody awaited at ${what}`);
    return { kind, ...series };
  }
  if (kind === 'free') return { kind, sites: sitesOf([SITE_ROLE.await, SITE_ROLE.function]) };
  const resource = trace.resources.find((each) =>
    kind === 'pool' ? each.kind === RESOURCE_KIND.pool : each.name === what,
  );
  if (resource === undefined || (kind !== 'pool' && kind !== 'split'))
    throw new Error(`what is ${kind} ${what}?`);
  if (kind === 'pool') return { kind, resource: resource.index, size: from };
  return { kind, resource: resource.index };
}

/** Of the gain, as a share of what was really saved. */
function errorOf({ predictedMs, savedMs }: Pick<Measured, 'predictedMs' | 'savedMs'>): number {
  return Math.abs(predictedMs - savedMs) / Math.max(1, Math.abs(savedMs));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
