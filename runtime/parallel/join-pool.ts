/** The wait for the end of a pool's workers. */
import { Future } from '../tasks/future.ts';
import { reason } from '../tasks/trace.ts';

const WAITS_FOR_JOIN = reason('join');

export class Joining extends Future<void> {
  readonly #pool: number;
  constructor(pool: number) {
    super();
    this.#pool = pool;
  }
  override waitReason(): number {
    return WAITS_FOR_JOIN;
  }
  override waitTarget(): number {
    return this.#pool;
  }
  override describe(): string {
    return 'the join of a pool';
  }
}
