/** The parts of Node's modules that the examples use, for an editor without @types/node. */
declare module 'node:timers/promises' {
  export function setTimeout<T = void>(delayMs?: number, value?: T): Promise<T>;
}
