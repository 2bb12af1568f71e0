/**
 * Resources for the promises of one origin (the `new Promise` of a line, `fetch`). Two tasks that
 * wait at the same time for two of these promises must not seem to wait for one thing.
 *
 * A promise holds a resource from its first wait until it is settled. A promise that is settled
 * when it is awaited needs none of its own. So an origin has as many resources as its promises were
 * ever awaited at once, however many were made, and no wait costs a record more.
 *
 *   await p1 ─ acquires 11 ───────── settled, releases 11
 *        await p2 ─ acquires 12 ─────────── settled, releases 12      await p3 ─ acquires 12
 *
 * The pool has a bound: beyond it, promises share one resource that tells only their origin.
 */
import { KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';

const MAX_RESOURCES = 1000;

export class ResourcePool {
  readonly #recorder: Recorder;
  readonly #kind: number;
  readonly #site: number;
  readonly #name: number;
  /**
   * The resource of promises that are already settled when awaited, and of those beyond the bound.
   */
  readonly shared: number;
  readonly #free: number[] = [];
  #madeCount = 1;

  /**
   * @param kind one of RESOURCE_KIND
   * @param site id of the site at which the promises are made, or 0
   * @param name id of a text, shared by all resources of the pool
   */
  constructor(recorder: Recorder, kind: number, site: number, name: number) {
    this.#recorder = recorder;
    this.#kind = kind;
    this.#site = site;
    this.#name = name;
    this.shared = this.#make();
    this.#free[0] = this.shared;
  }

  /** A resource for one awaited promise, until `release`. */
  acquire(): number {
    const { length } = this.#free;
    if (length > 0) {
      const free = this.#free[length - 1]!;
      this.#free.length = length - 1;
      return free;
    }
    if (this.#madeCount >= MAX_RESOURCES) return this.shared;
    this.#madeCount++;
    return this.#make();
  }

  release(resource: number): void {
    // At the bound, several promises may hold the shared one.
    if (resource !== this.shared || this.#madeCount < MAX_RESOURCES) this.#free[this.#free.length] = resource;
  }

  #make(): number {
    const id = this.#recorder.nextId();
    this.#recorder.write(KIND.resourceBegin, this.#kind, 0, id, this.#site, this.#name, 0);
    return id;
  }
}
