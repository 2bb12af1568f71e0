/**
 * Where the parser and the transformer are: the native binding that is shipped beside the bundle
 * (dist/agent/parser/, see extension/packaging/native-parser.ts), else the one that is installed,
 * else the WebAssembly build, which is shipped always. Their JavaScript fronts are not used.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Of the platforms' C libraries and compilers, as the bindings' names end; the likeliest first, for a miss throws. */
const abis: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['-gnu', '-musl', '-gnueabihf', '-musleabihf'],
  win32: ['-msvc'],
};

/** Null when there is none of them. */
export function findBinding(tool: 'parser' | 'transform'): unknown {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  const ends = (abis[process.platform] ?? ['']).map((abi) => platform + abi);
  const beside = ends
    .map((end) => fileURLToPath(new URL(`parser/${tool}.${end}.node`, import.meta.url)))
    .filter((path) => existsSync(path));
  for (const name of [...beside, ...ends.map((end) => `@oxc-${tool}/binding-${end}`)]) {
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

/** Another libc's, or not there: the next one, and none is told by the caller in its own words. */
function attempt(load: () => unknown): unknown {
  try {
    return load();
  } catch {
    return null;
  }
}
