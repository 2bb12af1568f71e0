/**
 * The code that Node compiles where no hook is shown it: of `-e` and `-p`, which is known at once,
 * and of standard input, which Node puts into `process._eval` when it has read all of it.
 */
import tty from 'node:tty';
import { isMainThread } from 'node:worker_threads';

/** A person types, and nothing tells what. */
const TYPED = "'simul'";

/** @returns what ends the watch */
export function watchHiddenCode(onCode: (code: string) => void): () => void {
  if (!isMainThread) return () => {};
  const { _eval: code } = process as { readonly _eval?: unknown };
  if (typeof code === 'string') onCode(code);
  const [, entry] = process.argv;
  if (typeof code === 'string' || (entry !== undefined && entry !== '-')) return () => {};
  if (tty.isatty(0)) {
    onCode(TYPED);
    return () => {};
  }
  const put = (value: unknown): void => {
    Object.defineProperty(process, '_eval', { value, ...PLAIN });
  };
  Object.defineProperty(process, '_eval', {
    configurable: true,
    enumerable: false,
    get: () => undefined,
    set(value: unknown) {
      put(value);
      if (typeof value === 'string') onCode(value);
    },
  });
  return () => {
    const found = Object.getOwnPropertyDescriptor(process, '_eval');
    if (found?.get !== undefined) Reflect.deleteProperty(process, '_eval');
  };
}

const PLAIN = { writable: true, enumerable: true, configurable: true } as const;
