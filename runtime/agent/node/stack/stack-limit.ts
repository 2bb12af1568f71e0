/**
 * How many frames V8 notes of a stack (`Error.stackTraceLimit`). A program may have frozen the
 * property, removed it or made it an accessor; then it stays as it is, and so do the stacks.
 */
const { getOwnPropertyDescriptor } = Reflect;
const NativeError = Error;

/** The program's own limit, while another holds; null: it cannot be changed unnoticed. */
export type FormerLimit = { readonly limit: unknown } | null;

/** `restoreStackLimit` undoes it, on every way out. */
export function changeStackLimit(frames: number): FormerLimit {
  const former = writableLimit();
  if (former !== null) NativeError.stackTraceLimit = frames;
  return former;
}

/** Makes room for a frame of ours below the program's. */
export function raiseStackLimit(): FormerLimit {
  const former = writableLimit();
  if (former === null || typeof former.limit !== 'number') return null;
  NativeError.stackTraceLimit = former.limit + 1;
  return former;
}

export function restoreStackLimit(former: FormerLimit): void {
  if (former !== null && writableLimit() !== null) NativeError.stackTraceLimit = former.limit as number;
}

function writableLimit(): FormerLimit {
  const limit = getOwnPropertyDescriptor(NativeError, 'stackTraceLimit');
  return limit?.writable === true ? { limit: limit.value } : null;
}
