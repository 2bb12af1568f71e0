/**
 * Promises that an AbortSignal may settle instead of what they stand for. V8 reports no cause when
 * Node's `sleep(ms, value, { signal })` settles its promise: that the timer came is then known only
 * if the signal was not aborted.
 */
import { types } from 'node:util';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { PromiseInfo } from './activation.ts';

const { apply, getOwnPropertyDescriptor, getWeak, setWeak } = builtIns;

const signals = new WeakMap<PromiseInfo, object>();
/** Node's own: it runs no code of the program's, and throws for what is no signal of Node's. */
const isAborted = getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get;

/** @param options as the program gave them to Node; none of its code is run. */
export function noteSignal(info: PromiseInfo, options: unknown): void {
  if (typeof options !== 'object' || options === null || types.isProxy(options)) return;
  const signal: unknown = getOwnPropertyDescriptor(options, 'signal')?.value;
  if (typeof signal === 'object' && signal !== null) setWeak(signals, info, signal);
}

/** Whether a signal that it was made with is aborted. */
export function wasAborted(info: PromiseInfo): boolean {
  const signal = getWeak(signals, info);
  return signal !== undefined && isSignalAborted(signal);
}

/** False also of what is no signal of Node's. */
export function isSignalAborted(signal: object): boolean {
  if (isAborted === undefined) return false;
  try {
    return apply(isAborted, signal, []) === true;
  } catch {
    return false;
  }
}
