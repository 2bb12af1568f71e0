/**
 * `map` and `filter` do nothing until somebody iterates what they gave. Who forgets that, or awaits
 * it as if it were a list, is told when the program has nothing left to do. After Python's warning
 * of a coroutine that was never awaited.
 */
import { type KeptLine, keepLine } from '../core/kept-line.ts';
import { describeOrigin } from '../core/unhandled.ts';

/** One call whose values nobody has asked for yet. */
export interface LazyCall {
  readonly caller: string;
  readonly line: KeptLine | null;
}

/** Calls that are remembered at most: a program that forgets more is told of these. */
const MAX_CALLS = 100;

const notIterated = new Set<LazyCall>();
let watchesExit = false;

/** @param below the function whose caller is told. */
export function noteLazyCall(caller: string, below: (...args: never[]) => unknown): LazyCall {
  const call = { caller, line: keepLine(below) };
  if (notIterated.size < MAX_CALLS) notIterated.add(call);
  if (!watchesExit) {
    watchesExit = true;
    process.on('beforeExit', tellNotIterated);
  }
  return call;
}

/** Somebody asks for its first value. */
export function noteIterated(call: LazyCall): void {
  notIterated.delete(call);
}

function tellNotIterated(): void {
  for (const { caller, line } of notIterated)
    process.emitWarning(
      `what ${caller}(), ${describeOrigin(line?.stack)}, gave was never iterated, so its function was never called: iterate it with for await, or write await collect(${caller}(…)) for a list`,
      'SimulWarning',
      'SIMUL_NEVER_ITERATED',
    );
  notIterated.clear();
}
