/**
 * Every form of statement and expression around a probe, in every spacing (`forms.ts`): the text
 * can be parsed, the insertions can be taken out, and the program does what it does untraced.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { removeProbes } from '../../../../runtime/agent/node/contract/remove-probes.ts';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';
import { instrumented, nodes, untraced } from '../run-program.ts';
import { programOf, SPACINGS } from './forms.ts';

const folder = mkdtempSync(join(tmpdir(), 'simul-forms-'));

describe('every form around a probe', () => {
  after(() => rmSync(folder, { recursive: true }));
  for (const spacing of Object.keys(SPACINGS) as (keyof typeof SPACINGS)[]) {
    const source = programOf(spacing);
    for (const depth of ['full', 'light'] as const) {
      it(`is parsed again, and gives its source: ${spacing}, ${depth}`, () => {
        const options = {
          path: '/f.mjs',
          kind: 'module',
          depth,
          typescript: false,
          jsx: false,
          parse,
        } as const;
        const outcome = instrument(source, options);
        if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
        equal(parse('/f.mjs', outcome.result.code, 'js', 'module').error, null);
        equal(removeProbes(outcome.result.code), source);
      });

      for (const [major, node] of nodes) {
        it(`does what it does untraced: ${spacing}, ${depth}, Node ${major}`, async function () {
          this.timeout(60_000);
          const program = join(folder, `${spacing.replaceAll(' ', '-')}.mjs`);
          writeFileSync(program, source);
          const [traced, plain] = await Promise.all([
            instrumented(node, program, { DEPTH: depth }),
            untraced(node, program),
          ]);
          equal(plain.stderr, '');
          ok(plain.stdout.split('\n').length > 250);
          deepEqual([traced.stderr, traced.code], ['', 0]);
          equal(traced.stdout, plain.stdout);
          deepEqual(traced.seen.faults, []);
        });
      }
    }
  }
});
