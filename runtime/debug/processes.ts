/** The processes of a recording that have a session each. */
import { printable } from '../trace/format/printable.ts';
import type { Trace } from '../trace/model/trace.ts';

export interface SessionProcess {
  /** In the trace. */
  readonly index: number;
  readonly name: string;
}

/** Those that recorded a task, the first one first. */
export function processesOf({ processes, tasks }: Trace): SessionProcess[] {
  const seen = new Set<number>();
  for (let task = 0; task < tasks.count && seen.size < processes.length; task++)
    seen.add(tasks.process[task]!);
  return processes
    .filter(({ index }) => seen.has(index))
    .sort((a, b) => a.startNs - b.startNs)
    .map(({ index, pid, argv }) => ({ index, name: `${scriptOf(argv)} (${pid})` }));
}

/** "worker.mjs" of "/usr/bin/node\n/home/me/worker.mjs": the first word that is a file of code. */
function scriptOf(argv: string): string {
  const words = argv.split('\n');
  const script = words.slice(1).find((word) => /\.[mc]?[jt]sx?$/.test(word)) ?? words[1] ?? words[0] ?? '';
  return printable(script.split(/[\\/]/).at(-1) ?? '') || 'process';
}
