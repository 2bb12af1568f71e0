/** What the examples use of Node's own modules, for an editor that has no @types/node beside them. */
declare module 'node:timers/promises' {
  export function setTimeout<T = void>(delayMs?: number, value?: T): Promise<T>;
}
