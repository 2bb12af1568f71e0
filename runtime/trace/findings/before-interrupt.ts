/**
 * What was found when Ctrl-C reached the program. Python raises KeyboardInterrupt where the program
 * waits: what it waited for goes unseen, and its clean-up looks like work. So the rules are asked
 * before the interrupt shows any effect; and if the process ended by it, that is what they say.
 */
import type { Observer } from '../fold/observer.ts';
import { PROCESS_END, numberSet } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import type { Finding } from './finding.ts';

const SIGINT = 2;
const ENDS = numberSet(PROCESS_END, 'exit', 'uncaught');
/** What ended so soon after an interrupt ended by it. */
const MAX_AFTER_NS = 3e9;
/** Further interrupts tell of the program's way to its end. */
const MAX_ASKED = 2;

interface Interrupt {
  readonly process: number;
  readonly t: number;
  readonly findings: readonly Finding[];
}

export class BeforeInterrupt implements Observer {
  readonly #trace: Trace;
  readonly #ask: () => Finding[];
  readonly #interrupts: Interrupt[] = [];

  /** @param ask what the rules find as of now */
  constructor(trace: Trace, ask: () => Finding[]) {
    this.#trace = trace;
    this.#ask = ask;
  }

  processInterrupted(process: number, t: number): void {
    const asked = this.#interrupts.filter((interrupt) => interrupt.process === process).length;
    if (asked < MAX_ASKED) this.#interrupts.push({ process, t, findings: this.#ask() });
  }

  /** The findings with those of before the interrupt, where a process ended by it. */
  merge(findings: readonly Finding[]): Finding[] {
    const deadly = this.#interrupts.find((interrupt) => this.#endedByIt(interrupt));
    if (deadly === undefined) return [...findings];
    const isSame = (a: Finding, b: Finding): boolean => a.rule === b.rule && a.tasks[0] === b.tasks[0];
    const others = findings.filter(
      (finding) => finding.t <= deadly.t && !deadly.findings.some((before) => isSame(before, finding)),
    );
    return [...deadly.findings, ...others];
  }

  /**
   * By the signal, or by what it did to the interpreter's shutdown, or to the program's clean-up.
   */
  #endedByIt({ process, t }: Interrupt): boolean {
    const { endKind, endNs, signal } = this.#trace.processes[process]!;
    if (endKind === PROCESS_END.signal) return signal === SIGINT;
    return ENDS.has(endKind) && endNs !== null && endNs - t < MAX_AFTER_NS;
  }
}
