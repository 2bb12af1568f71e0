/**
 * A program may replace any built-in while it runs: what its replacement is called by, and what the
 * program then does, is the same traced and untraced (`test/programs/replaced-built-ins.mjs`).
 */
import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const source = readFileSync('test/programs/replaced-built-ins.mjs', 'utf8');

for (const { name, path } of NODES) {
  describe(`a program that replaces built-ins, on ${name}`, () => {
    for (const depth of ['full', 'light']) {
      it(`reaches none of the instrument, and does the same: ${depth}`, async function () {
        this.timeout(60_000);
        const options = { node: path, env: { SIMUL_DEPTH: depth } };
        const untraced = await traceProgram(source, { ...options, untraced: true });
        const traced = await traceProgram(source, options);
        ok(untraced.stdout.split('\n').length > 900, untraced.stderr);
        equal(traced.stdout, untraced.stdout);
        equal(traced.stderr, untraced.stderr);
      });
    }
  });
}
