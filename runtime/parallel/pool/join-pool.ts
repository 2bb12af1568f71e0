/** The wait for the end of a pool's workers. */
import { REASON } from '../../trace/format/kinds.ts';
import { Future } from '../../tasks/core/future.ts';

const WAITS_FOR_JOIN = REASON.join;

export class PoolJoin extends Future<void> {
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
