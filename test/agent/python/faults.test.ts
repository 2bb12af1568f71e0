/**
 * Programs of the corpus with a fault that ends by itself, and their mended twins: each says the
 * same traced as untraced, and the rule is found in the first and not in the second.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { parseTruth } from '../../corpus/truth.ts';
import { tree } from '../../machine/tree.ts';
import { isAtLeast, tracePython, VERSION } from './trace-python.ts';

const PROGRAMS = join(tree, 'test/corpus/programs');
/** None hangs on how fast the machine is. */
const NAMES = [
  'blocked-event-loop-bus',
  'busy-wait-jobs',
  'completion-order-pages',
  'completion-order-towns',
  'cut-off-photos',
  'growth-pages',
  'late-binding-alarms',
  'late-binding-thumbnails',
  'lost-context-mails',
  'lost-context-reports',
  'lost-update-orders',
  'lost-update-team',
  'lost-update-tickets',
  'lost-update-votes',
  'made-twice-store',
  'made-twice-token',
  'never-retrieved-apply-async',
  'never-retrieved-gather',
  'never-retrieved-meters',
  'not-primed-meter',
  'not-released-late-upload',
  'one-by-one-fees',
  'overwritten-state-currency',
  'overwritten-state-export',
  'own-copy-index',
  'own-copy-votes',
  'private-lock-till',
  'round-trips-grades',
  'shared-cancel-device',
  'shared-cancel-wiki',
  'swallowed-cancel-sensor',
  'thread-pool-full-setting',
];
const NEEDS_3_11 = new Set(['not-released-late-upload', 'shared-cancel-device', 'shared-cancel-wiki']);

describe('faults of Python programs under trace', function () {
  this.timeout(60_000);
  if (VERSION === null) return;

  for (const name of NAMES) {
    if (NEEDS_3_11.has(name) && !isAtLeast(3, 11)) continue;
    it(`are found in ${name}, and not when it is mended`, () => {
      const { rule } = parseTruth(readFileSync(join(PROGRAMS, name, 'truth.md'), 'utf8'));
      const found = (folder: string): string[] =>
        tracePython(readFileSync(join(folder, 'program.py'), 'utf8')).findings.filter((line) =>
          line.includes(` ${rule}: `),
        );
      assert.notDeepEqual(found(join(PROGRAMS, name)), []);
      assert.deepEqual(found(join(PROGRAMS, 'healthy', name)), []);
    });
  }
});
