/** Event targets, AbortSignals among them, to which somebody listens, or ever did. */
import { builtIns } from '../../../recorder/built-ins.ts';

const { apply } = builtIns;
const { add: addWeak, has: hasWeak } = WeakSet.prototype;

const heard = new WeakSet<object>();

export const isHeard = (target: object): boolean => apply(hasWeak, heard, [target]);

export function noteHeard(target: object): void {
  apply(addWeak, heard, [target]);
}
