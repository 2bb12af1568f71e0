/**
 * Whatever is lost is said: a program acknowledges each step on its output, and what was recorded,
 * let go and said to be lost comes to what it did. No finding claims anything beyond what is known.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openTrace } from '../../runtime/launch/open-trace.ts';
import { readRecording } from '../../runtime/launch/read-recording.ts';
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import { startRules } from '../../runtime/trace/findings/registry.ts';
import { KIND, LOSSES } from '../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { processKnownUntil } from '../../runtime/trace/model/known-until.ts';
import { openWaits } from '../../runtime/trace/model/open-waits.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { tree } from '../machine/tree.ts';
import { temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');
const programs = join(tree, 'test/programs/losses');
const preload = join(tree, 'dist/agent/preload.cjs');
const NOBODY = 65534;
/** Begin, wait, run and end of a step, and its caller's wait and run. */
const RECORDS_A_STEP = 6;
/** The clock is recorded once a second, and a loss is a record, too. */
const FEW_RECORDS = 40;
/** A killed program's last 5 ms are missing; the machine may be loaded. */
const MAX_MISSING_NS = 100e6;

interface Run {
  readonly trace: Trace;
  readonly findings: readonly Finding[];
  /** The lines of the program's output. */
  readonly acknowledged: readonly string[];
  /** Records that say what was lost. */
  readonly lostRecords: number;
}

interface RunOptions {
  /** The recording lies on a disk of this size: "1m". */
  readonly disk?: string;
  readonly limitBytes?: number;
  readonly isFollowed?: boolean;
  /** The program itself records there: it runs without the agent. */
  readonly recording?: string;
}

/** Runs a program under the agent and reads what there is of it. */
function run(args: readonly string[], options: RunOptions = {}): Run {
  const at = folder();
  const recording = options.recording ?? join(at, 'recording');
  if (options.isFollowed !== true && options.recording === undefined) mkdirSync(recording);
  const output = openSync(join(at, 'output'), 'w');
  const command =
    options.isFollowed === true
      ? [process.execPath, cli, 'trace', '--quiet', '--recording', recording, ...args]
      : [process.execPath, ...(options.recording === undefined ? ['--require', preload] : []), ...args];
  const { NODE_OPTIONS: _, ...env } = process.env;
  // The disk is there for this shell alone, so its files are copied before it ends.
  const shell = `mount -t tmpfs -o size=${options.disk} tmpfs "$0" && "$@"; status=$?; mkdir "$0.copy"; cp "$0"/* "$0.copy"; exit $status`;
  const [file, ...rest] =
    options.disk === undefined ? command : ['unshare', '-rm', 'sh', '-c', shell, recording, ...command];
  const ran = spawnSync(file!, rest, {
    stdio: ['ignore', output, 'pipe'],
    env: {
      ...env,
      ...(options.isFollowed === true ? {} : { SIMUL_RECORDING: recording }),
      ...(options.limitBytes === undefined ? {} : { SIMUL_LIMIT: String(options.limitBytes) }),
    },
  });
  closeSync(output);
  assert.equal(String(ran.stderr), '');
  const acknowledged = readFileSync(join(at, 'output'), 'utf8').trim().split('\n');
  const trace = new Trace();
  const rules = startRules(trace);
  const read = options.disk === undefined ? recording : `${recording}.copy`;
  const opened = openTrace(read, rules.observers, trace);
  assert.ok(typeof opened !== 'string', String(opened));
  assert.deepEqual(opened.troubles, []);
  const findings = rules.findings();
  return { trace, findings, acknowledged, lostRecords: countLostRecords(read) };
}

function countLostRecords(recording: string): number {
  let count = 0;
  readRecording(recording, {
    onRecords: (_, records) => {
      for (let at = RECORD_BYTES - 1; at < records.length; at += RECORD_BYTES)
        if (records[at] === KIND.lost) count++;
    },
    onTrouble: (words) => assert.fail(words),
  });
  return count;
}

const doSteps = (steps: number, options: RunOptions = {}, ...more: readonly number[]): Run =>
  run([join(programs, 'steps.mjs'), String(steps), ...more.map(String)], options);

const writeRecords = (loss: 'ring' | 'threads'): Run & { readonly done: number } => {
  const at = folder();
  const ran = run([join(programs, 'records.mjs'), at, loss], { recording: at });
  return { ...ran, done: ran.acknowledged.reduce((sum, line) => sum + Number(line), 0) };
};

/** Records that a run of so many steps has where nothing is lost. */
function recordsOf(steps: number): number {
  const { trace } = doSteps(steps);
  assert.equal(trace.lost, 0);
  return trace.events;
}

const accountedFor = ({ events, lost, kept }: Trace): number => events + lost + (kept?.records ?? 0);

function assertNear(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= FEW_RECORDS,
    `${actual} are accounted for, ${expected} were written`,
  );
}

const canMount = (): boolean =>
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

const lossesOf = ({ losses }: Trace): string[] =>
  losses.counts.flatMap((count, where) => (count > 0 ? [LOSSES[where]!] : []));

/**
 * Nothing but the loss itself: neither that `late` still waits, nor that the thread was held.
 * Before the loss a loaded machine may have held it.
 */
function assertNoClaims({ trace, findings }: Run): void {
  const { untilNs } = processKnownUntil(trace, trace.processes[0]!);
  assert.deepEqual(
    findings
      .filter(({ rule, t }) => rule !== 'lost-records' && !(rule === 'blocked-event-loop' && t <= untilNs))
      .map(({ words }) => plain(words)),
    [],
  );
  assert.deepEqual(
    openWaits(trace).map(({ row }) => trace.nameOf(row)),
    [],
  );
}

const rulesOf = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule);

describe('what is lost', () => {
  it('is nothing where there is room: then all is said', () => {
    const { trace, findings, acknowledged } = doSteps(2000);
    assert.equal(acknowledged.length, 2000);
    assert.equal(trace.lost, 0);
    assert.ok(findings.some(({ words }) => plain(words).startsWith('forever was still waiting')));
    assert.ok(rulesOf(findings).includes('blocked-event-loop'));
  });

  it('to the size limit, without a follower, is counted from then on', () => {
    const ran = doSteps(10_000, { limitBytes: 500_000 });
    assert.equal(ran.acknowledged.length, 10_000);
    assert.deepEqual(lossesOf(ran.trace), ['limit']);
    assertNear(accountedFor(ran.trace), recordsOf(10_000));
    assertNoClaims(ran);
  });

  it('to the size limit, with a follower, is the beginning', () => {
    const ran = doSteps(20_000, { limitBytes: 3_000_000, isFollowed: true });
    assert.equal(ran.acknowledged.length, 20_000);
    assert.ok(ran.trace.kept !== null);
    assertNear(accountedFor(ran.trace), recordsOf(20_000));
    // The last step is there, or said to be lost.
    if (ran.trace.lost === 0) {
      const last = BigInt(ran.acknowledged.at(-1)!.split(' ')[1]!);
      assert.ok(Math.abs(ran.trace.endNs - Number(last - ran.trace.startNs!)) < 1e9);
    }
  });

  it('says nothing of its files on the output of a program whose threads write them', () => {
    const { acknowledged, trace } = run([join(programs, 'workers.mjs')], { limitBytes: 20_000_000 });
    // `run` has seen that nothing stands on its error output.
    assert.deepEqual(acknowledged, ['done', 'done', 'done']);
    // On a loaded machine a worker's ring may be full for longer than a thread waits.
    assert.deepEqual(
      lossesOf(trace).filter((where) => where !== 'ring'),
      [],
    );
    assert.ok(accountedFor(trace) > 40_000 * RECORDS_A_STEP, String(accountedFor(trace)));
  });

  it('to a full ring is counted', () => {
    const { trace, findings, done, lostRecords } = writeRecords('ring');
    assert.deepEqual(lossesOf(trace), ['ring']);
    assert.equal(accountedFor(trace), done + lostRecords);
    assert.deepEqual(rulesOf(findings), ['lost-records']);
  });

  it('to threads beyond the rings is counted', () => {
    const { trace, findings, done, lostRecords } = writeRecords('threads');
    assert.ok(lossesOf(trace).includes('threads'));
    assert.equal(accountedFor(trace), done + lostRecords);
    assert.deepEqual(rulesOf(findings), ['lost-records']);
  });

  const disk = canMount() ? it : it.skip;
  disk('to a full disk is counted [needs a user namespace, or root, to mount a small disk]', () => {
    const ran = doSteps(10_000, { disk: '1m' });
    assert.equal(ran.acknowledged.length, 10_000);
    assert.deepEqual(lossesOf(ran.trace), ['disk']);
    assertNear(accountedFor(ran.trace), recordsOf(10_000));
    assertNoClaims(ran);
  });

  it('of a killed program are its last milliseconds', () => {
    const ran = doSteps(10_000, {}, 0, 5000);
    assert.equal(ran.acknowledged.length, 5000);
    const last = Number(BigInt(ran.acknowledged.at(-1)!.split(' ')[1]!) - ran.trace.startNs!);
    const { untilNs } = processKnownUntil(ran.trace, ran.trace.processes[0]!);
    assert.ok(last - untilNs < MAX_MISSING_NS, `${last - untilNs} ns are missing`);
    assert.ok(untilNs <= last + MAX_MISSING_NS);
    assert.deepEqual(
      ran.findings.filter(
        ({ rule, words }) => rule === 'never-settled' || /to the very end/.test(plain(words)),
      ),
      [],
    );
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('with the right to open files is nothing: the file that is open goes on [needs root]', () => {
    const ran = doSteps(10_000, { limitBytes: 3_000_000 }, NOBODY);
    assert.equal(ran.acknowledged.length, 10_000);
    assert.equal(ran.trace.lost, 0);
    assertNear(accountedFor(ran.trace), recordsOf(10_000));
  });
});
