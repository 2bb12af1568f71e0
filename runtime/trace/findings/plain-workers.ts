/**
 * Worker threads to which a program deals out its work by messages: when each was at work. A worker
 * is at work while it owes an answer; one that is sent nothing, from its start to its last message.
 * How many answers a message gets is the program's own business: one that is not owed lengthens the
 * work before it.
 */
import type { ResourceUse } from '../fold/observer.ts';
import { LINK_KIND, LINK_WAY, RESOURCE_KIND } from '../format/kinds.ts';
import type { EventId } from '../model/event-id.ts';
import type { Link } from '../model/link.ts';
import type { LinkEnd } from '../model/links.ts';
import type { Trace } from '../model/trace.ts';
import type { BusyInterval } from './worker-activity.ts';

/** A worker keeps so many stretches of work; what comes later lengthens the last. */
const MAX_STRETCHES = 4096;
/** So many parts may wait for their answer. */
const MAX_OWED = 65_536;

export class PlainWorker {
  readonly resource: number;
  /** Messages that it was sent. */
  parts = 0;
  answers = 0;
  /** The longest time for which it worked on one answer. */
  longestNs = 0;
  /** The activation that sent it the last part; −1: none is known. */
  giver = -1;
  /** Where it was sent its parts, as far as was looked: how often at each line. */
  readonly #sites = new Map<number, number>();
  firstPart: EventId | null = null;
  lastAnswer: EventId | null = null;
  /** Parts without an answer yet, the oldest first. */
  readonly #owed: Link[] = [];
  /** When the last answer was given, or the worker began. */
  #sinceNs: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(resource: number, beganNs: number) {
    this.resource = resource;
    this.#sinceNs = beganNs;
  }

  /** The line at which it was sent most of its parts; −1: not recorded. */
  get site(): number {
    const [most] = [...this.#sites].sort(([, a], [, b]) => b - a);
    return most?.[0] ?? -1;
  }

  sentAt(site: number): void {
    this.#sites.set(site, (this.#sites.get(site) ?? 0) + 1);
  }

  /** Before its first task it did nothing of the program's. */
  ranFrom(t: number): void {
    if (this.answers === 0) this.#sinceNs = Math.max(this.#sinceNs, t);
  }

  partSent(part: Link): void {
    this.parts++;
    if (this.#owed.length < MAX_OWED) this.#owed.push(part);
  }

  answered(t: number): void {
    this.answers++;
    const part = this.#owed.shift();
    // The way to a worker that still begins is no work.
    const gotNs = part === undefined ? this.#sinceNs : (firstKnown(part.receivedNs, part.sentNs) ?? t);
    const startNs = Math.min(t, Math.max(gotNs, this.#sinceNs));
    const last = this.#ends.length - 1;
    const goesOn = last >= 0 && (part === undefined || startNs <= this.#ends[last]! || last >= MAX_STRETCHES);
    if (goesOn) this.#ends[last] = Math.max(t, this.#ends[last]!);
    else {
      this.#starts.push(startNs);
      this.#ends.push(t);
    }
    if (part !== undefined || this.parts === 0) this.longestNs = Math.max(this.longestNs, t - startNs);
    this.#sinceNs = t;
  }

  /** In the order of time. */
  intervals(): readonly BusyInterval[] {
    return this.#starts.map((start, i) => [start, this.#ends[i]!] as const);
  }
}

const firstKnown = (...times: readonly number[]): number | undefined =>
  times.find((each) => !Number.isNaN(each));

/** Gathers the workers of a trace; shared by the rules on them. */
export class PlainWorkers {
  readonly #trace: Trace;
  readonly #workers = new Map<number, PlainWorker>();
  /** By lane. */
  readonly #firstTaskNs: number[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    this.#firstTaskNs[this.#trace.tasks.lane[task]!] ??= t;
  }

  linkEndRead({ way, kind, t, task, resource }: LinkEnd, link: Link): void {
    if (kind !== LINK_KIND.message || !this.#isWorker(resource)) return;
    const worker = this.#workerOf(resource);
    if (way === LINK_WAY.send) {
      worker.partSent(link);
      worker.giver = task;
      worker.firstPart ??= this.#event(resource);
      return;
    }
    worker.ranFrom(this.#firstTaskNs[link.senderLane] ?? 0);
    worker.answered(link.sentNs <= t ? link.sentNs : t);
    worker.lastAnswer = this.#event(resource);
  }

  resourceUsed({ resource, site }: ResourceUse): void {
    if (!this.#isWorker(resource)) return;
    this.#workerOf(resource).sentAt(site);
  }

  /** Those that one thread of the program began at one line. */
  groups(): readonly (readonly PlainWorker[])[] {
    const groups = new Map<string, PlainWorker[]>();
    for (const worker of this.#workers.values()) {
      const { process, site } = this.#trace.resources[worker.resource]!;
      const key = `${process} ${site}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [worker]);
      else group.push(worker);
    }
    return [...groups.values()];
  }

  #isWorker(resource: number): boolean {
    return this.#trace.resources[resource]?.kind === RESOURCE_KIND.worker;
  }

  #workerOf(resource: number): PlainWorker {
    let worker = this.#workers.get(resource);
    if (worker === undefined) {
      worker = new PlainWorker(resource, this.#trace.resources[resource]!.beganNs);
      this.#workers.set(resource, worker);
    }
    return worker;
  }

  #event(resource: number): EventId {
    return { process: this.#trace.resources[resource]!.process, number: this.#trace.recordNumber };
  }
}
