/**
 * Who has the connections of a client, and who waits for one, from the requests' own records: the
 * rules connection-pool-full and unread-response read it.
 *
 * Requests are told apart by the task that made them and the line. They are put together by their
 * *place*: where that task waits for the answer, or else the line, and the name of its row.
 */
import type { Observer, ResourceUse } from '../fold/observer.ts';
import { RESOURCE_KIND, USE } from '../format/kinds.ts';
import type { EventId } from '../model/event-id.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';

const MAX_RESOURCES = 1000;
/** Of one resource: further requests are not followed. */
const MAX_REQUESTS = 10_000;
const MAX_PLACES = 100;
/** Of those that have a connection, so many are charged for the waiting of others. */
const MAX_CHARGED = 64;

/** A request that waits for a connection or has one. */
export interface OpenRequest {
  /** The task that made it, a frame maybe; −1: not recorded. */
  readonly by: number;
  /** The call; −1: not recorded. */
  readonly site: number;
  /** Since when it waits or holds. */
  readonly sinceNs: number;
  readonly isUnread: boolean;
  /** Where its answer is waited for, once that was seen; −1: it was not. */
  place: number;
}

/** What became of the requests of functions of one name whose answer is awaited at one line. */
export interface RequestPlace {
  /** −1: not recorded. */
  readonly site: number;
  /** Where the row awaits what waits there; −1: it waits itself, or that was not recorded. */
  readonly calledAt: number;
  /** The row of a request there; −1: none was recorded. */
  readonly row: number;
  /** Those that waited for a connection and got one. */
  readonly waits: number;
  readonly waitNs: number;
  readonly longest: { readonly row: number; readonly ns: number; readonly untilNs: number };
  /** The records of which the longest ended. */
  readonly event: EventId | null;
  /** Those that gave one back. */
  readonly holds: number;
  readonly holdNs: number;
  /** How long they had connections while others waited: each of several counts. */
  readonly chargedNs: number;
}

export interface ConnectionUse {
  readonly queued: readonly OpenRequest[];
  readonly holding: readonly OpenRequest[];
  readonly places: Iterable<RequestPlace>;
  /** For how long at least one waited, and all of them together. */
  readonly lineNs: number;
  readonly queueNs: number;
  /** NaN: nobody has waited. */
  readonly firstNs: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type PlaceSoFar = Writable<RequestPlace>;

class UseSoFar implements ConnectionUse {
  queued: OpenRequest[] = [];
  holding: OpenRequest[] = [];
  lineNs = 0;
  queueNs = 0;
  firstNs = Number.NaN;
  /** Up to when waiting is counted. */
  countedNs = 0;
  readonly byPlace = new Map<string, PlaceSoFar>();

  get places(): Iterable<RequestPlace> {
    return this.byPlace.values();
  }
}

export class ConnectionUses implements Observer {
  protected readonly trace: Trace;
  readonly #uses = new Map<number, UseSoFar>();

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** By resource, as of the records folded so far. */
  uses(): Iterable<readonly [resource: number, use: ConnectionUse]> {
    return this.#uses;
  }

  resourceUsed({ useKind, resource, by, site, t }: ResourceUse): void {
    const info = this.trace.resources[resource];
    if (info?.kind !== RESOURCE_KIND.connections) return;
    let use = this.#uses.get(resource);
    if (use === undefined) {
      if (this.#uses.size >= MAX_RESOURCES) return;
      this.#uses.set(resource, (use = new UseSoFar()));
    }
    this.#count(use, t);
    const request = { by, site, sinceNs: t, isUnread: false, place: -1 };
    if (useKind === USE.queued) {
      if (use.queued.length < MAX_REQUESTS) use.queued.push(request);
      if (Number.isNaN(use.firstNs)) use.firstNs = t;
    } else if (useKind === USE.holds) {
      const waited = take(use.queued, by, site);
      if (waited !== undefined) {
        this.#addWait(use, waited, t);
        request.place = waited.place;
      }
      if (use.holding.length < MAX_REQUESTS) use.holding.push(request);
    } else if (useKind === USE.unread) {
      const held = take(use.holding, by, site);
      if (use.holding.length < MAX_REQUESTS) use.holding.push({ ...request, ...held, isUnread: true });
    } else if (useKind === USE['gave-back']) {
      const held = take(use.holding, by, site);
      if (held === undefined) take(use.queued, by, site);
      else this.#addHold(use, held, t);
    }
  }

  /** Who gave back may be among the records that are missing. */
  recordsLost(): void {
    this.#uses.clear();
  }

  /** Where the request's answer is waited for: at the call, if the task was not seen to wait. */
  #placeOf(request: OpenRequest): number {
    const { by, site, place } = request;
    if (by < 0 || place >= 0) return by < 0 ? site : place;
    const { state, waitSite, leaf } = this.trace.tasks;
    const at = [by, leaf[this.trace.rowOf(by)]!].find((each) => state[each] === State.wait);
    if (at !== undefined) request.place = waitSite[at]!;
    return request.place >= 0 ? request.place : site;
  }

  #count(use: UseSoFar, t: number): void {
    const ns = Math.max(0, t - use.countedNs);
    if (use.queued.length > 0 && ns > 0) {
      use.lineNs += ns;
      use.queueNs += ns * use.queued.length;
      for (const request of use.holding.slice(0, MAX_CHARGED)) {
        const place = this.#at(use, request);
        if (place !== null) place.chargedNs += ns;
      }
    }
    use.countedNs = t;
  }

  #addWait(use: UseSoFar, request: OpenRequest, t: number): void {
    const place = this.#at(use, request);
    if (place === null) return;
    const ns = t - request.sinceNs;
    place.waits++;
    place.waitNs += ns;
    if (ns <= place.longest.ns) return;
    place.longest = { row: place.row, ns, untilNs: t };
    const process = request.by < 0 ? -1 : this.trace.tasks.process[request.by]!;
    place.event = process < 0 ? null : { process, number: this.trace.recordNumber };
  }

  #addHold(use: UseSoFar, request: OpenRequest, t: number): void {
    const place = this.#at(use, request);
    if (place === null) return;
    place.holds++;
    place.holdNs += t - request.sinceNs;
  }

  /** Null: there are too many. */
  #at(use: UseSoFar, request: OpenRequest): PlaceSoFar | null {
    const site = this.#placeOf(request);
    const row = request.by < 0 ? -1 : this.trace.rowOf(request.by);
    // One line may make the requests of all.
    const key = `${site} ${row < 0 ? '' : this.trace.nameOf(row)}`;
    let place = use.byPlace.get(key) ?? null;
    if (place === null && use.byPlace.size < MAX_PLACES) {
      const longest = { row, ns: 0, untilNs: 0 };
      const sums = { waits: 0, waitNs: 0, holds: 0, holdNs: 0, chargedNs: 0 };
      place = { site, calledAt: -1, row, longest, event: null, ...sums };
      use.byPlace.set(key, place);
    }
    if (place === null) return null;
    place.row = row;
    const { frameOf, waitSite } = this.trace.tasks;
    if (row >= 0 && frameOf[request.by]! >= 0 && request.place >= 0) place.calledAt = waitSite[row]!;
    return place;
  }
}

/** The first such request, which is taken out. */
function take(requests: OpenRequest[], by: number, site: number): OpenRequest | undefined {
  const at = requests.findIndex((each) => each.by === by && each.site === site);
  return at < 0 ? undefined : requests.splice(at, 1)[0];
}
