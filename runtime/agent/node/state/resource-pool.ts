/**
 * Promises of one origin (a line's `new Promise`, `fetch`), told apart while tasks wait for them: two tasks that wait at the same
 * time for two of them must not seem to wait for one thing. A promise that is settled when it is awaited needs no name of
 * its own, and once settled it gives its name back: a place has as many resources as promises of it were ever
 * waited for at once, whatever number is made, and no wait costs a record more.
 *
 *   await p1 ─ takes 11 ──────────── settled, 11 is free
 *        await p2 ─ takes 12 ────────────── settled, 12 is free        await p3 ─ takes 12
 *
 * It has a bound: beyond it, promises share one name that says no more than where they are from.
 */
import { KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';

const MAX_RESOURCES = 1000;

export class ResourcePool {
  readonly #recorder: Recorder;
  readonly #kind: number;
  readonly #site: number;
  readonly #name: number;
  /** What all of them are together: promises that are settled when somebody asks, and what is beyond the bound. */
  readonly shared: number;
  readonly #free: number[] = [];
  #made = 1;

  /**
   * @param kind index in RESOURCE_KINDS.
   * @param name id of a text; all have it: what differs is the id.
   */
  constructor(recorder: Recorder, kind: number, site: number, name: number) {
    this.#recorder = recorder;
    this.#kind = kind;
    this.#site = site;
    this.#name = name;
    this.shared = this.#make();
    this.#free.push(this.shared);
  }

  /** A resource for one promise that somebody waits for, until it is given back. */
  acquire(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made >= MAX_RESOURCES) return this.shared;
    this.#made++;
    return this.#make();
  }

  release(resource: number): void {
    // At the bound, several may hold the first.
    if (resource !== this.shared || this.#made < MAX_RESOURCES) this.#free.push(resource);
  }

  #make(): number {
    const id = this.#recorder.nextId();
    this.#recorder.write(KIND.resourceBegin, this.#kind, 0, id, this.#site, this.#name, 0);
    return id;
  }
}
