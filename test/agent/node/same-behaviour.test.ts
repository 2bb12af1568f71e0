/**
 * Every program in test/programs/traps (one per trap of the instrumentation) does the same traced
 * and untraced: output, errors, exit code. Where a Node cannot run a program by itself, the
 * program's `.expected` file holds its output.
 */
import { ok, deepEqual, equal } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { instrumented, nodes, type Outcome, untraced } from './run-program.ts';

const programs = join(import.meta.dirname, '../../../../test/programs');
const folders = ['traps', 'decorators', 'jsx'];
const files = folders.flatMap((folder) =>
  readdirSync(join(programs, folder))
    .filter((name) => /\.(?:[mc]?[jt]s|[jt]sx)$/.test(name))
    .map((name) => join(folder, name)),
);
/** Not instrumented: one has no async code, one has a `with` statement. */
const PASSIVE = new Set(['traps/circular-b.mjs', 'traps/with.cjs']);

describe('an instrumented program', () => {
  for (const [major, node] of nodes) {
    for (const file of files) {
      it(`does what it does untraced on Node ${major}: ${file}`, async function () {
        this.timeout(30_000);
        const path = join(programs, file);
        const expected = `${path}.expected`;
        const isRunByNode = !existsSync(expected) && !(major === '20' && file.endsWith('.ts'));
        const [traced, plain] = await Promise.all([
          instrumented(node, path),
          isRunByNode ? untraced(node, path) : null,
        ]);
        if (existsSync(expected)) {
          deepEqual(
            { stdout: traced.stdout, code: traced.code, stderr: traced.stderr },
            { stdout: readFileSync(expected, 'utf8'), code: 0, stderr: '' },
          );
        } else if (plain === null) {
          equal(traced.code, 0, traced.stderr);
        } else {
          deepEqual(shown(traced, major), shown(plain, major));
        }
        deepEqual(traced.seen.faults, []);
        if (!PASSIVE.has(file)) ok((traced.seen.counts['file'] ?? 0) > 0, 'nothing was instrumented');
      });
    }
  }
});

/** What a person sees, without the three known differences that the README lists. */
function shown({ stdout, stderr, code }: Outcome, major: string): object {
  // Node writes the path instead of the URL above the line of an uncaught error in an ES module.
  let text = stderr.replace(/^file:\/\/(\/.*:\d+)$/gm, '$1');
  if (major === '20') {
    text = text.replace(/^ {4}at process\.processTicksAndRejections .*\n/gm, '').replace(/\n\n\n+/g, '\n\n');
  }
  return { stdout, stderr: text, code };
}
