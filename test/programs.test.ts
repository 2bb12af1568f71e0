/**
 * Every program of test/programs, untraced and traced by the real agent, on every supported Node:
 * output, errors and exit code must be the same. The traces of test/programs/golden are compared
 * with texts that a person can read (test/golden).
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, relative } from 'node:path';
import { after, describe, it } from 'mocha';
import { needsCompiling } from '../runtime/launch/runnable-files.ts';
import { liveFiles } from '../runtime/launch/held-files.ts';
import { traceEnv } from '../runtime/launch/start-trace.ts';
import { PART_HEAD_BYTES } from '../runtime/trace/format/part.ts';
import { toText } from '../runtime/trace/format/text.ts';
import { Fold } from '../runtime/trace/fold/fold.ts';
import { tree } from './machine/tree.ts';

const folder = join(tree, 'test/programs');
const goldenFolder = join(tree, 'test/golden');
const scratch = mkdtempSync(join(tmpdir(), 'simul-programs-'));
after(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const MAJORS = [20, 22, 24] as const;
type Major = (typeof MAJORS)[number];
const nodeOf = (major: Major): string => {
  const path = process.env[`SIMUL_NODE_${major}`];
  if (path === undefined || path === '') throw new Error(`SIMUL_NODE_${major} names no Node ${major}`);
  return path;
};

interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

let recordings = 0;

function run(
  major: Major,
  program: string,
  depth: 'full' | 'light' | null,
): ProgramResult & { readonly recording: string } {
  const recording = join(scratch, String(recordings++));
  mkdirSync(recording);
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr, error } = spawnSync(nodeOf(major), [program], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
    env: depth === null ? env : traceEnv({ env, recording, depth, compiles: needsCompiling(program) }),
  });
  if (error) throw error;
  return { stdout, stderr: withoutPids(stderr), status, recording };
}

/** "(node:4711) Warning" differs between runs. */
const withoutPids = (text: string): string => text.replaceAll(/\(node:\d+\)/g, '(node:PID)');

/**
 * What a program does untraced. Where Node alone cannot run it, or warns about its package, the
 * file `.expected` beside it holds the output.
 */
function untraced(major: Major, program: string): ProgramResult {
  const expected = `${program}.expected`;
  if (existsSync(expected)) return { stdout: readFileSync(expected, 'utf8'), stderr: '', status: 0 };
  const typescript = extname(program).endsWith('ts');
  return run(typescript ? 24 : major, program, null);
}

const PROGRAM = /\.(?:ts|mts|cts|tsx|js|mjs|cjs|jsx)$/;

/** What other programs load, and what test/launch/losses.test.ts and test/debug start. */
const OTHERS = new Set(['parts', 'losses', 'debugger']);

function programsIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !OTHERS.has(entry.name))
    .flatMap((entry) => programsIn(join(path, entry.name)))
    .concat(
      readdirSync(path)
        .filter((name) => PROGRAM.test(name))
        .map((name) => join(path, name)),
    )
    .sort();
}

/**
 * Examples with the same order in each run: they wait for the library alone, on the virtual clock.
 */
const repeatable = ['counting', 'helpers', 'retry'].map((name) =>
  join(tree, 'examples/library', `${name}.ts`),
);

/** In the order of their processes' start: the numbers of processes begin anew some time. */
const records = (recording: string): Uint8Array[] =>
  liveFiles(readdirSync(recording)).map(
    ({ name }) => new Uint8Array(readFileSync(join(recording, name)).subarray(PART_HEAD_BYTES)),
  );

/** The fold is the validator: the records that it refused. */
function problems(recording: string): readonly string[] {
  const fold = new Fold();
  records(recording).forEach((part, index) => fold.feed(index, part));
  return fold.trace.problems;
}

function golden(recording: string): string {
  const [only, ...more] = records(recording);
  assert.equal(more.length, 0, 'one process, one part');
  // Times, machine and set-up differ between runs, and what was held; the order of events does not.
  return toText(only!, {
    times: 'none',
    renumber: true,
    file: (file) => basename(file),
    without: ['clock', 'processBegin', 'laneBegin', 'agent', 'pause', 'resume', 'held', 'times'],
  });
}

for (const major of MAJORS) {
  describe(`programs on Node ${major}`, () => {
    for (const program of programsIn(folder)) {
      const name = program.slice(folder.length + 1);
      it(`${name} does the same untraced, traced and traced lightly`, () => {
        const expected = untraced(major, program);
        for (const depth of ['full', 'light'] as const) {
          const { recording, ...result } = run(major, program, depth);
          assert.deepEqual(problems(recording), [], depth);
          // Node 20 prints one more blank line below an excerpt that it found through a source map
          // (README).
          const traced =
            major === 20 ? { ...result, stderr: result.stderr.replace('^\n\n\n', '^\n\n') } : result;
          assert.deepEqual(
            traced,
            { stdout: expected.stdout, stderr: expected.stderr, status: expected.status },
            depth,
          );
        }
      });
    }

    // The one in two languages needs a Redis and both programs: jobs/two-languages.test.ts.
    const ALONE = /^(?!.*(?:\.d\.ts$|[\\/]two-languages[\\/]))/;
    for (const program of programsIn(join(tree, 'examples')).filter((path) => ALONE.test(path))) {
      it(`the example ${relative(tree, program)} does the same as untraced and leaves no impossible record`, () => {
        const { status, stdout } = untraced(major, program);
        for (const depth of ['full', 'light'] as const) {
          const { recording, ...result } = run(major, program, depth);
          assert.deepEqual([result.status, result.stdout], [status, stdout], depth);
          assert.deepEqual(problems(recording), [], depth);
        }
      });
    }

    for (const program of [...programsIn(join(folder, 'golden')), ...repeatable]) {
      const name = basename(program);
      it(`${name} leaves the golden trace and no impossible record`, () => {
        const { recording } = run(major, program, 'full');
        assert.deepEqual(problems(recording), []);
        const text = golden(recording);
        const file = join(goldenFolder, `${name}.txt`);
        if (process.env['SIMUL_WRITE_GOLDEN'] === '1' && major === 24) writeFileSync(file, text);
        assert.equal(text, readFileSync(file, 'utf8'));
      });
    }
  });
}
