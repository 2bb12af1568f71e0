/** Requests, answers and sockets of which a line of the program's hears that they close. */
import { builtIns } from '../../../recorder/built-ins.ts';

const { apply, matches } = builtIns;
const { add: addWeak, has: hasWeak } = WeakSet.prototype;

const heard = new WeakSet<object>();
/** Of requests and answers: the client went. */
const CLOSES = /^(?:close|aborted)$/;

/** Somebody listens, or did. */
export const isHeardToClose = (emitter: object): boolean => apply(hasWeak, heard, [emitter]);

/** The program listens to this event of the emitter. */
export function noteListened(emitter: object, event: string): void {
  if (matches(CLOSES, event) !== null) apply(addWeak, heard, [emitter]);
}
