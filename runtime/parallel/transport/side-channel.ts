/**
 * What a call in a worker tells its parent before its answer: a value for a listener there, by the
 * listener's number. It goes the way of the answers, so it comes before the answer of its call.
 */
/** A value for a listener. */
export interface SideMessage {
  readonly channel: number;
  readonly value: unknown;
}

const listeners = new Map<number, (value: unknown) => void>();
let lastChannel = 0;

/** In the parent. @returns the listener's number, for the worker; and what ends it. */
export function listenToWorkers(listener: (value: unknown) => void): {
  readonly channel: number;
  stop(): void;
} {
  const channel = ++lastChannel;
  listeners.set(channel, listener);
  return { channel, stop: () => void listeners.delete(channel) };
}

/** In the parent: a worker has told something. */
export function hearWorker({ channel, value }: SideMessage): void {
  listeners.get(channel)?.(value);
}
