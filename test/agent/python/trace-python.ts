/**
 * Runs a small Python program untraced and under the built agent (dist/agent/python), each in a
 * process of its own: its output, and its recording as text and as findings.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRecording } from '../../../runtime/launch/read-recording.ts';
import { noteExitCode } from '../../../runtime/recorder/end-killed-process.ts';
import { traceEnv } from '../../../runtime/launch/start-trace.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import type { Observer } from '../../../runtime/trace/fold/observer.ts';
import { startRules } from '../../../runtime/trace/findings/registry.ts';
import { toText } from '../../../runtime/trace/format/text.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { tree } from '../../machine/tree.ts';

export const PYTHON = process.env['SIMUL_PYTHON'] ?? 'python3';
export const AGENT = pathToFileURL(join(tree, 'dist/agent/preload.cjs'));

/** [3, 11] of the interpreter that runs the tests; null: there is none. */
export const VERSION: readonly [number, number] | null = (() => {
  const { stdout } = spawnSync(PYTHON, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    encoding: 'utf8',
  });
  const [major, minor] = (stdout ?? '').trim().split(' ').map(Number);
  return major === undefined || minor === undefined ? null : [major, minor];
})();

export const isAtLeast = (major: number, minor: number): boolean =>
  VERSION !== null && (VERSION[0] > major || (VERSION[0] === major && VERSION[1] >= minor));

export interface Output {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TracedPython extends Output {
  readonly untraced: Output;
  /** The records of each process as text, ids renumbered, no times, files without folders. */
  readonly parts: readonly string[];
  readonly trace: Trace;
  /** "severity rule: words", the gravest first. */
  readonly findings: readonly string[];
}

export interface PythonOptions {
  /** More files, by their path from the program's folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments before the program's file. */
  readonly options?: readonly string[];
  readonly args?: readonly string[];
  readonly input?: string;
  /** Generators are asked for. */
  readonly generators?: boolean;
  /** Are told of each event, besides the rules. */
  readonly observers?: readonly Observer[];
  /** The output need not be the same: it holds times or numbers of processes. */
  readonly varies?: boolean;
}

/** Runs a program twice, and asserts that it says the same traced as untraced. */
export function tracePython(source: string, options: PythonOptions = {}): TracedPython {
  const folder = mkdtempSync(join(tmpdir(), 'simul-python-'));
  try {
    const file = join(folder, 'program.py');
    writeFileSync(file, source);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const env = { ...process.env, ...options.env };
    const { generators = false } = options;
    const untraced = run(file, env, options);
    const traced = run(file, traceEnv({ env, recording, cache: null, agent: AGENT, generators }), options);
    if (options.varies !== true)
      assert.deepEqual(
        { ...traced, pid: 0 },
        { ...untraced, pid: 0 },
        'the program does not say the same traced',
      );
    if (traced.status !== null) noteExitCode(recording, traced.pid, traced.status);
    return { ...traced, untraced, ...readAll(recording, options.observers ?? []) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  file: string,
  env: NodeJS.ProcessEnv,
  options: PythonOptions,
): Output & { readonly pid: number } {
  const { error, status, signal, stdout, stderr, pid } = spawnSync(
    PYTHON,
    [...(options.options ?? []), file, ...(options.args ?? [])],
    { env, encoding: 'utf8', cwd: dirname(file), input: options.input ?? '', timeout: 60_000 },
  );
  if (error !== undefined) throw error;
  return { status, signal, stdout, stderr, pid };
}

/** What a recording holds, of all processes. */
export function readAll(
  recording: string,
  observers: readonly Observer[] = [],
): Pick<TracedPython, 'parts' | 'trace' | 'findings'> {
  const trace = new Trace();
  const rules = startRules(trace);
  const fold = new Fold([...rules.observers, ...observers], trace);
  const records = new Map<number, Uint8Array[]>();
  const troubles: string[] = [];
  readRecording(recording, {
    onRecords: (part, bytes) => {
      records.set(part, [...(records.get(part) ?? []), bytes.slice()]);
    },
    onTrouble: (words) => troubles.push(words),
  });
  for (const [part, blocks] of records) for (const block of blocks) fold.feed(part, block);
  assert.deepEqual(troubles, [], 'the recording is whole');
  assert.deepEqual(trace.problems, [], 'the records keep the rules of the state machine');
  const parts = [...records.values()].map((blocks) =>
    toText(new Uint8Array(Buffer.concat(blocks)), {
      times: 'none',
      renumber: true,
      file: basename,
      without: ['clock', 'times'],
    }),
  );
  const findings = rules
    .findings()
    .map(({ severity, rule, words }) => `${severity} ${rule}: ${plain(words)}`);
  return { parts, trace, findings };
}

/** The lines of a text that hold all of these words. */
export const linesWith = (text: string, ...words: readonly string[]): string[] =>
  text.split('\n').filter((line) => words.every((word) => line.includes(word)));
