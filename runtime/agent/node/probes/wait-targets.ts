/**
 * The resource of a promise that belongs to no activation: the place of its `new Promise`, the
 * function of Node that made it, or what its chain of reactions begins with. Promises of one origin
 * are told apart only while they are awaited (`state/resource-pool.ts`).
 */
import { RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { SafeMap } from '../../../recorder/built-ins.ts';
import type { PromiseInfo } from '../state/activation.ts';
import { ResourcePool } from '../state/resource-pool.ts';
import type { ThreadContext } from './thread-context.ts';
import { createReceivers, type Receivers } from './receivers.ts';

const RESOURCE_PROMISE = RESOURCE_KIND.promise;

/** A longer chain of `.then` stays unnamed: the work at an `await` has a bound. */
const MAX_REACTIONS = 8;

export interface WaitTargets {
  /**
   * The resource of a promise, for as long as it is not settled; after that, its pool's shared one.
   */
  pooledResourceOf(info: PromiseInfo, pool: ResourcePool): number;
  /** The pool of the promises that are made at one site of the user's code. */
  poolOfSite(site: number): ResourcePool;
  /** What a chain of reactions (`.then`) begins with, if that is not settled; else 0. */
  originOf(info: PromiseInfo): number;
  readonly receivers: Receivers;
}

export function waitTargets(context: ThreadContext): WaitTargets {
  const { recorder, sites } = context;
  const poolsBySite = new SafeMap<number, ResourcePool>();

  function poolOfSite(site: number): ResourcePool {
    const known = poolsBySite.get(site);
    if (known !== undefined) return known;
    const name = recorder.defineText(`made at ${sites.place(site)}`);
    const pool = new ResourcePool(recorder, RESOURCE_PROMISE, site, name);
    poolsBySite.set(site, pool);
    return pool;
  }

  function pooledResourceOf(info: PromiseInfo, pool: ResourcePool): number {
    if (info.settler !== 0) return pool.shared;
    if (info.pooledResource === 0) {
      info.pool = pool;
      info.pooledResource = pool.acquire();
    }
    return info.pooledResource;
  }

  function originOf(info: PromiseInfo): number {
    let origin: PromiseInfo | null = info;
    for (let i = 0; i < MAX_REACTIONS && origin !== null; i++, origin = origin.from) {
      if (origin.settler !== 0) return 0;
      if (origin.owner !== null) return origin.owner.id;
      if (origin.resource !== 0) {
        return origin.pool === null ? origin.resource : pooledResourceOf(origin, origin.pool);
      }
      if (origin.site !== 0) return pooledResourceOf(origin, poolOfSite(origin.site));
    }
    return 0;
  }

  return { pooledResourceOf, poolOfSite, originOf, receivers: createReceivers(context, originOf) };
}
