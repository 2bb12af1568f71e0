/**
 * Loads the WebAssembly build of the parser or the transformer, for platforms without a native one.
 * It is the same program behind the same interface. It is bundled by itself
 * (dist/agent/parser/wasm.cjs): a program whose platform has the native build never reads it.
 *
 * The publisher's own loader is not used. It goes through `node:wasi`, which prints a warning into
 * the user's program. The five system calls that the build imports are answered here: no files, no
 * environment, no output. Only the imports of the asynchronous interface are refused: they are
 * never called.
 */
import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { instantiateNapiModuleSync } from '@emnapi/core';
import { createContext } from '@emnapi/runtime';

/** As the publisher's loader sets them: 256 MB of address space; only touched pages cost memory. */
const initialPages = 4000;
const maximumPages = 65_536;

/**
 * The part that is used. Node's types of this version lack it, and the DOM's do not belong here.
 */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(
      module: object,
    ): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
  };
  readonly Memory: new (pages: { initial: number; maximum: number }) => Memory;
};
interface Memory {
  readonly buffer: ArrayBuffer;
}
type Imports = Record<string, Record<string, unknown>>;
type Exports = Record<string, unknown>;

/** `napi_generic_failure`: the caller inside the build turns it into an error. */
const refuse = (): number => 9;

/** @throws Error when the file is missing or is no such build. */
export function loadWasm(path: string): unknown {
  const module = new WebAssembly.Module(readFileSync(path));
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
  const { napiModule } = instantiateNapiModuleSync(module, {
    // With a MessageChannel the context would listen for the end of the user's process, and be
    // closed before the last file is loaded.
    context: createContext({ features: { MessageChannel: undefined } }),
    asyncWorkPoolSize: 0,
    overwriteImports: (imports: Imports) => ({
      ...refusedImports(module),
      wasi_snapshot_preview1: systemCalls(memory),
      napi: { ...imports['napi'] },
      env: {
        ...refusedImports(module)['env'],
        ...imports['env'],
        ...imports['napi'],
        ...imports['emnapi'],
        memory,
      },
    }),
    beforeInit: ({ instance: { exports } }: { instance: { exports: Exports } }) => {
      (exports['_initialize'] as (() => void) | undefined)?.();
      for (const [name, register] of Object.entries(exports)) {
        if (name.startsWith('__napi_register__')) (register as () => void)();
      }
    },
  });
  return napiModule.exports;
}

function refusedImports(module: object): Imports {
  const all: Imports = {};
  for (const { module: importedFrom, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (all[importedFrom] ??= {})[name] = refuse;
  }
  return all;
}

/** The system calls that the builds import. */
function systemCalls(memory: Memory): Imports[string] {
  const view = (): DataView => new DataView(memory.buffer);
  return {
    random_get: (at: number, length: number) => {
      randomFillSync(new Uint8Array(memory.buffer, at, length));
      return 0;
    },
    environ_get: () => 0,
    environ_sizes_get: (countAt: number, sizeAt: number) => {
      view().setUint32(countAt, 0, true);
      view().setUint32(sizeAt, 0, true);
      return 0;
    },
    /**
     * Reports everything as written and writes nothing: a panic must not print into the program.
     */
    fd_write: (_file: number, at: number, count: number, writtenAt: number) => {
      let written = 0;
      for (let index = 0; index < count; index++) written += view().getUint32(at + index * 8 + 4, true);
      view().setUint32(writtenAt, written, true);
      return 0;
    },
    proc_exit: (code: number) => {
      throw new Error(`the parser ended itself with ${code}`);
    },
  };
}
