/**
 * Collects garbage, for what only that can prove. Node has no call for it: V8 puts one into a realm
 * that is made while its flag stands. The program's own realm is as it was.
 */
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

const { runInNewContext } = vm;
let collect: (() => void) | null | undefined;

/** Takes some ms, and more in a large heap. @returns whether it could */
export function collectGarbage(): boolean {
  if (collect === undefined) collect = takeCollector();
  collect?.();
  return collect !== null;
}

function takeCollector(): (() => void) | null {
  const isExposed = 'gc' in globalThis;
  try {
    if (!isExposed) setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('typeof gc==="function"?gc:null');
    return typeof gc === 'function' ? (gc as () => void) : null;
  } catch {
    return null;
  } finally {
    if (!isExposed) setFlagsFromString('--no-expose-gc');
  }
}
