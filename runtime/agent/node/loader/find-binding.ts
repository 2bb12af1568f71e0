/**
 * Finds the parser and the transformer: the native binding that is shipped beside the bundle
 * (dist/agent/parser/, see extension/packaging/native-parser.ts), else the installed one, else the
 * WebAssembly build, which is always shipped. Their JavaScript fronts are not used.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * How the bindings' names end: the platform's C libraries and compilers, the likeliest first, for a
 * miss throws.
 */
const abis: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['-gnu', '-musl', '-gnueabihf', '-musleabihf'],
  win32: ['-msvc'],
};

/** @returns the exports of the binding, or null when none can be loaded */
export function findBinding(tool: 'parser' | 'transform'): unknown {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  const suffixes = (abis[process.platform] ?? ['']).map((abi) => platform + abi);
  const beside = suffixes
    .map((suffix) => fileURLToPath(new URL(`parser/${tool}.${suffix}.node`, import.meta.url)))
    .filter((path) => existsSync(path));
  for (const name of [...beside, ...suffixes.map((suffix) => `@oxc-${tool}/binding-${suffix}`)]) {
    // Not by `require`: the program could see it in `require.cache`.
    const holder = { exports: {} };
    if (attempt(() => (process.dlopen(holder, require.resolve(name)), true))) return holder.exports;
  }
  return attempt(() => {
    const { loadWasm } = require('./parser/wasm.cjs') as { loadWasm(path: string): unknown };
    delete require.cache[require.resolve('./parser/wasm.cjs')];
    return loadWasm(fileURLToPath(new URL(`parser/${tool}.wasm`, import.meta.url)));
  });
}

/**
 * Null where the binding is for another C library or is missing: the caller reports its own error.
 */
function attempt(load: () => unknown): unknown {
  try {
    return load();
  } catch {
    return null;
  }
}
