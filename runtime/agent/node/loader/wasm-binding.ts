/**
 * Loads the parser's or the transformer's WebAssembly build, which is the same program as the native
 * one behind the same interface, for platforms whose native one is not there. It is bundled by itself
 * (dist/agent/parser/wasm.cjs), so that a program whose platform has the native one never reads it.
 *
 * The publisher's own loader is not used: it goes through `node:wasi`, which prints a warning into the
 * user's program. The five system calls that are imported are answered here: no files, no environment,
 * no output. What only the asynchronous interface needs is refused; it is never called.
 */
import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { instantiateNapiModuleSync } from '@emnapi/core';
import { createContext } from '@emnapi/runtime';

/** What the publisher's loader gives it: 256 MB of address space, of which only touched pages cost. */
const initialPages = 4000;
const maximumPages = 65_536;

/** What is used of it; Node's types of this version do not have it, and the DOM's have no place here. */
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

/** `napi_generic_failure`: the caller inside turns it into an error. */
const refuse = (): number => 9;

/** @throws Error when the file is not there or is not such a build. */
export function loadWasm(path: string): unknown {
  const module = new WebAssembly.Module(readFileSync(path));
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
  const { napiModule } = instantiateNapiModuleSync(module, {
    // With a MessageChannel it would listen for the end of the user's process, and be gone before its last file.
    context: createContext({ features: { MessageChannel: undefined } }),
    asyncWorkPoolSize: 0,
    overwriteImports: (imports: Imports) => ({
      ...refusals(module),
      wasi_snapshot_preview1: system(memory),
      napi: { ...imports['napi'] },
      env: {
        ...refusals(module)['env'],
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

function refusals(module: object): Imports {
  const all: Imports = {};
  for (const { module: room, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') (all[room] ??= {})[name] = refuse;
  }
  return all;
}

/** The system calls that the builds import. */
function system(memory: Memory): Imports[string] {
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
    /** Says that all was written, and writes nothing: a panic inside must not print into the user's program. */
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
