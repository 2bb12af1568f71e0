/** Time and callbacks, as the parts of the worker ask for them. main.ts provides the real ones. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `run` at the next frame; a hidden page has none. */
  atNextFrame(run: () => void): void;
  /** Calls `run` after `ms` milliseconds. @returns a function that cancels the call. */
  after(ms: number, run: () => void): () => void;
}
