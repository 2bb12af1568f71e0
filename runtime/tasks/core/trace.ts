/**
 * The library's way into the trace of its thread. Every record is written behind `traced`, a
 * constant of the module: untraced it costs nothing.
 */
import { findBridge } from '../../recorder/library-bridge.ts';
import { KIND, RESOURCE_KIND } from '../../trace/format/kinds.ts';

export const bridge = findBridge();
export const { recorder } = bridge;
export const traced: boolean = recorder.on;
export const { builtIns } = bridge;

/** The time in ms. Fake timers replace it; it is taken with the timers, so both are real. */
export const realNowMs: () => number = performance.now.bind(performance);

/** The site of the user's call, which the instrument set just before; 0 when it is not known. */
export function takeSite(): number {
  const { site } = bridge;
  bridge.site = 0;
  return site;
}

/** Traced: a future that a user made at a known line. @returns its id. */
export function recordFuture(): number {
  const id = recorder.nextId();
  const maker = bridge.currentId();
  recorder.write(KIND.resourceBegin, RESOURCE_KIND.future, maker, id, takeSite(), 0, 0);
  return id;
}
