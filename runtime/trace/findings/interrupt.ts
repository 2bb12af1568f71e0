/** Who asked a process to end, from outside. */
import { FACT, PROCESS_END } from '../format/kinds.ts';
import type { Process, Trace } from '../model/trace.ts';

/** Signals by which somebody ends a program that does not end. */
const INTERRUPTS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  15: 'SIGTERM',
};
const INTERRUPT_NAMES: ReadonlySet<string> = new Set(Object.values(INTERRUPTS));

export interface Interrupt {
  readonly t: number;
  /** "SIGINT" */
  readonly signal: string;
}

/** The last signal to the process: what ended it, or one that it listened to; null: none came. */
export function interruptOf(trace: Trace, process: Process): Interrupt | null {
  const { endKind, endSite, endNs, signal } = process;
  const asked = trace.facts.findLast(
    (fact) => fact.what === FACT.signal && fact.process === process.index && INTERRUPT_NAMES.has(fact.text),
  );
  const name = INTERRUPTS[signal ?? 0];
  if (endKind === PROCESS_END.signal && endSite < 0 && name !== undefined && endNs !== null)
    return { t: endNs, signal: name };
  return asked === undefined ? null : { t: asked.t, signal: asked.text };
}
