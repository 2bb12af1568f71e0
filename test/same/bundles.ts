/**
 * Programs that were bundled: packages that the project has anyway, used a little, as one file of
 * CommonJS or of an ES module, minified or not.
 */

import { build } from 'esbuild';
import { tree } from '../machine/tree.ts';
import { programOf, type Program } from './program.ts';

const USES: Readonly<Record<string, string>> = {
  async: `import async from 'async';
const log = []; const queue = async.queue(async (n) => { await null; log.push(n); }, 2); queue.push([1, 2, 3]); await queue.drain();
log.push(await async.mapLimit([1, 2, 3], 2, async (x) => x * 2)); console.log(log);`,
  co: `import co from 'co';
console.log(await co(function* () { const a = yield Promise.resolve(1); const b = yield [Promise.resolve(2), Promise.resolve(3)]; return [a, b]; }));
await co(function* () { yield null; }).catch((error) => console.log(error.message));`,
  fastq: `import fastq from 'fastq';
const queue = fastq.promise(async (x) => { await null; return x + 1; }, 2); console.log(await Promise.all([1, 2, 3].map((x) => queue.push(x))), queue.length());`,
  'p-queue': `import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 2 }); const log = []; for (const n of [1, 2, 3]) queue.add(async () => { log.push(n); await null; return n; }); await queue.onIdle(); console.log(log, queue.size, queue.pending);
await new PQueue({ timeout: 2 }).add(() => new Promise(() => {})).catch((error) => console.log(error.name));`,
  effect: `import { Effect } from 'effect';
const program = Effect.gen(function* () { const a = yield* Effect.succeed(1); const b = yield* Effect.promise(async () => { await null; return 2; }); return a + b; });
console.log(await Effect.runPromise(program)); await Effect.runPromise(Effect.fail('no')).catch((error) => console.log(String(error).split('\\n')[0]));`,
  effection: `import { run, sleep, all } from 'effection';
console.log(await run(function* () { const [a, b] = yield* all([(function* () { yield* sleep(1); return 'a'; })(), (function* () { return 'b'; })()]); return a + b; }));`,
  signals: `import { signal, computed, effect } from '@preact/signals';
const a = signal(1); const b = computed(() => a.value * 2); const log = []; effect(() => { log.push(b.value); }); a.value = 2; await null; a.value = 3; console.log(log);`,
  acorn: `import { parse } from 'acorn'; import { simple } from 'acorn-walk';
const names = []; simple(parse('async function f(x) { for await (const y of x) await y; }', { ecmaVersion: 2022 }), { Identifier: ({ name }) => names.push(name) }); await null; console.log(names);`,
  'fast-check': `import fc from 'fast-check';
await fc.assert(fc.asyncProperty(fc.array(fc.integer()), async (list) => { await null; return [...list].reverse().reverse().join() === list.join(); }), { seed: 1, numRuns: 20 }); console.log('holds');
await fc.assert(fc.asyncProperty(fc.integer(), async (n) => { await null; return n < 10; }), { seed: 2 }).catch((error) => console.log(error.message.split('\\n').slice(0, 2)));`,
  arrow: `import { tableFromArrays, tableToIPC, RecordBatchReader } from 'apache-arrow';
const bytes = tableToIPC(tableFromArrays({ a: [1, 2, 3] })); for await (const batch of await RecordBatchReader.from((async function* () { yield bytes; })())) console.log(batch.numRows, [...batch.getChild('a')]);`,
  preact: `import { h } from 'preact'; import { useState } from 'preact/hooks';
const view = h('p', { a: 1 }, 'text'); await null; console.log(view.type, view.props.children, typeof useState);`,
  prettier: `import { format } from 'prettier/standalone'; import * as babel from 'prettier/plugins/babel'; import * as estree from 'prettier/plugins/estree';
console.log(await format('async  function f( x){return await(x)}', { parser: 'babel', plugins: [babel, estree] })); await format('let = =', { parser: 'babel', plugins: [babel, estree] }).catch((error) => console.log(error.name, error.loc));`,
};

export async function bundles(): Promise<Program[]> {
  const variants = (['cjs', 'esm'] as const).flatMap((format) =>
    [false, true].map((isMinified) => ({ format, isMinified })),
  );
  const made = Object.entries(USES).flatMap(([name, source]) =>
    variants.map((variant) => bundle(name, source, variant)),
  );
  return Promise.all(made);
}

async function bundle(
  name: string,
  source: string,
  { format, isMinified }: { readonly format: 'cjs' | 'esm'; readonly isMinified: boolean },
): Promise<Program> {
  const extension = format === 'cjs' ? 'cjs' : 'mjs';
  const [first, ...rest] = source.split('\n');
  const { outputFiles } = await build({
    stdin: {
      contents: `${first}\n(async () => {\n${rest.join('\n')}\n})();\n`,
      resolveDir: tree,
      sourcefile: 'main.mjs',
    },
    bundle: true,
    write: false,
    format,
    minify: isMinified,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    external: ['web-worker'],
    ...(format === 'esm'
      ? {
          banner: {
            js: `import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);`,
          },
        }
      : {}),
  });
  const program = programOf(
    `bundles/${name}${isMinified ? '-minified' : ''}.${extension}`,
    '// same: needs=file\n',
  );
  return { ...program, source: outputFiles[0]!.text };
}
