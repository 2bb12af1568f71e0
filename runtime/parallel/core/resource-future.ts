/**
 * A future that waits for a resource of the trace: a pool's result, the end of a thread, a lock.
 * It only knows what is waited for; its maker settles it.
 */
import { Future } from '../../tasks/core/future.ts';

export class ResourceFuture<T> extends Future<T> {
  readonly #reason: number;
  readonly #target: number;
  readonly #description: string;

  /**
   * @param reason of REASON: why a task waits for it.
   * @param target the resource's id in the trace; 0 untraced.
   * @param description for messages: `the join of thread "doubler"`.
   */
  constructor(reason: number, target: number, description: string) {
    super();
    this.#reason = reason;
    this.#target = target;
    this.#description = description;
  }

  override waitReason(): number {
    return this.#reason;
  }

  override waitTarget(): number {
    return this.#target;
  }

  override describe(): string {
    return this.#description;
  }
}
