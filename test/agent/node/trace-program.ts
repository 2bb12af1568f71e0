/**
 * Runs a small program under the built agent (dist/agent) in a process of its own, on a given Node.
 * Returns its output and exit code, and its recording as text.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { liveFiles } from '../../../runtime/launch/held-files.ts';
import { needsCompiling } from '../../../runtime/launch/runnable-files.ts';
import { PART_HEAD_BYTES } from '../../../runtime/trace/format/part.ts';
import { toText } from '../../../runtime/trace/format/text.ts';

/** The folder of the built agent. */
const AGENT = resolve(process.env['SIMUL_AGENT'] ?? 'dist/agent');
export const PRELOAD = join(AGENT, 'preload.cjs');

/** The Nodes that the test runner names, else the Node that runs the tests. */
export const NODES: readonly { readonly name: string; readonly path: string }[] = (() => {
  const named = ['20', '22', '24'].flatMap((version) => {
    const path = process.env[`SIMUL_NODE_${version}`];
    return path === undefined || path === '' ? [] : [{ name: `Node ${version}`, path }];
  });
  return named.length > 0 ? named : [{ name: `Node ${process.versions.node}`, path: process.execPath }];
})();

export interface Traced {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** One text for each process of the recording, ids renumbered, times left out. */
  readonly recordings: readonly string[];
  /** That of the first process, without the records of every process and the loader's own time. */
  readonly text: string;
}

export interface TraceOptions {
  readonly node?: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** False: TypeScript is left to the program, as in `simul trace -- COMMAND`. */
  readonly compiles?: boolean;
  /** Arguments of the program. */
  readonly programArgs?: readonly string[];
  readonly untraced?: boolean;
  /** More files, by their path from the program's folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Writes the time of each record into the texts, in ns from the first. Absent: no times. */
  readonly times?: 'ns';
  /** How the agent is loaded; `require` by default. */
  readonly preload?: 'require' | 'import';
  /** Called with what the program has printed so far; `kill` sends SIGKILL. */
  readonly onOutput?: (stdout: string, kill: () => void) => void;
}

/** A program of types is traced as `simul trace FILE` does it. */
function compiling(file: string): Readonly<Record<string, string>> {
  return needsCompiling(file) ? { SIMUL_COMPILE: '1' } : {};
}

export async function traceProgram(source: string, options: TraceOptions = {}): Promise<Traced> {
  const folder = mkdtempSync(join(tmpdir(), 'simul-traced-'));
  try {
    const file = join(folder, options.name ?? 'program.mjs');
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    writeFileSync(file, source);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { NODE_OPTIONS: _, ...env } = process.env;
    const flags =
      options.untraced === true
        ? []
        : options.preload === 'import'
          ? ['--import', pathToFileURL(join(AGENT, 'register.js')).href]
          : ['--require', PRELOAD];
    const child = spawn(
      options.node ?? process.execPath,
      [...(options.args ?? []), ...flags, file, ...(options.programArgs ?? [])],
      {
        env: {
          ...env,
          SIMUL_RECORDING: recording,
          ...(options.compiles === false ? {} : compiling(file)),
          ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      options.onOutput?.(stdout, () => child.kill('SIGKILL'));
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const [code, signal] = await new Promise<[number | null, string | null]>((done, fail) => {
      child.on('error', fail);
      child.on('close', (exit, by) => done([exit, by]));
    });
    // In the order of their processes' start: the numbers of processes begin anew some time.
    const recordings = liveFiles(readdirSync(recording)).map(({ name }) => {
      const bytes = readFileSync(join(recording, name)).subarray(PART_HEAD_BYTES);
      const whole = bytes.subarray(0, bytes.length - (bytes.length % 32));
      return toText(whole, {
        times: options.times ?? 'none',
        renumber: true,
        file: basename,
        without: ['clock', 'times'],
      });
    });
    const text = (recordings[0] ?? '').replace(
      // What is known of holds depends on how busy the machine is.
      /^\d+ (processBegin|laneBegin|processEnd|pause|resume|held) .*\n|^\d+ \d+ (pause|resume|held) .*\n/gm,
      '',
    );
    return { code, signal, stdout, stderr, recordings, text };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The waker that is recorded for each wait of `waiting`, by the name of its function, in order. */
export function wakersOf(text: string, waiting: string): string[] {
  const names = new Map<string, string>();
  const found: string[] = [];
  const field = (line: string, key: string) => new RegExp(` ${key}=(?:"([^"]*)"|(\\S+))`).exec(line);
  for (const line of text.split('\n')) {
    if (line.includes(' activationBegin ')) {
      names.set(field(line, 'id')![2]!, field(line, 'name')?.[1] ?? '');
    } else if (line.includes(' resourceBegin ')) {
      names.set(field(line, 'id')![2]!, field(line, 'name')?.[1] ?? '');
    } else if (line.includes(' run ') && names.get(field(line, 'id')![2]!) === waiting) {
      const waker = / run id=\d+ waker=(\d+)/.exec(line)?.[1];
      const resource = field(line, 'resource')?.[2];
      if (waker !== undefined) found.push(names.get(waker) ?? '?');
      else if (line.includes('waker=external')) found.push(`external ${names.get(resource ?? '') ?? '?'}`);
      else found.push('none');
    }
  }
  return found;
}
