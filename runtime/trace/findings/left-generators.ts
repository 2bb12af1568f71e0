/**
 * Async generators that stand at a `yield` though nobody will ask them for more: whoever asked them
 * has ended. Their `finally` does not run, and what they took they keep. Refuted by somebody who
 * was handed the generator and asks it later; so it is said only where nothing happens any more.
 */
import { ACTIVATION_KIND, LANGUAGE, SITE_ROLE } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';

/** In Node: of Python's the agent tells itself (python-ends.ts). */
export function isLeftGenerator({ tasks, sites, processes }: Trace, task: number): boolean {
  const by = tasks.parent[task]!;
  return (
    tasks.kind[task] === ACTIVATION_KIND['async-generator'] &&
    processes[tasks.process[task]!]!.language === LANGUAGE.node &&
    tasks.state[task] === State.wait &&
    sites[tasks.waitSite[task]!]?.role === SITE_ROLE.yield &&
    by >= 0 &&
    tasks.state[by] === State.ended
  );
}
