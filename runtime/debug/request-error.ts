/** A request that cannot be answered, in one sentence: it becomes an error response. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}
