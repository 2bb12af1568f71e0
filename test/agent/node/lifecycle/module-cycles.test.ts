import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findModuleCycle, importsIn } from '../../../../runtime/agent/node/lifecycle/module-cycles.ts';

describe('the way from a module back to itself', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-cycle-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  /** "b.mjs c.mjs:2" of the cycle from `a`; '': there is none. */
  const cycleOf = (files: Readonly<Record<string, string>>): string => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const cycle = findModuleCycle(join(folder, Object.keys(files)[0]!));
    return cycle === null ? '' : `${cycle.through.map((path) => basename(path)).join(' ')}:${cycle.line}`;
  };

  it('has an import() in it, and ends at the import that closes it', () => {
    equal(cycleOf({ 'a.mjs': "await import('./b.mjs');", 'b.mjs': "\nimport x from './a.mjs';" }), 'b.mjs:2');
    const through = { 'b.mjs': "export * from './c.mjs';", 'c.mjs': "import {\n  x,\n} from './a.mjs';" };
    equal(cycleOf({ 'a.mjs': 'await import(`./b.mjs`);', ...through }), 'b.mjs c.mjs:1');
    const helper = { 'load.mjs': "export const f = () => import('./b.mjs');", 'b.mjs': "import './a.mjs';" };
    equal(cycleOf({ 'a.mjs': "import { f } from './load.mjs'; await f();", ...helper }), 'load.mjs b.mjs:1');
  });

  it('is none of static imports alone, nor where the way ends elsewhere', () => {
    equal(cycleOf({ 'a.mjs': "import './b.mjs';", 'b.mjs': "import './a.mjs';" }), '');
    equal(
      cycleOf({ 'a.mjs': "await import('./b.mjs');", 'b.mjs': "import './missing.mjs'; import 'fs';" }),
      '',
    );
  });

  it('may lead through an import() whose path is computed, to any file that was loaded', () => {
    const files = { 'a.mjs': 'for (const name of names) await import(new URL(name, here));' };
    cycleOf({ ...files, 'b.mjs': "\nimport x from './a.mjs';", 'c.mjs': 'export {};' });
    const lineOf = (...loaded: string[]): number | undefined =>
      findModuleCycle(
        join(folder, 'a.mjs'),
        loaded.map((name) => join(folder, name)),
      )?.line;
    deepEqual(
      [lineOf('a.mjs', 'c.mjs', 'b.mjs'), lineOf('a.mjs', 'c.mjs'), lineOf()],
      [2, undefined, undefined],
    );
  });

  it('finds the source of a module that is imported by the name of its output', () => {
    equal(cycleOf({ 'a.ts': "await import('./b.js');", 'b.ts': "import { x } from './a.js';" }), 'b.ts:1');
  });

  it('is read without comments and types', () => {
    const text =
      "// import './x.mjs';\n/* import './y.mjs' */ import type { T } from './t.ts';\nimport z from './z.mjs';";
    deepEqual(
      importsIn(text).map(({ specifier }) => specifier),
      ['./z.mjs'],
    );
  });
});
