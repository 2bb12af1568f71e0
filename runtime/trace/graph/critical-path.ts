/**
 * The critical path: what a moment of a row had to wait for, followed back in time. From a wait's
 * end the walk goes on in the task that ended it, from a task's begin in the one that began it.
 * Only what is left then is a piece: somebody ran, or was ready, or waited for the world.
 *
 *   main     ──run──┐ wait for load                         ┌──run── end
 *   load            └─run─┤ wait for the timer ├─ready─┤run─┘
 *   path      ──run────run─┤ timer              ├─ready─┤run───run──
 *
 * The pieces follow one another without a gap, so they add up to the time that passed.
 */
import { ACTIVATION_KIND, REASON, REASONS } from '../format/kinds.ts';
import type { HeardLink } from '../model/heard.ts';
import { originOf } from '../model/peers.ts';
import { isCallbackFromOutside, settledReason, settledTarget, timerOf } from '../model/settled-reason.ts';
import type { Interval, Span } from '../model/spans.ts';
import { State, resourceOfTarget, targetResource, taskOfTarget, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { latePieces } from './late-pieces.ts';
import type { LinkedAnswer } from './linked-answers.ts';
import type { PathSource } from './path-source.ts';
import type { Piece } from './piece.ts';
import { type SpansAround, SpansBefore } from './row-spans.ts';
import { runPieces } from './run-pieces.ts';

/** Of a longer path the beginning is one `unread` piece. */
const MAX_PIECES = 200_000;

/**
 * From `fromNs` to `toNs` as the row saw it; oldest piece first.
 * @param maxPieces of a longer path the beginning is one piece that was not looked at
 */
export function criticalPath(
  source: PathSource,
  row: number,
  interval: Interval,
  maxPieces = MAX_PIECES,
): Piece[] {
  return new Walk(source, row, interval).pieces(maxPieces);
}

/** Who sent a message, and when; `resource` stands for them where it came. */
interface HeardFrom extends Omit<LinkedAnswer, 'receivedNs'> {
  readonly resource: number;
}

/** Where the walk goes on. */
interface Origin {
  readonly row: number;
  readonly t: number;
}

type Wait = Pick<Piece, 'kind' | 'site' | 'reason' | 'target' | 'spanNs'>;

/** A callback that the world set off ended a wait: before it began, the wait was for the world. */
interface InterruptedWait extends Wait {
  readonly row: number;
  readonly callback: number;
}

class Walk {
  readonly #source: PathSource;
  readonly #trace: Trace;
  readonly #spans: SpansBefore;
  readonly #fromNs: number;
  /** The newest first. */
  readonly #pieces: Piece[] = [];
  #row: number;
  #t: number;
  /** The wait that the callback ended from which the walk comes back. */
  #interrupted: InterruptedWait | null = null;
  /** Rows that the walk came through without going back in time. */
  readonly #here = new Set<number>();

  constructor(source: PathSource, row: number, { fromNs, toNs }: Interval) {
    this.#source = source;
    this.#trace = source.trace;
    this.#spans = new SpansBefore(source.spans);
    this.#row = row;
    this.#fromNs = fromNs;
    this.#t = toNs;
  }

  pieces(maxPieces: number): Piece[] {
    while (this.#t > this.#fromNs) {
      this.#here.add(this.#row);
      if (this.#pieces.length >= maxPieces) this.#addUnread();
      else this.#step();
    }
    return this.#pieces.reverse();
  }

  #step(): void {
    const around = this.#spans.around(this.#row, this.#t);
    if (around === null) {
      this.#leaveBegin();
      return;
    }
    const { span, index } = around;
    switch (span.state) {
      case State.run:
        this.#addRun(span, index);
        return;
      case State.ready:
        this.#addSpan('ready', span, index);
        return;
      case State.paused:
        this.#addSpan('paused', span, index);
        return;
      case State.wait:
        this.#leaveWait(around);
        return;
      default:
        this.#addIdle(span.startNs);
    }
  }

  #addRun({ startNs }: Span, index: number): void {
    const row = this.#row;
    const fromNs = Math.max(this.#fromNs, startNs);
    const site = this.#spans.awaitBefore(row, index);
    const run = { row, site, spanNs: startNs, fromNs, toNs: this.#t };
    this.#pieces.push(...runPieces(this.#trace, this.#spans, run));
    this.#moveTo(fromNs);
  }

  #addSpan(kind: 'ready' | 'paused', { startNs, reason }: Span, index: number): void {
    const site = this.#spans.awaitBefore(this.#row, index);
    this.#add({ kind, site, reason, target: 0, spanNs: startNs }, startNs);
  }

  #addUnread(): void {
    const fromNs = this.#fromNs;
    this.#add({ kind: 'unread', site: -1, reason: 0, target: 0, spanNs: fromNs }, fromNs);
  }

  #addIdle(fromNs: number): void {
    this.#add({ kind: 'idle', site: -1, reason: 0, target: 0, spanNs: fromNs }, fromNs);
  }

  #add(piece: Wait, sinceNs: number): void {
    const fromNs = Math.max(this.#fromNs, sinceNs);
    if (fromNs < this.#t)
      this.#pieces.push({ ...piece, row: this.#row, task: this.#row, fromNs, toNs: this.#t });
    this.#moveTo(fromNs);
  }

  #moveTo(t: number): void {
    if (t < this.#t) this.#here.clear();
    this.#t = t;
  }

  /** Goes on in another row, unless the walk came from there at this very time. */
  #jump(row: number, t: number): boolean {
    if (row < 0 || row === this.#row || (t >= this.#t && this.#here.has(row))) return false;
    this.#moveTo(Math.min(t, this.#t));
    this.#row = row;
    return true;
  }

  // ── waits ──────────────────────────────────────────────────────────────────────────

  #leaveWait({ span, next }: SpansAround): void {
    const { startNs, ref: site } = span;
    const waker = next?.ref ?? -1;
    const isOver = next !== null && this.#t >= span.endNs;
    const target = isOver ? settledTarget(this.#trace, span.target, waker, next.target) : span.target;
    const wakerRow = isOver && waker >= 0 ? this.#trace.rowOf(waker) : -1;
    const timer = isOver && waker >= 0 ? timerOf(this.#trace, waker) : -1;
    const world = timer >= 0 ? targetResource(timer) : this.#isWorld(target) ? target : 0;
    const reason = settledReason(this.#trace, span.reason, timer >= 0 ? waker : -1, world || target);
    const wait = { kind: 'wait', site, reason, target: world || target, spanNs: startNs } as const;
    if (isOver && world !== 0) this.#addLate(wait, startNs);
    const answer = isOver ? this.#source.answers.newestFor(this.#row, startNs, this.#t) : null;
    if (answer !== null) {
      this.#addLate(wait, Math.max(startNs, answer.t));
      if (this.#jumpToSender(wait, answer)) return;
    }
    if (timer < 0 && wakerRow >= 0 && wakerRow !== this.#row) {
      const waiting = this.#row;
      if (this.#jumpToWaker(wait, wakerRow)) {
        if (isCallbackFromOutside(this.#trace, wakerRow))
          this.#interrupted = { ...wait, row: waiting, callback: wakerRow };
        return;
      }
    }
    const origin = this.#originOf(world || target, startNs, isOver);
    if (origin !== null && this.#jumpAfter(wait, origin)) return;
    this.#add(wait, startNs);
  }

  /** The thread was held by others when what was waited for was there. */
  #addLate(wait: Wait, sinceNs: number): void {
    const row = this.#row;
    const fromNs = Math.max(this.#fromNs, sinceNs);
    const late = latePieces(this.#trace, this.#spans, { ...wait, row, task: row, fromNs, toNs: this.#t });
    if (late.length === 0) return;
    this.#pieces.push(...late);
    this.#moveTo(late.at(-1)!.fromNs);
  }

  /**
   * Goes on in the thread that gave the answer. Of one that ended, or wrote to its output, it is
   * known what it executed last.
   */
  #jumpToSender(wait: Wait, { row, lane, t }: Omit<LinkedAnswer, 'receivedNs'>): boolean {
    if (row >= 0) return this.#jumpAfter(wait, { row, t });
    if (lane < 0 || lane === this.#trace.tasks.lane[this.#row]) return false;
    for (const { endNs, task } of this.#spans.laneSpansBefore(lane, t)) {
      if (endNs <= wait.spanNs) return false;
      if (task >= 0) return this.#jumpAfter(wait, { row: this.#trace.rowOf(task), t: Math.min(t, endNs) });
    }
    return false;
  }

  /** The waker ran when it ended the wait; where it had ended before, the wait was ready for it. */
  #jumpToWaker(wait: Wait, row: number): boolean {
    const endedNs = this.#trace.tasks.endedNs[row]!;
    if (!(endedNs < this.#t)) return this.#jump(row, this.#t);
    if (endedNs < wait.spanNs) return false;
    return this.#jumpAfter({ ...wait, kind: 'ready' }, { row, t: endedNs });
  }

  /** Waits from `origin.t` on, and goes on there. */
  #jumpAfter(wait: Wait, { row, t }: Origin): boolean {
    if (row < 0 || row === this.#row || (t >= this.#t && this.#here.has(row))) return false;
    if (t < this.#t) this.#add(wait, t);
    return this.#t <= this.#fromNs || this.#jump(row, t);
  }

  /**
   * Who set off what is waited for, and when: a timer's or request's creator, where it was another
   * row and within the wait; the end of a task or of a group's last member; of a wait that goes on,
   * what its task waits for in turn. Null: nobody is known, or it was the row itself.
   */
  #originOf(target: Target, sinceNs: number, isOver: boolean): Origin | null {
    const { tasks, resources, groups } = this.#trace;
    const task = taskOfTarget(target);
    if (task >= 0) return this.#originInTask(task, sinceNs, isOver);
    const resource = resourceOfTarget(target);
    const group = groups.get(resource);
    if (group !== undefined) {
      const decider = group.decider === null ? undefined : group.members[group.decider];
      const members = decider !== undefined && decider > 0 ? [decider] : group.members;
      let last: Origin | null = null;
      for (const member of members) {
        const origin = member > 0 ? this.#originInTask(member - 1, sinceNs, isOver) : null;
        if (origin !== null && (last === null || origin.t > last.t)) last = origin;
      }
      return last;
    }
    const info = resources[resource];
    if (info === undefined || info.creator < 0 || info.beganNs <= sinceNs) return null;
    return tasks.count > info.creator ? { row: this.#trace.rowOf(info.creator), t: info.beganNs } : null;
  }

  #originInTask(task: number, sinceNs: number, isOver: boolean): Origin | null {
    const row = this.#trace.rowOf(task);
    const endedNs = this.#trace.tasks.endedNs[task]!;
    if (Number.isNaN(endedNs) || endedNs > this.#t) return isOver ? null : { row, t: this.#t };
    return endedNs >= sinceNs ? { row, t: endedNs } : null;
  }

  #isWorld(target: Target): boolean {
    const resource = resourceOfTarget(target);
    if (resource < 0) return false;
    const reason = REASONS[settledReason(this.#trace, REASON.future, -1, target)];
    return reason === 'timer' || reason === 'io' || reason === 'signal';
  }

  // ── begins ─────────────────────────────────────────────────────────────────────────

  /** The row begins at the moment, or nothing is known of it before. */
  #leaveBegin(): void {
    const { tasks, resources } = this.#trace;
    const row = this.#row;
    if (tasks.beganNs[row]! < this.#t - 1 && tasks.beganNs[row]! > this.#fromNs) {
      this.#addIdle(tasks.beganNs[row]!);
      return;
    }
    if (this.#returnToWait(row)) return;
    const site = tasks.site[row]!;
    const wait = { kind: 'wait', site, reason: 0, target: 0, spanNs: this.#t } as const;
    const asked = this.#trace.links.submissionOf(row);
    if (asked !== null && asked.sender >= 0 && asked.sentNs <= this.#t) {
      const pool = this.#trace.links.chunks.get(row)?.pool ?? asked.resource;
      const isJob = tasks.kind[row] === ACTIVATION_KIND.job;
      const reason = isJob ? REASON.job : REASON.pool;
      const queued = { ...wait, reason, target: pool < 0 ? 0 : targetResource(pool) };
      if (this.#jumpAfter(queued, { row: this.#trace.rowOf(asked.sender), t: asked.sentNs })) return;
    }
    const parent = tasks.parent[row]!;
    const begunBy = resources[tasks.resource[row]!];
    const heard = begunBy === undefined ? this.#heardOnLane(row) : this.#heardBy(row, begunBy.index);
    if (heard !== null) {
      const target = targetResource(heard.resource);
      // The message was there, and the thread was busy with others.
      const busyWith = this.#beforeOnLane(row);
      const isLate = busyWith !== null && busyWith.t > heard.t;
      if (isLate && this.#jumpAfter({ ...wait, kind: 'idle', site: -1 }, busyWith)) return;
      if (this.#jumpToSender({ ...wait, target }, heard)) return;
      this.#add({ ...wait, target }, heard.t);
      if (this.#t <= this.#fromNs) return;
    }
    // Whoever began a thread did not send each of its messages.
    const isBegun = begunBy !== undefined && begunBy.creator >= 0 && heard === null;
    const creator = isBegun ? begunBy.creator : parent;
    const creatorRow = creator < 0 ? -1 : this.#trace.rowOf(creator);
    if (begunBy !== undefined && this.#isWorld(targetResource(begunBy.index))) {
      const target = targetResource(begunBy.index);
      const reason = settledReason(this.#trace, REASON.future, -1, target);
      this.#addLate({ ...wait, reason, target }, begunBy.beganNs);
      // Without a creator of its own it stands for all of its kind, from the first on.
      const isOwn = begunBy.creator >= 0 || creator < 0;
      if (isOwn && this.#jumpAfter({ ...wait, reason, target }, { row: creatorRow, t: begunBy.beganNs }))
        return;
      const before = this.#beforeOnLane(row);
      if (before !== null && this.#jumpAfter({ ...wait, reason, target }, before)) return;
      this.#add({ ...wait, reason, target }, begunBy.beganNs < this.#t ? begunBy.beganNs : this.#fromNs);
      return;
    }
    const hasEnded = creatorRow >= 0 && tasks.endedNs[creatorRow]! < this.#t;
    if (!hasEnded && this.#jump(creatorRow, this.#t)) return;
    const before = this.#beforeOnLane(row);
    if (before !== null && this.#jumpAfter({ ...wait, kind: 'idle', site: -1 }, before)) return;
    if (this.#jump(creatorRow, this.#t)) return;
    if (creator < 0 && before === null && this.#leaveThread(wait)) return;
    this.#addIdle(this.#fromNs);
  }

  /** From the begin of a callback to the wait that it ended, if that is how the walk came here. */
  #returnToWait(callback: number): boolean {
    const wait = this.#interrupted;
    this.#interrupted = null;
    if (wait === null || wait.callback !== callback || wait.spanNs >= this.#t) return false;
    const { tasks } = this.#trace;
    const resource = tasks.resource[callback]!;
    const target =
      resource < 0 ? wait.target : settledTarget(this.#trace, wait.target, -1, targetResource(resource));
    const reason = settledReason(this.#trace, wait.reason, -1, target);
    this.#row = wait.row;
    const piece: Wait = { kind: 'wait', site: wait.site, reason, target, spanNs: wait.spanNs };
    const heard = this.#heardBy(callback, resource);
    this.#addLate(piece, Math.max(wait.spanNs, heard?.t ?? 0));
    if (heard !== null && heard.t > wait.spanNs && this.#jumpToSender(piece, heard)) return true;
    this.#add(piece, wait.spanNs);
    return true;
  }

  /** The message, say, that began the callback, by where it came from; null: none is known. */
  #heardBy(callback: number, resource: number): HeardFrom | null {
    const heard = this.#trace.links.heard.lastAt(resource, this.#trace.tasks.beganNs[callback]!);
    return heard === undefined ? null : this.#senderOf(heard);
  }

  /**
   * What came to the thread after the last that it did and before the row began, where nobody of
   * the program began it: a package had asked for the message.
   */
  #heardOnLane(row: number): HeardFrom | null {
    const { lane, parent, beganNs } = this.#trace.tasks;
    if (parent[row]! >= 0) return null;
    const heard = this.#trace.links.heard.lastOnLane(lane[row]!, beganNs[row]!);
    if (heard === undefined) return null;
    const before = this.#beforeOnLane(row);
    return before !== null && heard.link.receivedNs < before.t ? null : this.#senderOf(heard);
  }

  #senderOf(heard: HeardLink): HeardFrom {
    const { task, lane, t } = originOf(this.#trace, heard);
    const row = task < 0 ? -1 : this.#trace.rowOf(task);
    return { row, lane, t: Math.min(t, this.#t), resource: heard.resource };
  }

  /** What the lane of a row did last before the moment. */
  #beforeOnLane(row: number): Origin | null {
    for (const { startNs, endNs, task } of this.#spans.laneSpansBefore(
      this.#trace.tasks.lane[row]!,
      this.#t,
    )) {
      if (endNs <= this.#fromNs) return null;
      if (task < 0 || startNs >= this.#t) continue;
      const before = this.#trace.rowOf(task);
      return before === row ? null : { row: before, t: Math.min(endNs, this.#t) };
    }
    return null;
  }

  /** The row is the first of its thread or process: goes on in the task that began that. */
  #leaveThread(wait: Wait): boolean {
    const { tasks, links, processes, resources } = this.#trace;
    const begun = links.beginOf(tasks.lane[this.#row]!, processes[tasks.process[this.#row]!]!.pid);
    if (begun === undefined || begun.sender < 0 || begun.sentNs > this.#t) return false;
    const { resource } = begun;
    const target = resource < 0 ? 0 : targetResource(resource);
    const site = resources[resource]?.site ?? wait.site;
    // Whoever began it waits for it, not the row that is not there yet.
    const row = this.#trace.rowOf(begun.sender);
    const fromNs = Math.max(this.#fromNs, begun.sentNs);
    if (fromNs < this.#t)
      this.#pieces.push({ ...wait, site, target, row, task: row, spanNs: fromNs, fromNs, toNs: this.#t });
    this.#moveTo(fromNs);
    return this.#t <= this.#fromNs || this.#jump(row, fromNs);
  }
}
