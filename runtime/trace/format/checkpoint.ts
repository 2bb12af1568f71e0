/**
 * What is left of the beginning of a part when its records are let go: a checkpoint. It is made of
 * the part's own records, without folding them, and holds what later records still refer to:
 *
 *   clock · kept · texts, sites · process, notices, lanes, losses · tasks, resources · kept end
 *
 * Of a living task stand its begin, the wait by which it became a frame, and its last state, each
 * with its own time; of a resource its begin and last level; of a pool's calls those that were not
 * answered. A begin in a checkpoint does not run: a `run` follows where the task does. So a reader
 * has the state at the time of `kept`, and nothing of the history before.
 *
 * A checkpoint has a bound. What was used longest ago is left out first: texts, sites, resources
 * that no living task names, then tasks that wait. What later names them reads "not recorded".
 */
import { FACT, FLAG, KIND, KINDS, LINK_KIND, LINK_WAY, flagReader } from './kinds.ts';
import { RECORD_BYTES, RECORD_WORDS, W, flagsOf, head, kindOf, laneOf } from './layout.ts';
import { CheckpointEncoder } from './checkpoint-encoder.ts';
import {
  changeOf,
  CheckpointState,
  type Kept,
  MAX_SPARE_RECORDS,
  REFERENCES,
  TWO_32,
} from './checkpoint-state.ts';

export interface CheckpointOptions {
  /** Index in KEPT_REASONS. */
  readonly why: number;
  /** Of the recording; 0: it was not near its limit. */
  readonly limitBytes: number;
  readonly maxRecords: number;
}

const factOf = flagReader(KINDS.fact.flags.what);
const wayOf = flagReader(KINDS.link.flags.way);
const linkKindOf = flagReader(KINDS.link.flags.kind);
/** As many as the model keeps. */
const MAX_NOTICES = 1000;
const MAX_LINKS = 4;
const MAX_FREE = 10_000;
/** With so many texts and resources what nothing refers to is forgotten. */
const MAX_REMEMBERED = 3 * MAX_SPARE_RECORDS;

export class Checkpoint {
  /** Records that it stands for, definitions included, without the clock before it. */
  records = 0;
  /** The latest time among them, monotonic ns. */
  lastNs = 0;
  #order = 0;
  #maxRemembered = MAX_REMEMBERED;
  readonly #free: Kept[] = [];
  /** Within a checkpoint that is read again. */
  #isRestoring = false;
  #state = new CheckpointState();

  /** The record that stays before the checkpoint: 1, or 0 where there was none. */
  get clocks(): number {
    return this.#state.clock === null ? 0 : 1;
  }

  /** @param records whole ones of one part, in the order of its file */
  add(records: Uint8Array): void {
    const bytes = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
    const count = Math.floor(bytes.length / RECORD_BYTES);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * RECORD_WORDS);
    for (let at = 0; at < words.length; at += RECORD_WORDS) this.#addRecord(words, at);
    if (!this.#isRestoring && this.#state.texts.size + this.#state.resources.size > this.#maxRemembered)
      this.#forget();
  }

  #addRecord(words: Uint32Array, at: number): void {
    const headWord = words[at + W.head]!;
    const kind = kindOf(headWord);
    // A hole: nothing was committed there.
    if (kind === 0) return;
    const order = ++this.#order;
    const copy = (): Kept => this.#copy(words, at, order);
    if (kind !== KIND.text && kind !== KIND.site) {
      const t = words[at + W.tHigh]! * TWO_32 + words[at + W.tLow]!;
      if (t > this.lastNs) this.lastNs = t;
    }
    if (kind === KIND.kept) {
      this.#isRestoring = (flagsOf(headWord) & FLAG.keptEnd) === 0;
      if (this.#isRestoring) this.records += countOf(words.subarray(at, at + RECORD_WORDS));
      return;
    }
    // The part's first clock stays before the checkpoint: it is where the trace's time begins.
    const isFirstClock = kind === KIND.clock && this.#state.clock === null;
    if (!this.#isRestoring && !isFirstClock) this.records++;
    this.#noteUses(kind, words, at, order);
    const id = words[at + W.task]!;
    const a = words[at + W.a]!;
    const flags = flagsOf(headWord);
    const lane = laneOf(headWord);
    switch (kind) {
      case KIND.text: {
        const text = this.#state.texts.get(id);
        if (text === undefined || lane === 0)
          this.#state.texts.set(id, { lastUse: order, pieces: [copy().words] });
        else text.pieces.push(copy().words);
        return;
      }
      case KIND.site:
        this.#state.sites.set(id, { lastUse: order, words: copy().words });
        return;
      case KIND.clock:
        this.#state.clock ??= copy();
        return;
      case KIND.processBegin:
        this.#state.processBegin = copy();
        return;
      case KIND.processEnd:
        this.#state.processEnd = copy();
        return;
      case KIND.laneBegin:
        this.#state.lanes.set(lane, copy());
        return;
      case KIND.laneEnd:
        this.#endLane(lane);
        return;
      case KIND.activationBegin: {
        const parent = this.#state.tasks.get(a);
        if (parent !== undefined) parent.lastChild = id;
        this.#state.tasks.set(id, {
          begin: copy(),
          parent: a,
          run: null,
          wait: null,
          wake: null,
          isRunning: !this.#isRestoring && (flags & FLAG.beginReady) === 0,
          lastChild: 0,
          frameOf: 0,
          absorbed: null,
          more: [],
        });
        return;
      }
      case KIND.run: {
        const task = this.#state.tasks.get(id);
        if (task === undefined) return;
        this.#release(task.run);
        this.#release(task.wait);
        this.#release(task.wake);
        task.run = copy();
        task.wait = task.wake = null;
        task.isRunning = true;
        task.lastChild = 0;
        return;
      }
      case KIND.wait:
      case KIND.step:
        this.#beginWait(id, kind, words[at + W.b]!, flags, copy());
        return;
      case KIND.wake: {
        const task = this.#state.tasks.get(id);
        if (task !== undefined && task.wait !== null) task.wake ??= copy();
        return;
      }
      case KIND.activationEnd:
        this.#endTask(id, words, at, order);
        return;
      case KIND.resourceBegin:
        this.#state.resources.set(a, { lastUse: order, begin: copy(), end: null, level: null, more: [] });
        return;
      case KIND.resourceEnd: {
        const resource = this.#state.resources.get(a);
        if (resource !== undefined) resource.end = copy();
        return;
      }
      case KIND.put:
      case KIND.get:
      case KIND.acquire:
      case KIND.release: {
        const resource = this.#state.resources.get(a);
        const isRefused = (kind === KIND.put || kind === KIND.get) && (flags & FLAG.moveRefused) !== 0;
        if (resource !== undefined && !isRefused) resource.level = copy();
        return;
      }
      case KIND.group:
        this.#state.resources.get(a)?.more.push(copy());
        return;
      case KIND.chunk:
      case KIND.cancel:
        this.#state.tasks.get(id)?.more.push(copy());
        return;
      case KIND.link:
        this.#addLink(copy(), flags);
        return;
      case KIND.fact:
        if (factOf(flags) === FACT['virtual-clock']) this.#state.virtualClock = copy();
        return;
      case KIND.pause:
        this.#state.pauses.set(lane, copy());
        return;
      case KIND.resume:
        this.#state.pauses.delete(lane);
        return;
      case KIND.lost:
        this.#addLoss(copy());
        return;
      case KIND.agent:
        if (this.#state.notices.length < MAX_NOTICES) this.#state.notices.push(copy());
        return;
    }
  }

  /** Most records are soon replaced by others: their memory is used again. */
  #copy(from: Uint32Array, at: number, order: number): Kept {
    const kept = this.#free.pop() ?? { order, words: new Uint32Array(RECORD_WORDS) };
    kept.order = order;
    for (let i = 0; i < RECORD_WORDS; i++) kept.words[i] = from[at + i]!;
    return kept;
  }

  #release(kept: Kept | null): void {
    if (kept !== null && this.#free.length < MAX_FREE) this.#free.push(kept);
  }

  #noteUses(kind: number, words: Uint32Array, at: number, order: number): void {
    for (const { word, type } of REFERENCES[kind] ?? []) {
      const id = words[at + word]!;
      if (id === 0) continue;
      const used =
        type === 'text'
          ? this.#state.texts.get(id)
          : type === 'site'
            ? this.#state.sites.get(id)
            : this.#state.resources.get(id);
      if (used !== undefined) used.lastUse = order;
    }
  }

  #beginWait(id: number, kind: number, target: number, flags: number, wait: Kept): void {
    const task = this.#state.tasks.get(id);
    if (task === undefined) return;
    if (kind === KIND.wait && (flags & FLAG.waitDirect) !== 0) {
      const child = this.#state.tasks.get(target);
      const isAwaitedAtOnce =
        child !== undefined &&
        child.frameOf === 0 &&
        child.parent === id &&
        (this.#isRestoring || task.lastChild === target);
      if (isAwaitedAtOnce) {
        child.frameOf = id;
        child.absorbed = this.#copy(wait.words, 0, wait.order);
      } else wait.words[W.head] = (wait.words[W.head]! & ~(FLAG.waitDirect << 16)) >>> 0;
    }
    this.#release(task.wait);
    this.#release(task.wake);
    task.wait = wait;
    task.wake = null;
    task.isRunning = false;
    task.lastChild = 0;
  }

  #endTask(id: number, words: Uint32Array, at: number, order: number): void {
    const task = this.#state.tasks.get(id);
    if (task === undefined) return;
    this.#state.tasks.delete(id);
    for (const kept of [task.begin, task.run, task.wait, task.wake, task.absorbed]) this.#release(kept);
    const caller = this.#state.tasks.get(task.frameOf);
    // The caller waited while its frame ran, and can go on: no record of its own says so.
    if (caller === undefined || caller.wait === null || caller.wake !== null) return;
    if (!task.isRunning && waitTarget(caller.wait.words) !== id) return;
    const wake = this.#copy(words, at, order);
    wake.words[W.task] = task.frameOf;
    wake.words.fill(0, W.a, W.head);
    wake.words[W.head] = head(KIND.wake, 0, laneOf(words[at + W.head]!));
    caller.wake = wake;
  }

  #endLane(lane: number): void {
    this.#state.lanes.delete(lane);
    this.#state.pauses.delete(lane);
    this.#state.endedLanes.add(lane);
    for (const [id, task] of this.#state.tasks) {
      if (laneOf(changeOf(task).words[W.head]!) === lane) this.#state.tasks.delete(id);
    }
  }

  /** From the first one's beginning to the last one's end; a time of 0 is the record's own. */
  #addLoss(loss: Kept): void {
    const { words } = loss;
    if (words[W.c] === 0 && words[W.d] === 0) words.copyWithin(W.c, W.tLow, W.task);
    const key = words[W.head]!;
    const known = this.#state.lost.get(key);
    if (known !== undefined) {
      const count = countOf(known.words) + countOf(words);
      words[W.a] = count % TWO_32;
      words[W.b] = Math.floor(count / TWO_32);
      words.set(known.words.subarray(W.c, W.head), W.c);
      this.#release(known);
    }
    this.#state.lost.set(key, loss);
  }

  #addLink(link: Kept, flags: number): void {
    const way = wayOf(flags);
    const kind = linkKindOf(flags);
    const { words } = link;
    const token = `${words[W.a]}:${words[W.b]}`;
    if (way === LINK_WAY.send && kind === LINK_KIND.job) this.#state.calls.set(token, link);
    else if (way === LINK_WAY.receive && kind === LINK_KIND.result) this.#state.calls.delete(token);
    else if (way === LINK_WAY.send && kind === LINK_KIND.spawn)
      this.#state.resources.get(words[W.c]!)?.more.push(link);
    else if (way === LINK_WAY.receive) {
      const task = this.#state.tasks.get(words[W.task]!);
      if (task !== undefined && task.more.length < MAX_LINKS) task.more.push(link);
    }
  }

  /** What would not stand in a checkpoint is forgotten now. */
  #forget(): void {
    const checkpoint = this.encode({ why: 0, limitBytes: 0, maxRecords: Number.POSITIVE_INFINITY });
    const { endedLanes } = this.#state;
    this.#state = new CheckpointState();
    for (const lane of endedLanes) this.#state.endedLanes.add(lane);
    this.records = 0;
    this.add(checkpoint);
    // Where all of it is in use, it takes as much again until the next time.
    this.#maxRemembered = Math.max(MAX_REMEMBERED, 2 * (this.#state.texts.size + this.#state.resources.size));
  }

  /** The checkpoint's records. */
  encode({ why, limitBytes, maxRecords }: CheckpointOptions): Uint8Array {
    return new CheckpointEncoder(this.#state).encode(this.#keptRecord(why, limitBytes), maxRecords);
  }

  #keptRecord(why: number, limitBytes: number): Uint32Array {
    const words = new Uint32Array(RECORD_WORDS);
    words[W.tLow] = this.lastNs % TWO_32;
    words[W.tHigh] = Math.floor(this.lastNs / TWO_32);
    words[W.a] = this.records % TWO_32;
    words[W.b] = Math.floor(this.records / TWO_32);
    words[W.c] = Math.min(Math.round(limitBytes / 1000), 0xffffffff);
    words[W.head] = head(KIND.kept, why, 0);
    return words;
  }
}

/** 0: it is no wait, or for nothing that is known. */
const waitTarget = (words: Uint32Array): number => (kindOf(words[W.head]!) === KIND.wait ? words[W.b]! : 0);

const countOf = (words: Uint32Array): number => words[W.b]! * TWO_32 + words[W.a]!;
