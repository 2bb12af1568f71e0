/**
 * Who let whom through, from facts alone: places where tasks go on one after another, whatever it
 * is that makes them (a chain of promises, a list of resolvers, a mutex or limiter of a package).
 *
 *   await before … release()     *handed on*: the wait is ended by a task that got through a wait
 *                                at the same place before, once for each time that it did
 *   await serial(() => save(x))  *given away*: what ends the wait began since, as the waiting
 *                                task's own or inside a call of what it asked; before that it
 *                                stood in line
 *
 * A task has its *turn* from then on until it ends the next one's wait, or its own. A wait that the
 * world ends (a timer, I/O), or one task for many (a barrier), is neither.
 */
import type { Observer, ResourceUse } from '../fold/observer.ts';
import { REASON, RESOURCE_KIND, USE, numberSet } from '../format/kinds.ts';
import { resourceOfTarget, State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { CoveredTime } from './covered-time.ts';

/** What is awaited is a promise, or was not recorded: who ended the wait tells the rest. */
const PROMISE_REASONS = numberSet(REASON, '', 'future');
/** Who waits for less was let through at once. */
const MIN_IN_LINE_NS = 100e3;
const MAX_PLACES = 1000;
/** Of one place: further ones that got through are not remembered. */
const MAX_TURNS = 256;
/** What began inside a call, of all places: of older ones the end is not sought. */
const MAX_INSIDE = 1000;
/** Of one place: lines where tasks waited during their turn. */
const MAX_SITES = 100;
/** Of one turn: further ones are left out. */
const MAX_WAITS = 100;
/** How far what waits may lie below what has the turn. */
const MAX_DEPTH = 8;

/** A place where tasks stood in line. */
export interface Place {
  /** The object that was asked, by index; −1: none is known. */
  readonly resource: number;
  /** The function that was given what runs one after another; '': it is not of that form. */
  readonly giver: string;
  /** An await where they stood in line; where it is no resource and has no giver, the only one. */
  readonly site: number;
  /** Waits there of more than a moment. */
  readonly waits: number;
  /** Those that ended as it is told above. */
  readonly inLine: number;
  readonly inLineNs: number;
  readonly turnNs: number;
  /** How long at least one stood in line; at least one had its turn; either. */
  readonly lineTime: CoveredTime;
  readonly turnTime: CoveredTime;
  readonly eitherTime: CoveredTime;
  /** By site in the function that had the turn: how long it waited there, and for what below. */
  readonly waitedAt: ReadonlyMap<number, WaitedAt>;
  readonly longest: { readonly row: number; readonly ns: number };
  readonly firstNs: number;
  readonly lastNs: number;
}

/** How long tasks waited at a site; by the innermost of its calls, the time there. */
export interface WaitedAt {
  readonly ns: number;
  readonly within: ReadonlyMap<number, number>;
}

interface Turn {
  readonly place: PlaceSoFar;
  readonly sinceNs: number;
  /** Waits so far: they count once it is seen that it was a turn. */
  waits?: TurnWait[];
}

interface TurnWait {
  /** In the function that has the turn. */
  readonly site: number;
  /** The innermost one. */
  readonly inner: number;
  readonly ns: number;
}

/** What a waiting task had given away, and began since. */
interface GivenAway extends Turn {
  /** −1: several did, so that it is not known which was waited for. */
  task: number;
}

class PlaceSoFar implements Place {
  readonly resource: number;
  readonly giver: string;
  site: number;
  waits = 0;
  inLine = 0;
  inLineNs = 0;
  turnNs = 0;
  readonly lineTime = new CoveredTime();
  readonly turnTime = new CoveredTime();
  readonly eitherTime = new CoveredTime();
  readonly waitedAt = new Map<number, { ns: number; readonly within: Map<number, number> }>();
  longest = { row: -1, ns: 0 };
  firstNs = Number.NaN;
  lastNs = 0;
  /** By row: turns that nobody was seen to get from it. */
  readonly turns = new Map<number, Turn>();

  constructor(resource: number, giver: string, site: number) {
    this.resource = resource;
    this.giver = giver;
    this.site = site;
  }

  addInLine({ row, site }: EndedWait, startNs: number, endNs: number): void {
    const ns = endNs - startNs;
    // Others may have asked the same before, and stood in no line.
    if (this.inLine === 0 && site >= 0) this.site = site;
    this.inLine++;
    this.inLineNs += ns;
    this.lineTime.add(startNs, endNs);
    this.eitherTime.add(startNs, endNs);
    if (ns > this.longest.ns) this.longest = { row, ns };
    if (!(this.firstNs <= startNs)) this.firstNs = startNs;
  }

  addTurn({ sinceNs: startNs, waits = [] }: Turn, endNs: number): void {
    for (const wait of waits) this.#addWait(wait);
    this.turnNs += endNs - startNs;
    this.turnTime.add(startNs, endNs);
    this.eitherTime.add(startNs, endNs);
    this.lastNs = Math.max(this.lastNs, endNs);
  }

  #addWait({ site, inner, ns }: TurnWait): void {
    let at = this.waitedAt.get(site);
    if (at === undefined) {
      if (this.waitedAt.size >= MAX_SITES) return;
      this.waitedAt.set(site, (at = { ns: 0, within: new Map() }));
    }
    at.ns += ns;
    if (at.within.has(inner) || at.within.size < MAX_SITES)
      at.within.set(inner, (at.within.get(inner) ?? 0) + ns);
  }
}

export class Turns implements Observer {
  readonly #trace: Trace;
  /** By resource, giver or site. */
  readonly #places = new Map<string | number, PlaceSoFar>();
  /** By row or given task: the turn that it got last. */
  readonly #latest = new Map<number, Turn>();
  /** By the frame that waits. */
  readonly #givenAway = new Map<number, GivenAway>();
  /** By task that began inside a call of a resource. */
  readonly #inside = new Map<number, Turn>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** As of the records folded so far. */
  places(): Iterable<Place> {
    return this.#places.values();
  }

  taskBegan(task: number, t: number): void {
    const { parent, state, target, waitSite, sinceNs, reason } = this.#trace.tasks;
    const giver = parent[task]!;
    if (giver < 0 || state[giver] !== State.wait || !PROMISE_REASONS.has(reason[giver]!)) return;
    const before = this.#givenAway.get(giver);
    if (before !== undefined) {
      this.#latest.delete(before.task);
      before.task = -1;
      return;
    }
    if (sinceNs[giver]! > t) return;
    const resource = this.#foreign(resourceOfTarget(target[giver]!));
    const name = resource < 0 ? this.#trace.nameOf(task) : '';
    const key = resource < 0 ? `${this.#trace.tasks.process[task]} ${name}` : -resource - 1;
    const place = this.#placeOf(key, resource, name, waitSite[giver]!);
    if (place === null) return;
    const given = { place, sinceNs: t, task };
    this.#givenAway.set(giver, given);
    this.#latest.set(task, given);
  }

  resourceUsed({ useKind, by, resource, site }: ResourceUse): void {
    if (useKind !== USE.inside || by < 0 || this.#latest.has(by)) return;
    const place = this.#placeOf(-resource - 1, resource, '', site);
    if (place === null) return;
    this.#inside.set(by, { place, sinceNs: this.#trace.tasks.beganNs[by]! });
    if (this.#inside.size > MAX_INSIDE) this.#inside.delete(this.#inside.keys().next().value!);
  }

  taskAbsorbed(task: number, into: number): void {
    const turn = this.#latest.get(task);
    if (turn === undefined || turn.place.turns.get(task) !== turn) return;
    this.#latest.delete(task);
    this.#latest.set(into, turn);
    turn.place.turns.delete(task);
    turn.place.turns.set(into, turn);
  }

  waitEnded(wait: EndedWait): void {
    const { reason, waker, site } = wait;
    if (this.#latest.size + this.#inside.size > 0) this.#noteDuringTurn(wait);
    const given = this.#takeGiven(wait);
    if (given !== null) return addGiven(given, wait);
    if (site < 0 || !PROMISE_REASONS.has(reason)) return;
    // An await of a function's own call is ended by that.
    if (waker >= 0 && waker === taskOfTarget(wait.target)) return;
    this.#passGate(wait);
  }

  /** Who let whom through may be among the records that are missing. */
  recordsLost(): void {
    this.#latest.clear();
    this.#givenAway.clear();
    this.#inside.clear();
    for (const place of this.#places.values()) place.turns.clear();
  }

  /** The turn of what the task had given away, if that ended its wait. */
  #takeGiven({ task, waker, startNs, target }: EndedWait): Turn | null {
    const own = this.#givenAway.get(task);
    if (own !== undefined) {
      this.#givenAway.delete(task);
      if (own.task >= 0) this.#latest.delete(own.task);
    }
    if (waker < 0) return null;
    if (own !== undefined && own.task >= 0 && this.#isOf(waker, own.task)) return own;
    if (this.#inside.size === 0) return null;
    const resource = resourceOfTarget(target);
    const job = this.#find(waker, (at) => {
      const turn = this.#inside.get(at);
      return turn !== undefined && turn.place.resource === resource && turn.sinceNs >= startNs;
    });
    const turn = this.#inside.get(job);
    if (turn !== undefined) this.#inside.delete(job);
    return turn ?? null;
  }

  #passGate(wait: EndedWait): void {
    const { row, waker, target, site, startNs, endNs } = wait;
    const resource = this.#foreign(resourceOfTarget(target));
    const key = resource < 0 ? site : -resource - 1;
    const isLong = endNs - startNs >= MIN_IN_LINE_NS;
    const place =
      this.#places.get(key) ?? (isLong && waker >= 0 ? this.#placeOf(key, resource, '', site) : null);
    if (place === null) return;
    if (isLong) place.waits++;
    const wakerRow = waker < 0 ? -1 : this.#trace.rowOf(waker);
    const before = wakerRow < 0 || wakerRow === row ? undefined : place.turns.get(wakerRow);
    if (before !== undefined && isLong) {
      place.turns.delete(wakerRow);
      if (this.#latest.get(wakerRow) === before) this.#latest.delete(wakerRow);
      place.addInLine(wait, startNs, endNs);
      place.addTurn(before, endNs);
    }
    this.#beginTurn(place, row, endNs);
  }

  #beginTurn(place: PlaceSoFar, row: number, sinceNs: number): void {
    const turn = { place, sinceNs };
    // The newest is the last of the map, so that the oldest goes first.
    place.turns.delete(row);
    place.turns.set(row, turn);
    this.#latest.set(row, turn);
    if (place.turns.size <= MAX_TURNS) return;
    const [oldest, dropped] = place.turns.entries().next().value!;
    place.turns.delete(oldest);
    if (this.#latest.get(oldest) === dropped) this.#latest.delete(oldest);
  }

  /** A wait of the task that has its turn, or of one that it awaits or began. */
  #noteDuringTurn({ task, site, target, startNs, endNs }: EndedWait): void {
    if (site < 0) return;
    const holder = this.#find(task, (at) => this.#latest.has(at) || this.#inside.has(at));
    const turn = this.#latest.get(holder) ?? this.#inside.get(holder);
    if (turn === undefined || turn.place.site === site) return;
    const { resource } = turn.place;
    if (resource >= 0 && resourceOfTarget(target) === resource) return;
    const waits = (turn.waits ??= []);
    if (waits.length < MAX_WAITS)
      waits.push({ site: this.#siteOf(holder, task, site), inner: site, ns: endNs - startNs });
  }

  /** Where the holder waits, if it awaits the task by way of frames; else the site of the task. */
  #siteOf(holder: number, task: number, site: number): number {
    const { frameOf, waitSite } = this.#trace.tasks;
    let at = task;
    for (let i = 0; at >= 0 && at !== holder && i < MAX_DEPTH; i++) at = frameOf[at]!;
    return at === holder && at !== task && waitSite[holder]! >= 0 ? waitSite[holder]! : site;
  }

  #isOf(task: number, ancestor: number): boolean {
    return this.#find(task, (at) => at === ancestor) >= 0;
  }

  /** The nearest of the task, those that await it and those that began it; −1: none. */
  #find(task: number, matches: (at: number) => boolean): number {
    const { frameOf, parent } = this.#trace.tasks;
    for (let at = task, i = 0; at >= 0 && i < MAX_DEPTH; i++) {
      if (matches(at)) return at;
      at = frameOf[at]! >= 0 ? frameOf[at]! : parent[at]!;
    }
    return -1;
  }

  #foreign(resource: number): number {
    return resource >= 0 && this.#trace.resources[resource]?.kind === RESOURCE_KIND.foreign ? resource : -1;
  }

  #placeOf(key: string | number, resource: number, giver: string, site: number): PlaceSoFar | null {
    let place = this.#places.get(key) ?? null;
    if (place === null && this.#places.size < MAX_PLACES) {
      place = new PlaceSoFar(resource, giver, site);
      this.#places.set(key, place);
    }
    return place;
  }
}

function addGiven(turn: Turn, wait: EndedWait): void {
  const { place, sinceNs } = turn;
  const { startNs, endNs } = wait;
  place.waits++;
  place.addInLine(wait, Math.min(startNs, sinceNs), sinceNs);
  place.addTurn(turn, endNs);
}
