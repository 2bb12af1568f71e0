/**
 * The machines of a trace that was put together from several. Their clocks were aligned: what
 * happened on two of them is known to be in an order only where it lies further apart than both
 * clocks are uncertain.
 */

/** More are one with the last. */
const MAX_MACHINES = 1024;
/** The pids of a machine's processes begin here: no system has so many. */
const PIDS = 2 ** 32;

export interface Machine {
  readonly name: string;
  /** How far its clock may be off, against that of the first; Infinity: nothing bounds it. */
  readonly uncertaintyNs: number;
}

export const machineBase = (machine: number): number => machine * PIDS;

/** The pid as the machine's own system knows it. */
export const systemPid = (pid: number): number => pid % PIDS;

export class Machines {
  readonly #known = new Map<number, Machine>();

  /** @param text "host|400000" @returns the machine's number */
  add(number: number, text: string): number {
    const machine = Math.min(number, MAX_MACHINES - 1);
    const [name = '', ns = ''] = text.split('|');
    const uncertaintyNs = /^\d+$/.test(ns) ? Number(ns) : Number.POSITIVE_INFINITY;
    if (!this.#known.has(machine)) this.#known.set(machine, { name, uncertaintyNs });
    return machine;
  }

  get count(): number {
    return this.#known.size;
  }

  /** Null: the trace is of one machine, and nothing tells its name. */
  get(machine: number): Machine | null {
    return this.#known.get(machine) ?? null;
  }

  /** How far the times of two machines may be off against each other, ns. */
  uncertaintyNs(a: number, b: number): number {
    if (a === b) return 0;
    return (this.get(a)?.uncertaintyNs ?? 0) + (this.get(b)?.uncertaintyNs ?? 0);
  }
}
