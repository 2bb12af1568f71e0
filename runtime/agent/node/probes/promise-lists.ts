/**
 * An `await` came back with a list of promises that async functions of the program's made: it does
 * not wait for what is in a list. If all of those are settled when the process ends, and nobody has
 * reacted to any of them, by an `await`, a `.then` or a group, that is told.
 */
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { NO_PROMISE_INFO, type PromiseInfo } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import type { ThreadContext } from './thread-context.ts';

const { getOwnPropertyDescriptor, isArray, min } = builtIns;

/** So many of a list are looked at. */
const MAX_LOOKED_AT = 8;
const MAX_LISTS = 64;

interface List {
  readonly infos: readonly PromiseInfo[];
  readonly site: number;
  readonly task: number;
  readonly length: number;
}

export class PromiseLists {
  readonly #thread: Pick<ThreadContext, 'recorder' | 'sites'>;
  readonly #watched = new SafeMap<PromiseInfo, true>();
  #lists: List[] = [];
  /** There is one. */
  isWatching = false;

  constructor(thread: Pick<ThreadContext, 'recorder' | 'sites'>) {
    this.#thread = thread;
  }

  /** The task's await at a site came back with this. */
  noteGiven(value: unknown, site: number, task: number): void {
    if (!isArray(value) || this.#lists.length >= MAX_LISTS || types.isProxy(value)) return;
    const { length } = value;
    if (length === 0) return;
    const infos: PromiseInfo[] = [];
    for (let i = 0; i < min(length, MAX_LOOKED_AT); i++) {
      const element: unknown = getOwnPropertyDescriptor(value, i)?.value;
      const info = typeof element === 'object' && element !== null ? promiseInfoOf(element) : undefined;
      if (info === undefined || !isLeft(info) || info.settler !== 0) return;
      infos[i] = info;
    }
    if (this.#watched.get(infos[0]!) === true) return;
    for (let i = 0; i < infos.length; i++) this.#watched.set(infos[i]!, true);
    this.#lists[this.#lists.length] = { infos, site, task, length };
    this.isWatching = true;
  }

  /** Somebody awaits the promise. */
  noteAwaited(info: PromiseInfo): void {
    this.#watched.delete(info);
  }

  /** Nothing happens: what somebody has reacted to is let go. The rest may be awaited yet. */
  prune(): void {
    const kept: List[] = [];
    for (let i = 0; i < this.#lists.length; i++) {
      const list = this.#lists[i]!;
      if (this.#isLeft(list)) kept[kept.length] = list;
      else for (let j = 0; j < list.infos.length; j++) this.#watched.delete(list.infos[j]!);
    }
    this.#lists = kept;
    this.isWatching = kept.length > 0;
  }

  /** The process ends: nobody will react any more. */
  end(): void {
    this.prune();
    for (let i = 0; i < this.#lists.length; i++) {
      const { infos } = this.#lists[i]!;
      let areSettled = true;
      for (let j = 0; j < infos.length; j++) if (infos[j]!.settler === 0) areSettled = false;
      if (areSettled) this.#tell(this.#lists[i]!);
    }
  }

  #isLeft({ infos }: List): boolean {
    for (let j = 0; j < infos.length; j++)
      if (!isLeft(infos[j]!) || this.#watched.get(infos[j]!) !== true) return false;
    return true;
  }

  #tell({ site, task, length }: List): void {
    const { recorder, sites } = this.#thread;
    sites.waitFlags(site);
    recorder.write(KIND.fact, FACT['list-of-promises'], task, site, 0, 0, length);
  }
}

/** An async function's, and nothing but an `await` can have reacted to it. */
const isLeft = (info: PromiseInfo): boolean =>
  info !== NO_PROMISE_INFO && info.owner !== null && !info.isTaken;
