/**
 * Bundles a package, minified or not, and compares the bundle traced and untraced: what it exports,
 * and the text of every function that it exports.
 */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { removeProbes } from '../../../../runtime/agent/node/contract/remove-probes.ts';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';
import { instrumented, untraced } from '../run-program.ts';

const SHOW = `function show(name, value, depth) {
  if (typeof value === 'function') console.log(name, 'function', String(value).length, String(value).slice(0, 200));
  else if (typeof value === 'object' && value !== null && depth < 2) {
    for (const key of Object.keys(value).sort()) { try { show(name + '.' + key, value[key], depth + 1) } catch { console.log(name, key, 'threw') } }
  } else console.log(name, typeof value);
}`;

export interface BundleOptions {
  readonly minify: boolean;
  readonly format: 'esm' | 'cjs';
}

/** Native parts, and packages that a package loads only where they are installed, stay outside. */
const EXTERNAL = [
  ...['*.node', 'pg-native', 'mongodb-client-encryption', 'kerberos', 'aws4', 'snappy', 'bufferutil'],
  ...['better-sqlite3', 'mysql', 'oracledb', 'sqlite3', 'tedious', 'pg-query-stream'],
];

/**
 * @param from the folder whose packages are meant
 * @param folder for the bundle
 * @throws AssertionError where the two differ
 * @returns how many probes of a function's begin the bundle ran
 */
export async function checkBundle(
  node: string,
  name: string,
  from: string,
  folder: string,
  { minify, format }: BundleOptions,
): Promise<number> {
  const id = `${name.replaceAll(/\W/g, '-')}${minify ? '.min' : ''}`;
  const bundle = join(folder, `${id}.${format === 'esm' ? 'mjs' : 'cjs'}`);
  await build({
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: from },
    outfile: bundle,
    bundle: true,
    minify,
    format,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    external: EXTERNAL,
    ...(format === 'esm'
      ? {
          banner: {
            js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
          },
        }
      : {}),
  });
  checkText(bundle, format);
  const program = join(folder, `${id}-${format}-main.mjs`);
  writeFileSync(
    program,
    `import * as all from './${id}.${format === 'esm' ? 'mjs' : 'cjs'}';\n${SHOW}\nshow('', all, 0);\n`,
  );
  const plain = await untraced(node, program);
  const traced = await instrumented(node, program);
  deepEqual(
    [traced.stdout, traced.stderr, traced.code],
    [plain.stdout, plain.stderr, plain.code],
    `${name} ${minify} ${format}`,
  );
  deepEqual(traced.seen.faults, []);
  return traced.seen.counts['enter'] ?? 0;
}

/** The emitted text can be parsed, and without its insertions it is the source. */
function checkText(path: string, format: 'esm' | 'cjs'): void {
  const source = readFileSync(path, 'utf8');
  const kind = format === 'esm' ? 'module' : 'commonjs';
  for (const depth of ['full', 'light'] as const) {
    const outcome = instrument(source, { path, kind, depth, typescript: false, jsx: false, parse });
    if (outcome.kind === 'unchanged') continue;
    if (outcome.kind === 'refused') throw new Error(`${path}: ${outcome.why}`);
    equal(parse(path, outcome.result.code, 'js', kind).error, null, path);
    equal(removeProbes(outcome.result.code) === source, true, path);
  }
}
