/**
 * Node's modules that a text names, before it is compiled: what is to be watched in them is watched
 * when the first text names them. Loading them for every program would cost 20 ms.
 */
import { syncBuiltinESMExports } from 'node:module';

/** By name, what is done once; what was done is taken out. */
const waiting = new Map<string, (() => void)[]>();

/** @param onNamed called once, before the first text that names the module runs */
export function whenNamed(name: string, onNamed: () => void): void {
  waiting.set(name, [...(waiting.get(name) ?? []), onNamed]);
}

export function noteNamedModules(text: unknown): void {
  if (waiting.size === 0) return;
  if (typeof text !== 'string' && !(text instanceof Uint8Array)) return;
  const source = typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  for (const [name, onNamed] of waiting) {
    if (!source.includes(name)) continue;
    waiting.delete(name);
    for (const task of onNamed) task();
    syncBuiltinESMExports();
  }
}
