/**
 * Events that come while nobody listens, as they are meant to: who begins to listen later with a
 * plain `on` wants the next ones. Who waits for one wants it all the same.
 */
export const EXPECTED_EVENTS: ReadonlySet<string> = new Set([
  ...['drain', 'pause', 'resume', 'ready', 'lookup', 'prefinish', 'readable', 'error', 'warning'],
  ...['newListener', 'removeListener', 'connectionAttempt', 'secureConnect', 'unhandledRejection'],
]);

/** Of streams and sockets alone; an emitter of the program's says something else by it. */
export const EXPECTED_OF_STREAMS = 'ready';
/** Nobody waits for these, and Node looks at its list of listeners for them. */
export const NEVER_WATCHED: ReadonlySet<string> = new Set(['error', 'newListener', 'removeListener']);
