/** What the loader records about itself: the time that it took, and why a trace is thin. */
import { needsCompiling } from '../../../../runtime/launch/runnable-files.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { readSummary } from '../../../../runtime/launch/read-trace.ts';
import { LoaderReports } from '../../../../runtime/agent/node/lifecycle/loader-reports.ts';
import { inMemory } from '../../../recorder/in-memory.ts';
import { NODES, PRELOAD, traceProgram } from '../trace-program.ts';

/** The summary of a program of these files; the first file is the entry. */
function summaryOf(node: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'simul-reports-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const entry = join(folder, Object.keys(files)[0]!);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { status, stderr } = spawnSync(node, ['--require', PRELOAD, entry], {
      encoding: 'utf8',
      env: { ...env, SIMUL_RECORDING: recording, ...(needsCompiling(entry) ? { SIMUL_COMPILE: '1' } : {}) },
    });
    assert.equal(status, 0, stderr);
    const lines = readSummary(recording);
    assert.ok(typeof lines !== 'string');
    return lines.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the loader’s reports', () => {
  it('charge the load of the entry through the hooks thread to the instrument, once', () => {
    const { writer, text } = inMemory();
    const reports = new LoaderReports(writer);
    const file = {
      path: '/a.mjs',
      outcome: 'instrumented',
      why: '',
      cached: false,
      positions: '',
      key: '',
      isMapWithheld: false,
      sites: 1,
    } as const;
    reports.onFile({ ...file, fromNs: 6_000_000n, toNs: 9_000_000n }, 'elsewhere');
    reports.entryLoaded(5_000_000n, 0n);
    assert.equal(text(), '');
    reports.entryLoaded(5_000_000n, 10_000_000n);
    reports.entryLoaded(5_000_000n, 20_000_000n);
    assert.equal(text({ times: 'ns' }), '0 0 pause why=instrument\n5000000 0 resume why=instrument\n');
  });

  it('charge what came before the entry was read to nobody, unless other files came first', () => {
    const pauses = (paths: readonly string[]): string => {
      const { writer, text } = inMemory();
      const reports = new LoaderReports(writer);
      reports.mainBegan(5_000_000n, '/a.mjs');
      paths.forEach((path, i) => {
        const fromNs = BigInt(9 + 3 * i) * 1_000_000n;
        const file = {
          path,
          outcome: 'refused',
          why: 'does not parse',
          cached: false,
          key: '',
          isMapWithheld: false,
        } as const;
        reports.onFile({ ...file, positions: '', sites: 0, fromNs, toNs: fromNs }, 'here');
      });
      return (
        text({ times: 'ns' })
          .match(/^.* (?:pause|resume) .*$/gm)
          ?.join('; ') ?? ''
      );
    };
    const loading = '0 0 pause why=loading; 4000000 0 resume why=loading';
    assert.equal(pauses(['/a.mjs']), loading);
    assert.equal(pauses(['/a.mjs', '/a.mjs', '/b.mjs']), loading);
    assert.equal(pauses(['/hook.cjs', '/a.mjs']), '');
  });

  it('count a file once, however often Node loads it', () => {
    const { writer, text } = inMemory();
    const reports = new LoaderReports(writer);
    const file = {
      why: '',
      cached: false,
      positions: '',
      key: '',
      isMapWithheld: false,
      sites: 0,
      fromNs: 0n,
      toNs: 0n,
    } as const;
    reports.onFile({ ...file, path: '/a.mts', outcome: 'kind' }, 'here');
    reports.onFile({ ...file, path: '/a.mts', outcome: 'instrumented', sites: 3 }, 'elsewhere');
    reports.onFile({ ...file, path: '/a.mts', outcome: 'unchanged' }, 'here');
    reports.onFile({ ...file, path: '/b.js', outcome: 'unchanged' }, 'here');
    reports.onFile({ ...file, path: '/b.js', outcome: 'instrumented', sites: 1 }, 'elsewhere');
    reports.onFile({ ...file, path: '/c.js', outcome: 'unchanged' }, 'here');
    reports.onFile({ ...file, path: '/d.js', outcome: 'refused', why: 'why' }, 'here');
    reports.recordSeen();
    assert.match(text(), /text="2 of 3 files held async functions"/);
  });
});

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the loader`, function () {
    this.timeout(30_000);

    for (const entry of ['program.mjs', 'program.cjs', 'program.ts']) {
      it(`records its time for ${entry} as a pause of the main body`, async () => {
        const source = 'async function f() { await 1 }\nf();';
        const { recordings } = await traceProgram(source, { node, name: entry });
        const order = recordings[0]!.match(
          /(?<=activationBegin .*)kind=main|pause why=instrument|resume why=instrument|name="f"/g,
        );
        assert.match(String(order), /^kind=main(,pause \S+,resume \S+)+,name="f"$/);
      });
    }

    it('reports in the summary that no file held async functions, and what was left alone', () => {
      const summary = summaryOf(node, {
        'program.cjs': `require('./one.cjs'); require('two');`,
        'one.cjs': '',
        'node_modules/two/index.js': 'exports.f = async () => {}',
      });
      assert.match(summary, /No task of the program was seen\./);
      assert.match(summary, /^0 of 2 files held async functions; 1 in node_modules was left alone\.$/m);
    });

    it('names the code of the command line, which Node compiles by itself', () => {
      const folder = mkdtempSync(join(tmpdir(), 'simul-reports-'));
      try {
        const { NODE_OPTIONS: _, ...env } = process.env;
        const args = ['--require', PRELOAD, '-e', '(async () => { await 1 })()'];
        spawnSync(node, args, { env: { ...env, SIMUL_RECORDING: folder } });
        const lines = readSummary(folder);
        assert.ok(typeof lines !== 'string');
        assert.match(lines.join('\n'), /^\[eval\] could not be instrumented: .+ by itself\.$/m);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it('names the text of a worker, too, and does not say that it held no async functions', () => {
      const summary = summaryOf(node, {
        'program.cjs': `async function work() { await null }
          new (require('node:worker_threads').Worker)('(' + work + ')()', { eval: true });`,
      });
      assert.match(
        summary,
        /^\[eval\] could not be instrumented: Node compiles .+ of a worker made from a text, by itself\.$/m,
      );
      assert.match(summary, /^1 of 1 file held async functions\.$/m);
      assert.doesNotMatch(summary, /\b0 of \d files?/);
    });

    it('counts what an ES module imports', () => {
      const summary = summaryOf(node, {
        'program.mjs': `import './one.mjs'; import 'two';`,
        'one.mjs': 'export const one = 1;',
        'node_modules/two/index.mjs': 'export const two = 2;',
        'node_modules/two/package.json': '{"exports":"./index.mjs"}',
      });
      assert.match(summary, /^0 of 2 files held async functions; 1 in node_modules was left alone\.$/m);
    });

    it('counts a file once that Node loads twice to find its kind', () => {
      const summary = summaryOf(node, { 'program.ts': 'namespace N { export const a = 1 }\nawait N.a;' });
      assert.match(summary, /^1 of 1 file held async functions\.$/m);
    });

    for (const entry of ['program.mjs', 'program.cjs']) {
      it(`puts the main body of ${entry} at its first line`, async () => {
        const { text } = await traceProgram('let x = 1;\n', { node, name: entry });
        assert.match(
          text,
          new RegExp(`activationBegin id=\\d+ site="${entry}:1:1 line <main>" name="${entry}" kind=main`),
        );
      });
    }

    it('names a file whose async functions were compiled away', () => {
      const summary = summaryOf(node, {
        'program.cjs': `require('./old.cjs'); (async () => { await 1 })()`,
        'old.cjs': 'var __awaiter = function () {}; exports.old = function () { return __awaiter() };',
      });
      assert.match(
        summary,
        /^Not seen: \S+old\.cjs could not be instrumented: compiled to ES2015 or lower, its async functions cannot be seen\.$/m,
      );
    });
  });
}
