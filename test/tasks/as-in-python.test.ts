/**
 * Cases from CPython's documentation of asyncio and of generators: Python's output beside the
 * library's. Where a `python3` from 3.11 up is installed, each Python text is run and must print
 * what the table says; else the table alone is compared.
 */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'mocha';
import { type Case, cases } from './as-in-python.cases.ts';
import { warningsOf } from './warnings.ts';

/** Runs each text with an output of its own, and prints those outputs as JSON. */
const DRIVER = `
import sys, json, io, contextlib, asyncio
printed = []
for text in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(text, {"asyncio": asyncio, "__name__": "case"})
    printed.append(out.getvalue().splitlines())
print(json.dumps(printed))
`;

const python = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
  encoding: 'utf8',
});
const hasPython = python.status === 0 && python.stdout.trim() === 'True';

describe('What asyncio and generators do in Python', () => {
  let printed: string[][] = [];

  before(function () {
    if (!hasPython) return;
    this.timeout(30_000);
    const input = JSON.stringify(cases.map((each) => textOf(each)));
    const { stdout, stderr, status } = spawnSync('python3', ['-X', 'utf8', '-c', DRIVER], {
      input,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    printed = JSON.parse(stdout) as string[][];
  });

  for (const [index, each] of cases.entries()) {
    it(`${each.title}${each.difference === undefined ? '' : `; here: ${each.difference}`}`, async () => {
      if (hasPython) assert.deepEqual(printed[index], each.prints, 'what Python prints');
      const lines: string[] = [];
      // Tasks that are left on purpose get warnings, as in Python.
      await warningsOf(async () => each.library((line) => void lines.push(line)));
      const differs = each.libraryPrints !== undefined;
      assert.equal(differs, each.difference !== undefined, 'a difference is given with its reason');
      assert.deepEqual(lines, each.libraryPrints ?? each.prints, 'what the library does');
    });
  }
});

/** The lines of a case, without their indentation in the table. */
function textOf({ python: text }: Case): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}
