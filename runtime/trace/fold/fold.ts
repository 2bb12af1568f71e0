/**
 * THE state machine: records in, model and observer calls out. Everything that is ever
 * said about a trace (pictures, sentences, findings, JSON) comes through here, once.
 *
 *            begin                 wait                wake
 *   unborn ─────────▶ run ─────────────────▶ wait ───────────▶ ready
 *      │   begin ready │ ▲                    │  run             │ run
 *      └──────▶ ready ─┘ └────────────────────┴──────────────────┘        any ── end ──▶ ended
 *
 * A lane is a stack: an activation begins on top of its caller, and whoever waits or
 * ends gives the lane back to the one below. A caller below counts as running: it is on
 * the stack. An activation that its caller awaits at once (the caller's next record is a
 * wait for it, written `await f()`) is a *frame* of the caller's row: `absorbed`.
 *
 * The fold never throws and believes nothing: what cannot be is counted in
 * `trace.problems` (that is the validator) and taken as well as it can be.
 */
import { FLAG, KIND, RESOURCE_KINDS, UNIT_NS, FACT, LINK_KIND, LINK_WAY, OUTCOME } from '../format/kinds.ts';
import { flagsOf, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS } from '../format/layout.ts';
import { Terminations } from './terminations.ts';
import { Definitions, isResource, thingIndex } from './definitions.ts';
import type { Observer, StateNumber, Target } from './observer.ts';
import { State } from './observer.ts';
import { settledTarget } from '../model/settled-reason.ts';
import { Trace, type Lane } from '../model/trace.ts';

const NEWS_LIMIT = 1000;
const SEND = LINK_WAY.send;
const RECEIVE = LINK_WAY.receive;
const JOB = LINK_KIND.job;
const RESULT = LINK_KIND.result;
const FAILED = OUTCOME.error;
const UNHANDLED = FACT.unhandled;
const VIRTUAL = FACT['virtual-clock'];
const CAUGHT = FACT.error;

/** What is known of one part: its process, and what its ids mean. */
class Part {
  readonly defs: Definitions;
  readonly process: number;
  /** Lane number → index in the trace; −1: not begun. */
  readonly lanes: number[] = [];
  constructor(process: number, trace: Trace) {
    this.process = process;
    this.defs = new Definitions(trace, process);
  }
}

export class Fold {
  readonly trace: Trace;
  readonly #parts = new Map<number, Part>();
  readonly #endings: Terminations;
  readonly #began: readonly Observer[];
  readonly #changed: readonly Observer[];
  readonly #absorbed: readonly Observer[];
  readonly #waited: readonly Observer[];
  readonly #lane: readonly Observer[];
  readonly #level: readonly Observer[];
  readonly #lost: readonly Observer[];
  readonly #other: readonly Observer[];
  #baseLow = 0;
  #baseHigh = 0;
  /** Per task: the child that began last and since whose beginning the task wrote no record; +1. */
  #lastChild = new Int32Array(1024);
  /** Per task: when the wait that is going on was woken; NaN: not yet. */
  #wokenNs = new Float64Array(1024);

  /** @param trace the model to fill, for observers that want to hold it beforehand; a fresh one. */
  constructor(observers: readonly Observer[] = [], trace: Trace = new Trace()) {
    this.trace = trace;
    this.#endings = new Terminations(trace);
    this.#began = observers.filter((o) => o.began);
    this.#changed = observers.filter((o) => o.changed);
    this.#absorbed = observers.filter((o) => o.absorbed);
    this.#waited = observers.filter((o) => o.waited);
    this.#lane = observers.filter((o) => o.lane);
    this.#level = observers.filter((o) => o.level);
    this.#lost = observers.filter((o) => o.lost);
    this.#other = observers.filter((o) => o.other);
  }

  /**
   * Takes in records of one part, in the order of its file.
   * @param part any number that stands for the part (process) throughout.
   * @param records whole 32-byte records; a rest is ignored. Folding in two batches equals folding in one.
   */
  feed(part: number, records: Uint8Array): void {
    const aligned = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
    const count = Math.floor(aligned.length / RECORD_BYTES);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, count * RECORD_WORDS);
    let i = this.#parts.has(part) ? 0 : this.#leadingClocks(words);
    if (i === words.length) return;
    const p = this.#part(part);
    for (; i < words.length; i += RECORD_WORDS) this.#record(p, words, i, aligned);
  }

  /** Nothing more will come, whatever the records say of how it ended. */
  end(): void {
    this.trace.isOver = true;
  }

  /** The process that a part is, by its index in the trace; −1: it has not said anything of itself yet. */
  processOf(part: number): number {
    return this.#parts.get(part)?.process ?? -1;
  }

  /** A part begins with the clock. What was killed before it had written more is no process of which there is anything to say. */
  #leadingClocks(words: Uint32Array): number {
    const { trace } = this;
    let i = 0;
    for (; i < words.length && kindOf(words[i + 7]!) === KIND.clock; i += RECORD_WORDS) {
      const t = this.#time(words[i]!, words[i + 1]!);
      this.#clock(t, words[i + 3]!, words[i + 4]!);
      if (t > trace.endNs) trace.endNs = t;
      trace.events++;
    }
    return i;
  }

  #clock(t: number, low: number, high: number): void {
    this.trace.wallNs ??= (BigInt(high) << 32n) + BigInt(low) - BigInt(Math.round(t));
  }

  #part(number: number): Part {
    let part = this.#parts.get(number);
    if (!part) {
      const index = this.trace.processes.length;
      this.trace.processes.push({
        index,
        pid: 0,
        parentPid: 0,
        language: 0,
        method: 0,
        argv: '',
        version: '',
        startNs: this.trace.endNs,
        endNs: null,
        lastNs: this.trace.endNs,
        exitCode: null,
        signal: null,
        endKind: 0,
        wasTerminated: false,
        isVirtual: false,
        notices: [],
      });
      part = new Part(index, this.trace);
      this.#parts.set(number, part);
    }
    return part;
  }

  #record(part: Part, words: Uint32Array, i: number, bytes: Uint8Array): void {
    const { trace } = this;
    const { defs } = part;
    const headWord = words[i + 7]!;
    const kind = kindOf(headWord);
    const flags = flagsOf(headWord);
    const id = words[i + 2]!;
    const a = words[i + 3]!;
    const b = words[i + 4]!;
    const c = words[i + 5]!;
    const d = words[i + 6]!;
    trace.events++;

    // Definitions first: their t is not a time.
    if (kind === KIND.text) {
      defs.text(
        id,
        laneOf(headWord),
        (flags & FLAG.textLast) !== 0,
        bytes,
        (i / RECORD_WORDS) * RECORD_BYTES,
      );
      return;
    }
    if (kind === KIND.site) {
      defs.site(id, a, b, c, d, words[i]!, words[i + 1]!, flags);
      return;
    }

    const t = this.#time(words[i]!, words[i + 1]!);
    const lane = this.#laneAt(part, laneOf(headWord), t);
    switch (kind) {
      case KIND.run:
        this.#run(part, lane, t, id, defs.task(a), defs.resourceTarget(b));
        break;
      case KIND.wait:
        this.#wait(part, lane, t, id, defs.siteIndex(a), defs.target(b), flags & 31, flags);
        break;
      case KIND.wake:
        this.#wake(t, part, id, defs.task(a), defs.resourceTarget(b));
        break;
      case KIND.activationBegin:
        this.#begin(
          part,
          lane,
          t,
          id,
          defs.task(a),
          defs.siteIndex(b),
          defs.textIndex(c),
          defs.resource(d),
          flags,
        );
        break;
      case KIND.activationEnd:
        this.#end(part, lane, t, id, defs.textIndex(a), defs.task(c), flags & 3);
        break;
      case KIND.step: {
        const left = t + a * UNIT_NS[(flags & 3) as 0 | 1 | 2 | 3];
        this.#run(part, lane, t, id, defs.task(d), 0);
        this.#wait(part, lane, left, id, defs.siteIndex(b), defs.target(c), (flags >> 2) & 31, 0);
        if (left > trace.endNs) trace.endNs = left;
        if (left > trace.processes[part.process]!.lastNs) trace.processes[part.process]!.lastNs = left;
        break;
      }
      case KIND.put:
      case KIND.get:
      case KIND.acquire:
      case KIND.release:
        this.#move(kind, t, part, defs.task(id), defs.resource(a), b, defs.task(c), flags);
        break;
      case KIND.resourceBegin:
        this.#resourceBegin(part, t, defs.task(id), a, defs.siteIndex(b), defs.textIndex(c), d, flags);
        break;
      case KIND.resourceEnd: {
        const resource = trace.resources[defs.resource(a)];
        if (resource) {
          resource.endedNs = t;
          this.#endings.resourceEnded(resource.index);
        } else this.#problem(`a resource of unknown id ${a} ended`);
        break;
      }
      case KIND.group: {
        const group = defs.resource(a);
        if (group < 0) this.#problem(`a child belongs to the unknown group ${a}`);
        else {
          const child = defs.target(b);
          let it = trace.groups.get(group);
          if (!it) trace.groups.set(group, (it = { kind: flags & 15, members: [], decider: null }));
          if ((flags & FLAG.groupDecides) !== 0) it.decider = c;
          if (c === it.members.length) it.members.push(child);
        }
        break;
      }
      case KIND.processBegin:
        this.#processBegin(part, t, a, b, defs.textOf(c), defs.textOf(d), flags);
        break;
      case KIND.processEnd: {
        const process = trace.processes[part.process]!;
        process.endNs = t;
        process.exitCode = a;
        process.signal = b === 0 ? null : b;
        process.endKind = flags & 15;
        break;
      }
      case KIND.laneBegin: {
        const it = trace.lanes[lane]!;
        it.kind = flags & 15;
        it.sharesGil = (flags & FLAG.laneSharesGil) !== 0;
        it.osThread = a;
        it.name = defs.textOf(b);
        it.startNs = t;
        it.endNs = null;
        it.endKind = 0;
        break;
      }
      case KIND.laneEnd: {
        const it = trace.lanes[lane]!;
        this.#clearLane(lane, t);
        it.endNs = t;
        it.endKind = flags & 15;
        break;
      }
      case KIND.clock:
        this.#clock(t, a, b);
        break;
      case KIND.fact:
        if ((flags & 15) === VIRTUAL) trace.processes[part.process]!.isVirtual = true;
        else
          this.#fact(flags & 15, t, defs.task(id), defs.siteIndex(a), defs.textIndex(b), defs.siteIndex(c));
        break;
      case KIND.agent: {
        const { notices: news } = trace.processes[part.process]!;
        if (news.length < NEWS_LIMIT) {
          news.push({ kind: flags & 15, text: defs.textOf(a), site: defs.siteIndex(b), count: c, t });
        }
        break;
      }
      case KIND.lost: {
        const count = b * 2 ** 32 + a;
        trace.lost += count;
        const sinceNs = c === 0 && d === 0 ? t : this.#time(c, d);
        for (const o of this.#lost) o.lost!(part.process, lane, sinceNs, t, count);
        break;
      }
      case KIND.chunk: {
        const task = defs.task(id);
        const pool = defs.resource(a);
        if (task >= 0)
          trace.links.chunks.set(task, {
            pool,
            first: b,
            items: c,
            isRetry: (flags & FLAG.chunkRetry) !== 0,
          });
        this.#tellOther(kind, flags, t, task, pool, b, c, defs.task(d));
        break;
      }
      case KIND.cancel: {
        const target = defs.task(id);
        const by = defs.task(a);
        if (target >= 0) {
          trace.tasks.canceller[target] = by;
          trace.cancels.add(trace.rowOf(target), { t, by });
        }
        this.#tellOther(kind, flags, t, target, by, defs.siteIndex(b), defs.textIndex(c), d);
        break;
      }
      case KIND.held:
        this.#tellOther(kind, flags, t, -1, a, defs.siteIndex(b), c, d);
        break;
      case KIND.link: {
        const resource = defs.resource(c);
        const link = trace.links.link(flags & 15, (flags >>> 4) & 15, t, defs.task(id), a, b, resource);
        // The answer goes the other way.
        if (flags >>> 4 !== RESULT) this.#endings.linkAdded(link);
        this.#job(flags, t, defs.task(id), resource);
        this.#tellOther(kind, flags, t, defs.task(id), a, b, resource, d);
        break;
      }
      case KIND.pause:
      case KIND.resume:
        this.#pause(lane, t, kind === KIND.pause, flags & 15);
        this.#tellOther(kind, flags, t, -1, defs.siteIndex(a), lane, c, d);
        break;
      default:
        // A kind of a later format, or a hole: nothing to say about it but that it was there.
        trace.unknown++;
        return;
    }
    if (t > trace.endNs) trace.endNs = t;
    const process = trace.processes[part.process]!;
    if (t > process.lastNs) process.lastNs = t;
  }

  // ── the four things a living task does ─────────────────────────────────────────────

  #begin(
    part: Part,
    lane: number,
    t: number,
    id: number,
    parent: number,
    site: number,
    name: number,
    of: number,
    flags: number,
  ): void {
    const { trace } = this;
    const { tasks } = trace;
    if (id === 0 || part.defs.isKnown(id)) {
      this.#problem(`an activation begins with the id ${id}, which ${id === 0 ? 'means none' : 'is taken'}`);
      return;
    }
    const task = tasks.add();
    this.#roomFor(task);
    part.defs.defineTask(id, task);
    tasks.id[task] = id;
    tasks.process[task] = part.process;
    tasks.lane[task] = lane;
    tasks.parent[task] = parent;
    tasks.frameOf[task] = -1;
    tasks.leaf[task] = task;
    tasks.kind[task] = flags & 31;
    tasks.flags[task] = flags & ~31;
    tasks.name[task] = name;
    tasks.site[task] = site;
    trace.assignOrdinal(task);
    tasks.resource[task] = of;
    tasks.error[task] = -1;
    tasks.canceller[task] = -1;
    tasks.waitSite[task] = -1;
    tasks.waker[task] = -1;
    tasks.beganNs[task] = t;
    tasks.endedNs[task] = Number.NaN;
    tasks.sinceNs[task] = t;
    tasks.rowSinceNs[task] = t;
    this.#wokenNs[task] = Number.NaN;
    if (parent >= 0) this.#lastChild[parent] = task + 1;
    for (const o of this.#began) o.began!(task, t);
    if ((flags & FLAG.beginReady) !== 0) {
      tasks.state[task] = State.ready;
      this.#row(task, t, State.ready, 0, parent, 0);
    } else {
      tasks.state[task] = State.run;
      this.#push(lane, t, task);
      this.#row(task, t, State.run, 0, parent, 0);
    }
  }

  #wait(
    part: Part,
    lane: number,
    t: number,
    id: number,
    site: number,
    target: Target,
    reason: number,
    flags: number,
  ): void {
    const task = this.#living(part, id, 'waits');
    if (task < 0) return;
    const { tasks } = this.trace;
    if (tasks.state[task] !== State.run) this.#problem(`task ${id} waits without having run`);
    this.#leaveLane(lane, t, task);

    const child = target > 0 ? target - 1 : -1;
    const awaitedAtOnce =
      child >= 0 &&
      (flags & FLAG.waitDirect) !== 0 &&
      this.#lastChild[task] === child + 1 &&
      tasks.frameOf[child]! < 0 &&
      tasks.parent[child] === task;
    this.#lastChild[task] = 0;
    this.#wokenNs[task] = Number.NaN;
    tasks.state[task] = (flags & FLAG.waitYield) !== 0 ? State.ready : State.wait;
    tasks.reason[task] = reason;
    tasks.waitSite[task] = site;
    tasks.target[task] = target;
    tasks.sinceNs[task] = t;
    tasks.waker[task] = -1;

    const row = this.trace.rowOf(task);
    if (awaitedAtOnce) {
      tasks.frameOf[child] = task;
      this.trace.releaseOrdinal(child);
      this.trace.cancels.absorb(child, row);
      // What it ran before its caller came to await it, it ran as a row of its own.
      tasks.runNs[row]! += tasks.runNs[child]!;
      for (const o of this.#absorbed) o.absorbed!(child, row);
      if (tasks.state[child] !== State.ended && tasks.leaf[row] === task) {
        const leaf = tasks.leaf[child]!;
        tasks.leaf[row] = leaf;
        this.#rowLikeLeaf(row, leaf, t);
        return;
      }
    }
    if (tasks.leaf[row] === task) this.#rowLikeLeaf(row, task, t);
  }

  /** The row does what its deepest frame does. */
  #rowLikeLeaf(row: number, leaf: number, t: number): void {
    const { tasks } = this.trace;
    const state = tasks.state[leaf]!;
    if (state === State.wait) {
      this.#row(row, t, State.wait, tasks.reason[leaf]!, tasks.waitSite[leaf]!, tasks.target[leaf]!);
    } else if (state === State.ready) {
      this.#row(row, t, State.ready, 0, tasks.waker[leaf]!, 0);
    }
  }

  #wake(t: number, part: Part, id: number, waker: number, target: Target): void {
    const task = part.defs.task(id);
    if (task < 0) {
      this.#problem(`the unknown task ${id} is woken`);
      return;
    }
    const { tasks } = this.trace;
    // A wake of what is ready or running is no news: two things may settle the same wait.
    if (tasks.state[task] !== State.wait) return;
    tasks.state[task] = State.ready;
    tasks.waker[task] = waker;
    this.#wokenNs[task] = t;
    const row = this.trace.rowOf(task);
    if (tasks.leaf[row] === task) this.#row(row, t, State.ready, 0, waker, target);
  }

  #run(part: Part, lane: number, t: number, id: number, waker: number, target: Target): void {
    const task = this.#living(part, id, 'runs');
    if (task < 0) return;
    const { tasks } = this.trace;
    if (tasks.state[task] === State.run) {
      this.#problem(`task ${id} runs and is running already`);
      return;
    }
    this.#waitOver(task, t, waker, target);
    tasks.state[task] = State.run;
    tasks.lane[task] = lane;
    this.#lastChild[task] = 0;
    this.#push(lane, t, task);
    const row = this.trace.rowOf(task);
    tasks.leaf[row] = task;
    this.#row(row, t, State.run, 0, waker >= 0 ? waker : tasks.waker[task]!, target);
  }

  #end(
    part: Part,
    lane: number,
    t: number,
    id: number,
    error: number,
    canceller: number,
    outcome: number,
  ): void {
    const task = this.#living(part, id, 'ends');
    if (task < 0) return;
    const { tasks } = this.trace;
    // Ended by what it waited for (a rejection nobody caught): it came back only to leave.
    if (tasks.state[task] === State.wait || tasks.state[task] === State.ready) this.#waitOver(task, t, -1, 0);
    else this.#leaveLane(lane, t, task);
    tasks.state[task] = State.ended;
    tasks.outcome[task] = outcome;
    tasks.error[task] = error;
    if (canceller >= 0) tasks.canceller[task] = canceller;
    tasks.endedNs[task] = t;
    const caller = tasks.frameOf[task]!;
    if (caller < 0) {
      this.#row(task, t, State.ended, outcome, -1, 0);
      return;
    }
    const row = this.trace.rowOf(caller);
    if (tasks.leaf[row] !== task) return;
    tasks.leaf[row] = caller;
    if (tasks.state[caller] === State.wait) {
      tasks.state[caller] = State.ready;
      tasks.waker[caller] = task;
      this.#wokenNs[caller] = t;
    }
    this.#row(row, t, State.ready, 0, task, 0);
  }

  /** Tells of the wait that `task` comes back from. Waiting for one's own frame is no wait: the frame's own were told. */
  #waitOver(task: number, t: number, waker: number, cause: Target): void {
    const { trace } = this;
    const { tasks } = trace;
    const woken = this.#wokenNs[task]!;
    const wasWaiting = tasks.state[task] === State.wait || !Number.isNaN(woken);
    this.#wokenNs[task] = Number.NaN;
    if (!wasWaiting) return;
    const target = tasks.target[task]!;
    if (target > 0 && tasks.frameOf[target - 1] === task) return;
    const endNs = Number.isNaN(woken) ? t : woken;
    const by = waker >= 0 ? waker : tasks.waker[task]!;
    const row = trace.rowOf(task);
    for (const o of this.#waited) {
      o.waited!(
        row,
        task,
        tasks.sinceNs[task]!,
        endNs,
        tasks.reason[task]!,
        trace.groups.has(-target - 1) ? target : settledTarget(trace, target, by, cause),
        tasks.waitSite[task]!,
        by,
      );
    }
  }

  /** Accounts for the row's last span and opens the next. */
  #row(row: number, t: number, state: StateNumber, reason: number, ref: number, target: Target): void {
    const { tasks } = this.trace;
    const last = tasks.rowState[row] as StateNumber;
    if (last === State.run && state === State.run) return;
    const ns = Math.max(0, t - tasks.rowSinceNs[row]!);
    // How long it ran, its lane tells: a caller below is drawn as running, and does not run.
    if (last === State.ready) tasks.readyNs[row]! += ns;
    else if (last === State.wait) tasks.waitNs[row]! += ns;
    tasks.rowState[row] = state;
    tasks.rowSinceNs[row] = t;
    for (const o of this.#changed) o.changed!(row, t, state, reason, ref, target, last);
  }

  // ── lanes ──────────────────────────────────────────────────────────────────────────

  #laneAt(part: Part, number: number, t: number): number {
    const known = part.lanes[number];
    if (known !== undefined) return known;
    const index = this.trace.lanes.length;
    this.trace.lanes.push({
      index,
      process: part.process,
      number,
      kind: 0,
      name: '',
      osThread: 0,
      sharesGil: false,
      startNs: t,
      endNs: null,
      endKind: 0,
      stack: [],
      sinceNs: t,
      busyNs: 0,
      topNs: t,
    });
    part.lanes[number] = index;
    return index;
  }

  #push(lane: number, t: number, task: number): void {
    const it = this.trace.lanes[lane]!;
    if (it.stack.length > 0) {
      it.busyNs += Math.max(0, t - it.sinceNs);
      this.#credit(it, it.stack[it.stack.length - 1]!, t);
    }
    it.stack.push(task);
    it.sinceNs = t;
    it.topNs = t;
    for (const o of this.#lane) o.lane!(lane, t, task);
  }

  #leaveLane(lane: number, t: number, task: number): void {
    const it = this.trace.lanes[lane]!;
    const { stack } = it;
    if (stack.length > 0 && stack[stack.length - 1] === task) {
      this.#credit(it, task, t);
      it.topNs = t;
      stack.pop();
    } else {
      const at = stack.lastIndexOf(task);
      if (at < 0) return;
      this.#problem(`${this.trace.idOf(task)} leaves the lane from below ${stack.length - 1 - at} others`);
      stack.splice(at, 1);
    }
    it.busyNs += Math.max(0, t - it.sinceNs);
    it.sinceNs = t;
    const top = stack.length === 0 ? -1 : stack[stack.length - 1]!;
    for (const o of this.#lane) o.lane!(lane, t, top);
  }

  /** What whoever is on top has run is its row's. */
  #credit(lane: Lane, top: number, t: number): void {
    const { trace } = this;
    const ns = t - lane.topNs;
    if (ns > 0) trace.tasks.runNs[trace.rowOf(top)]! += ns;
  }

  /** While the lane is stopped from outside, whoever is on top does not run. */
  #pause(lane: number, t: number, begins: boolean, why: number): void {
    const { tasks, lanes } = this.trace;
    const it = lanes[lane]!;
    const top = it.stack.at(-1);
    if (top === undefined) return;
    if (begins) {
      this.#credit(it, top, t);
      it.topNs = Number.NaN;
    } else if (Number.isNaN(it.topNs)) it.topNs = t;
    const row = this.trace.rowOf(top);
    const from = begins ? State.run : State.paused;
    if (tasks.rowState[row] === from)
      this.#row(row, t, begins ? State.paused : State.run, begins ? why : 0, -1, 0);
  }

  #clearLane(lane: number, t: number): void {
    const it = this.trace.lanes[lane]!;
    if (it.stack.length === 0) return;
    this.#credit(it, it.stack[it.stack.length - 1]!, t);
    it.busyNs += Math.max(0, t - it.sinceNs);
    it.sinceNs = t;
    it.stack.length = 0;
    for (const o of this.#lane) o.lane!(lane, t, -1);
  }

  // ── resources and processes ────────────────────────────────────────────────────────

  #resourceBegin(
    part: Part,
    t: number,
    creator: number,
    id: number,
    site: number,
    name: number,
    capacity: number,
    flags: number,
  ): void {
    if (id === 0 || part.defs.isKnown(id)) {
      this.#problem(`a resource begins with the id ${id}, which ${id === 0 ? 'means none' : 'is taken'}`);
      return;
    }
    const index = this.trace.resources.length;
    part.defs.defineResource(id, index);
    this.trace.resources.push({
      index,
      id,
      process: part.process,
      kind: flags & 31,
      name: this.trace.text(name),
      site,
      creator,
      capacity: (flags & FLAG.resourceBounded) !== 0 ? capacity : null,
      beganNs: t,
      endedNs: null,
      level: 0,
      maxDepth: 0,
      puts: 0,
      gets: 0,
      holder: -1,
    });
  }

  #move(
    kind: number,
    t: number,
    part: Part,
    by: number,
    index: number,
    level: number,
    holder: number,
    flags: number,
  ): void {
    const resource = this.trace.resources[index];
    if (!resource || resource.process !== part.process) {
      this.#problem('an item moves or a permit is taken at an unknown resource');
      return;
    }
    if ((flags & FLAG.moveRefused) !== 0 && (kind === KIND.put || kind === KIND.get)) {
      this.#tellOther(kind, flags, t, by, index, level, 0, 0);
      return;
    }
    resource.level = level;
    if (level > resource.maxDepth) resource.maxDepth = level;
    if (kind === KIND.put) resource.puts++;
    else if (kind === KIND.get) resource.gets++;
    else resource.holder = kind === KIND.acquire ? by : holder;
    for (const o of this.#level) o.level!(index, t, level, by, kind);
  }

  /** A pool's level is the jobs that it was asked for and has not answered: both are told by the thread that asks. */
  #job(flags: number, t: number, by: number, index: number): void {
    const resource = this.trace.resources[index];
    const isAsked = (flags & 15) === SEND && ((flags >>> 4) & 15) === JOB;
    const isAnswered = (flags & 15) === RECEIVE && ((flags >>> 4) & 15) === RESULT;
    if (resource === undefined || (!isAsked && !isAnswered) || RESOURCE_KINDS[resource.kind] !== 'pool')
      return;
    if (isAsked) resource.puts++;
    else resource.gets++;
    resource.level = Math.max(0, resource.puts - resource.gets);
    if (resource.level > resource.maxDepth) resource.maxDepth = resource.level;
    for (const o of this.#level) o.level!(index, t, resource.level, by, KIND.link);
  }

  /** An error is told of the task that failed with it, as soon as it is known; one that was caught is no more than that. */
  #fact(what: number, t: number, task: number, site: number, text: number, called: number): void {
    const { trace } = this;
    const { tasks } = trace;
    const isError = what === CAUGHT || what === UNHANDLED;
    if (isError && task >= 0 && tasks.outcome[task] === FAILED && tasks.error[task]! < 0)
      tasks.error[task] = text;
    if (what !== CAUGHT) trace.facts.push({ what, task, site, text: trace.text(text), called, t });
  }

  #processBegin(
    part: Part,
    t: number,
    pid: number,
    parentPid: number,
    argv: string,
    version: string,
    flags: number,
  ): void {
    const process = this.trace.processes[part.process]!;
    process.pid = pid;
    process.parentPid = parentPid;
    process.argv = argv;
    process.version = version;
    process.language = flags & 15;
    process.method = flags >> 4;
    process.startNs = t;
    process.lastNs = t;
  }

  // ── small things ───────────────────────────────────────────────────────────────────

  /** ns from the trace's start, exact: the difference of the halves fits a double long before the time does. */
  #time(low: number, high: number): number {
    if (this.trace.startNs === null) {
      this.#baseLow = low;
      this.#baseHigh = high;
      this.trace.startNs = (BigInt(high) << 32n) + BigInt(low);
    }
    return (high - this.#baseHigh) * 2 ** 32 + (low - this.#baseLow);
  }

  #living(part: Part, id: number, does: string): number {
    const thing = part.defs.thing(id);
    if (thing < 0 || isResource(thing)) {
      this.#problem(`the unknown task ${id} ${does}`);
      return -1;
    }
    const task = thingIndex(thing);
    if (this.trace.tasks.state[task] === State.ended) {
      this.#problem(`task ${id} ${does} after its end`);
      return -1;
    }
    return task;
  }

  #tellOther(
    kind: number,
    flags: number,
    t: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    for (const o of this.#other) o.other!(kind, flags, t, task, a, b, c, d);
  }

  #problem(words: string): void {
    this.trace.addProblem(words);
  }

  #roomFor(task: number): void {
    if (task < this.#lastChild.length) return;
    const lastChild = new Int32Array(task * 2);
    lastChild.set(this.#lastChild);
    this.#lastChild = lastChild;
    const wokenNs = new Float64Array(task * 2);
    wokenNs.set(this.#wokenNs);
    this.#wokenNs = wokenNs;
  }
}
