/** How a task ended, in a word. */

/** A generator whose consumer wants no more of it is closed; nobody asked it to stop its work. */
const CLOSABLE: ReadonlySet<string> = new Set(['generator', 'coroutine']);

/**
 * @param kind as in ACTIVATION_KINDS
 * @param outcome as in OUTCOMES
 */
export function outcomeWord(kind: string, outcome: string): string {
  return outcome === 'cancelled' && CLOSABLE.has(kind) ? 'closed' : outcome;
}
