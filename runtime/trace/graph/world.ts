/** What comes from outside the program: timers, I/O and signals. */
import { RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';

const WORLD_KINDS = numberSet(RESOURCE_KIND, 'timer', 'io', 'signal');

/** @param resource index; −1: none */
export function isWorld(trace: Trace, resource: number): boolean {
  const info = trace.resources[resource];
  return info !== undefined && WORLD_KINDS.has(info.kind);
}

/** "setTimeout 60 ms" comes after 60 ms at the earliest; 0: its name tells no time. */
export function timerNs(trace: Trace, resource: number): number {
  const ms = / (\d+(?:\.\d+)?) ms$/.exec(trace.resources[resource]?.name ?? '')?.[1];
  return ms === undefined ? 0 : Number(ms) * 1e6;
}
