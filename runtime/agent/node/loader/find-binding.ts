/**
 * Where the parser and the transformer are: the native binding that is shipped beside the bundle
 * (dist/agent/parser/, see extension/packaging/native-parser.ts), else the one that is installed,
 * else the WebAssembly build, which is shipped always. Their JavaScript fronts are not used.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Of the platforms' C libraries and compilers, as the bindings' names end. */
const abis = ['', '-gnu', '-musl', '-msvc', '-gnueabihf'];

/** Null when there is none of them. */
export function findBinding(tool: 'parser' | 'transform'): unknown {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  // Not by `require`: the program could see it in `require.cache`.
  const load = (name: string): unknown => {
    const holder = { exports: {} };
    process.dlopen(holder, require.resolve(name));
    return holder.exports;
  };
  const native = (name: (platform: string) => string): unknown =>
    abis.map((abi) => attempt(() => load(name(platform + abi)))).find((binding) => binding !== null) ?? null;
  return (
    native((end) => `./parser/${tool}.${end}.node`) ??
    native((end) => `@oxc-${tool}/binding-${end}`) ??
    attempt(() => {
      const { loadWasm } = require('./parser/wasm.cjs') as { loadWasm(path: string): unknown };
      delete require.cache[require.resolve('./parser/wasm.cjs')];
      return loadWasm(fileURLToPath(new URL(`parser/${tool}.wasm`, import.meta.url)));
    })
  );
}

/** Another libc's, or not there: the next one, and none is told by the caller in its own words. */
function attempt(load: () => unknown): unknown {
  try {
    return load();
  } catch {
    return null;
  }
}
