/**
 * What the library writes into the trace of its thread. Every call stands behind `traced`, a constant of the module: untraced it costs nothing.
 */
import { findBridge } from '../../recorder/library-bridge.ts';

export const bridge = findBridge();
export const { recorder } = bridge;
export const traced: boolean = recorder.on;
export const { builtIns } = bridge;

/** Where the user's code stands, as the instrument said just before; said once. */
export function takeSite(): number {
  const { site } = bridge;
  bridge.site = 0;
  return site;
}
