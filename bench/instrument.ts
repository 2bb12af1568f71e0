/**
 * What loading costs: milliseconds per thousand lines to instrument real files, anew and from the
 * cache. Peer: acorn parses and walks the same text, the least that any instrumentation written in
 * JavaScript pays.
 *
 *   tsc -b bench && node build/bench/instrument.js [ROUNDS]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as acornParse } from 'acorn';
import { full as walkAll } from 'acorn-walk';
import { instrument } from '../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../runtime/agent/node/loader/parser.ts';
import { Translator } from '../runtime/agent/node/loader/translate.ts';
import { runInTurn, printTable } from './report.ts';

const rounds = Number(process.argv[2] ?? 9);
const tree = fileURLToPath(new URL('../../', import.meta.url));
const depth = 'full';

interface File {
  readonly path: string;
  readonly source: string;
}

/** Files that hold async code. The loader skips the others after a search of their text. */
function listAsyncFiles(folder: string, extension: string): File[] {
  return readdirSync(join(tree, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension) && !name.endsWith('.d.ts'))
    .map((name) => join(tree, folder, name))
    .map((path) => ({ path, source: readFileSync(path, 'utf8') }))
    .filter(({ source }) => source.length < 500_000 && /\b(?:async|await)\b/.test(source));
}

const countKLines = (files: readonly File[]): number =>
  files.reduce((sum, { source }) => sum + source.split('\n').length, 0) / 1000;

/** Milliseconds per thousand lines of running this once for every file. */
const measurePerKLine = (files: readonly File[], run: (file: File) => void) => (): number => {
  const startMs = performance.now();
  for (const file of files) run(file);
  return (performance.now() - startMs) / countKLines(files);
};

const scripts = listAsyncFiles('node_modules/vscode-languageclient/lib', '.js').concat(
  listAsyncFiles('node_modules/mocha/lib', '.cjs'),
  listAsyncFiles('node_modules/@vscode/test-electron/out', '.js'),
);
const typed = listAsyncFiles('test', '.ts').concat(listAsyncFiles('extension', '.ts'));
const cacheDir = mkdtempSync(join(tmpdir(), 'simul-bench-'));

const instrumentJs = (file: File): void => {
  const base = { path: file.path, depth, parse, jsx: false, typescript: false } as const;
  instrument(file.source, { ...base, kind: 'commonjs' });
};
const instrumentTs = (file: File): void => {
  const base = { path: file.path, depth, parse, jsx: false, typescript: true } as const;
  instrument(file.source, { ...base, kind: 'module' });
};
const translator = new Translator({ agentUrl: 'file:///agent/', depth, cacheDir }, () => {});
const fromCache = (file: File): void => {
  translator.instrument(file.path, file.source, 'commonjs');
};

try {
  const cold = measurePerKLine(scripts, instrumentJs)();
  console.log(
    `${scripts.length} scripts, ${countKLines(scripts).toFixed(1)} KLOC; ${typed.length} in TypeScript, ` +
      `${countKLines(typed).toFixed(1)} KLOC; the very first pass: ${cold.toFixed(1)} ms/KLOC`,
  );
  for (const file of scripts) fromCache(file);
  printTable(
    'Loading',
    'ms a KLOC',
    runInTurn(rounds, [
      {
        name: 'acorn, parse and walk',
        run: measurePerKLine(scripts, ({ source }) => {
          walkAll(
            acornParse(source, { ecmaVersion: 'latest', sourceType: 'script', allowHashBang: true }),
            () => {},
          );
        }),
      },
      { name: 'Simul, JavaScript', run: measurePerKLine(scripts, instrumentJs) },
      { name: 'Simul, TypeScript', run: measurePerKLine(typed, instrumentTs) },
      { name: 'Simul, from its cache', run: measurePerKLine(scripts, fromCache) },
    ]),
  );
} finally {
  rmSync(cacheDir, { recursive: true, force: true });
}
