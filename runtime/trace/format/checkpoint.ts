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
import { FACT, FLAG, KIND, KIND_ROWS, KINDS, LINK_KIND, LINK_WAY, flagReader } from './kinds.ts';
import { RECORD_BYTES, RECORD_WORDS, W, flagsOf, head, kindOf, laneOf } from './layout.ts';

/** One record, and where it stood. */
interface Kept {
  order: number;
  readonly words: Uint32Array;
}

interface Text {
  lastUse: number;
  readonly pieces: Uint32Array[];
}

interface Site {
  lastUse: number;
  readonly words: Uint32Array;
}

interface Task {
  readonly begin: Kept;
  readonly parent: number;
  /** The last of each; of a row's frames the one that ran last speaks for the row. */
  run: Kept | null;
  /** Null: it has not waited since its last run. */
  wait: Kept | null;
  wake: Kept | null;
  isRunning: boolean;
  /** Id of the child that began last; 0: the task wrote a record after that. */
  lastChild: number;
  /** The caller that awaited it at once; 0: it is a row. */
  frameOf: number;
  absorbed: Kept | null;
  /** Its chunk, its cancel and the ends of links that it received. */
  readonly more: Kept[];
}

interface Resource {
  lastUse: number;
  readonly begin: Kept;
  end: Kept | null;
  level: Kept | null;
  /** Members of a group, and the spawn of a thread or process. */
  readonly more: Kept[];
}

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
/** For definitions that nothing refers to now. */
const MAX_SPARE_RECORDS = 1 << 16;
const TWO_32 = 2 ** 32;

/** By kind: the words that name a text, a site or perhaps a resource. */
const REFERENCES = [
  [],
  ...KIND_ROWS.map((row) =>
    (['task', 'a', 'b', 'c', 'd'] as const).flatMap((word) => {
      const type = row[word]?.type;
      return type === 'text' || type === 'site' || type === 'resource' || type === 'task-or-resource'
        ? [{ word: W[word], type }]
        : [];
    }),
  ),
];

export class Checkpoint {
  /** Records that it stands for, definitions included, without the clock before it. */
  records = 0;
  /** The latest time among them, monotonic ns. */
  lastNs = 0;
  #order = 0;
  readonly #free: Kept[] = [];
  /** Within a checkpoint that is read again. */
  #isRestoring = false;
  #clock: Kept | null = null;
  #processBegin: Kept | null = null;
  #processEnd: Kept | null = null;
  #virtualClock: Kept | null = null;
  readonly #notices: Kept[] = [];
  /** By the flags and the lane: all losses of a sort as one. */
  readonly #lost = new Map<number, Kept>();
  readonly #lanes = new Map<number, Kept>();
  readonly #endedLanes = new Set<number>();
  readonly #pauses = new Map<number, Kept>();
  readonly #texts = new Map<number, Text>();
  readonly #sites = new Map<number, Site>();
  readonly #tasks = new Map<number, Task>();
  readonly #resources = new Map<number, Resource>();
  /** Calls of pools that were not answered, by their token and its process. */
  readonly #calls = new Map<string, Kept>();

  /** The record that stays before the checkpoint: 1, or 0 where there was none. */
  get clocks(): number {
    return this.#clock === null ? 0 : 1;
  }

  /** @param records whole ones of one part, in the order of its file */
  add(records: Uint8Array): void {
    const bytes = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
    const count = Math.floor(bytes.length / RECORD_BYTES);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * RECORD_WORDS);
    for (let at = 0; at < words.length; at += RECORD_WORDS) this.#addRecord(words, at);
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
    const isFirstClock = kind === KIND.clock && this.#clock === null;
    if (!this.#isRestoring && !isFirstClock) this.records++;
    this.#noteUses(kind, words, at, order);
    const id = words[at + W.task]!;
    const a = words[at + W.a]!;
    const flags = flagsOf(headWord);
    const lane = laneOf(headWord);
    switch (kind) {
      case KIND.text: {
        const text = this.#texts.get(id);
        if (text === undefined || lane === 0) this.#texts.set(id, { lastUse: order, pieces: [copy().words] });
        else text.pieces.push(copy().words);
        return;
      }
      case KIND.site:
        this.#sites.set(id, { lastUse: order, words: copy().words });
        return;
      case KIND.clock:
        this.#clock ??= copy();
        return;
      case KIND.processBegin:
        this.#processBegin = copy();
        return;
      case KIND.processEnd:
        this.#processEnd = copy();
        return;
      case KIND.laneBegin:
        this.#lanes.set(lane, copy());
        return;
      case KIND.laneEnd:
        this.#endLane(lane);
        return;
      case KIND.activationBegin: {
        const parent = this.#tasks.get(a);
        if (parent !== undefined) parent.lastChild = id;
        this.#tasks.set(id, {
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
        const task = this.#tasks.get(id);
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
        const task = this.#tasks.get(id);
        if (task !== undefined && task.wait !== null) task.wake ??= copy();
        return;
      }
      case KIND.activationEnd:
        this.#endTask(id, words, at, order);
        return;
      case KIND.resourceBegin:
        this.#resources.set(a, { lastUse: order, begin: copy(), end: null, level: null, more: [] });
        return;
      case KIND.resourceEnd: {
        const resource = this.#resources.get(a);
        if (resource !== undefined) resource.end = copy();
        return;
      }
      case KIND.put:
      case KIND.get:
      case KIND.acquire:
      case KIND.release: {
        const resource = this.#resources.get(a);
        const isRefused = (kind === KIND.put || kind === KIND.get) && (flags & FLAG.moveRefused) !== 0;
        if (resource !== undefined && !isRefused) resource.level = copy();
        return;
      }
      case KIND.group:
        this.#resources.get(a)?.more.push(copy());
        return;
      case KIND.chunk:
      case KIND.cancel:
        this.#tasks.get(id)?.more.push(copy());
        return;
      case KIND.link:
        this.#addLink(copy(), flags);
        return;
      case KIND.fact:
        if (factOf(flags) === FACT['virtual-clock']) this.#virtualClock = copy();
        return;
      case KIND.pause:
        this.#pauses.set(lane, copy());
        return;
      case KIND.resume:
        this.#pauses.delete(lane);
        return;
      case KIND.lost:
        this.#addLoss(copy());
        return;
      case KIND.agent:
        if (this.#notices.length < MAX_NOTICES) this.#notices.push(copy());
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
          ? this.#texts.get(id)
          : type === 'site'
            ? this.#sites.get(id)
            : this.#resources.get(id);
      if (used !== undefined) used.lastUse = order;
    }
  }

  #beginWait(id: number, kind: number, target: number, flags: number, wait: Kept): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    if (kind === KIND.wait && (flags & FLAG.waitDirect) !== 0) {
      const child = this.#tasks.get(target);
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
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    this.#tasks.delete(id);
    for (const kept of [task.begin, task.run, task.wait, task.wake, task.absorbed]) this.#release(kept);
    const caller = this.#tasks.get(task.frameOf);
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
    this.#lanes.delete(lane);
    this.#pauses.delete(lane);
    this.#endedLanes.add(lane);
    for (const [id, task] of this.#tasks) {
      if (laneOf(changeOf(task).words[W.head]!) === lane) this.#tasks.delete(id);
    }
  }

  /** From the first one's beginning to the last one's end; a time of 0 is the record's own. */
  #addLoss(loss: Kept): void {
    const { words } = loss;
    if (words[W.c] === 0 && words[W.d] === 0) words.copyWithin(W.c, W.tLow, W.task);
    const key = words[W.head]!;
    const known = this.#lost.get(key);
    if (known !== undefined) {
      const count = countOf(known.words) + countOf(words);
      words[W.a] = count % TWO_32;
      words[W.b] = Math.floor(count / TWO_32);
      words.set(known.words.subarray(W.c, W.head), W.c);
      this.#release(known);
    }
    this.#lost.set(key, loss);
  }

  #addLink(link: Kept, flags: number): void {
    const way = wayOf(flags);
    const kind = linkKindOf(flags);
    const { words } = link;
    const token = `${words[W.a]}:${words[W.b]}`;
    if (way === LINK_WAY.send && kind === LINK_KIND.job) this.#calls.set(token, link);
    else if (way === LINK_WAY.receive && kind === LINK_KIND.result) this.#calls.delete(token);
    else if (way === LINK_WAY.send && kind === LINK_KIND.spawn)
      this.#resources.get(words[W.c]!)?.more.push(link);
    else if (way === LINK_WAY.receive) {
      const task = this.#tasks.get(words[W.task]!);
      if (task !== undefined && task.more.length < MAX_LINKS) task.more.push(link);
    }
  }

  /** The checkpoint's records. */
  encode({ why, limitBytes, maxRecords }: CheckpointOptions): Uint8Array {
    const tasks = this.#chooseTasks(maxRecords / 2);
    const timed: Kept[] = [];
    for (const id of tasks) timed.push(...recordsOfTask(this.#tasks.get(id)!));
    timed.push(...this.#calls.values(), ...this.#pauses.values());
    const resources = new Set<number>();
    for (const { words } of timed) this.#addResourcesOf(words, resources);
    const texts = new Set<number>();
    const sites = new Set<number>();
    for (const id of resources) timed.push(...recordsOfResource(this.#resources.get(id)!));
    const first = [
      ...(this.#processBegin === null ? [] : [this.#processBegin]),
      ...(this.#virtualClock === null ? [] : [this.#virtualClock]),
      ...this.#notices,
      ...this.#lanes.values(),
      ...this.#lost.values(),
      ...(this.#processEnd === null ? [] : [this.#processEnd]),
    ];
    let count = first.length + timed.length;
    const addDefinitions = (words: Uint32Array): void => {
      count += this.#addDefinitionsOf(words, texts, sites);
    };
    for (const { words } of [...first, ...timed]) addDefinitions(words);
    // With what room is left: whatever may be named again, the latest first.
    const most = Math.min(maxRecords, count + MAX_SPARE_RECORDS);
    for (const [id, { words }] of byLastUse(this.#sites)) {
      if (count >= most) break;
      if (sites.has(id)) continue;
      sites.add(id);
      count++;
      addDefinitions(words);
    }
    for (const [id, resource] of byLastUse(this.#resources)) {
      if (count >= most) break;
      if (resources.has(id) || resource.end !== null) continue;
      const records = recordsOfResource(resource);
      timed.push(...records);
      count += records.length;
      for (const { words } of records) addDefinitions(words);
    }
    for (const [id, { pieces }] of byLastUse(this.#texts)) {
      if (count >= most) break;
      if (texts.has(id)) continue;
      texts.add(id);
      count += pieces.length;
    }
    const mark = this.#keptRecord(why, limitBytes);
    const out: Uint32Array[] = [...(this.#clock === null ? [] : [this.#clock.words]), mark];
    // The latest used come last, which a reader of the checkpoint takes for their order.
    for (const [id, { pieces }] of byLastUse(this.#texts).reverse()) if (texts.has(id)) out.push(...pieces);
    for (const [id, { words }] of byLastUse(this.#sites).reverse()) if (sites.has(id)) out.push(words);
    for (const { words } of first) out.push(this.#onLivingLane(words));
    // The wait by which a task became a frame may be its caller's last state, too.
    const inOrder = [...new Set(timed)].sort((a, b) => a.order - b.order);
    for (const { words } of inOrder) out.push(this.#onLivingLane(words));
    const end = new Uint32Array(mark);
    end[W.head] = (end[W.head]! | (FLAG.keptEnd << 16)) >>> 0;
    out.push(end);
    const whole = new Uint32Array(out.length * RECORD_WORDS);
    out.forEach((words, i) => whole.set(words, i * RECORD_WORDS));
    return new Uint8Array(whole.buffer);
  }

  /** Those that changed last, with their callers. */
  #chooseTasks(maxRecords: number): ReadonlySet<number> {
    const changed = [...this.#tasks].sort((a, b) => changeOf(b[1]).order - changeOf(a[1]).order);
    const chosen = new Set<number>();
    let count = 0;
    for (const [id, task] of changed) {
      count += 3 + task.more.length;
      if (count > maxRecords) break;
      chosen.add(id);
    }
    // A frame without its caller is nobody's: what called it has ended, or was left out.
    const isShown = new Map<number, boolean>([[0, true]]);
    for (const id of chosen) {
      const way: number[] = [];
      let at = id;
      while (!isShown.has(at)) {
        way.push(at);
        // A hostile part may hold a circle.
        isShown.set(at, false);
        at = chosen.has(at) ? this.#tasks.get(at)!.frameOf : -1;
        if (at === -1) isShown.set(-1, false);
      }
      const shown = isShown.get(at)!;
      for (const task of way) isShown.set(task, shown && chosen.has(task));
    }
    for (const id of chosen) if (!isShown.get(id)) chosen.delete(id);
    return chosen;
  }

  #addResourcesOf(words: Uint32Array, into: Set<number>): void {
    for (const { word, type } of REFERENCES[kindOf(words[W.head]!)] ?? []) {
      if (type === 'text' || type === 'site') continue;
      const id = words[word]!;
      const resource = this.#resources.get(id);
      if (resource === undefined || into.has(id)) continue;
      into.add(id);
      // What a group's members wait for.
      for (const member of resource.more) this.#addResourcesOf(member.words, into);
    }
  }

  /** @returns how many records that takes */
  #addDefinitionsOf(words: Uint32Array, texts: Set<number>, sites: Set<number>): number {
    let count = 0;
    for (const { word, type } of REFERENCES[kindOf(words[W.head]!)] ?? []) {
      const id = words[word]!;
      const site = type === 'site' && !sites.has(id) ? this.#sites.get(id) : undefined;
      const text = type === 'text' && !texts.has(id) ? this.#texts.get(id) : undefined;
      if (text !== undefined) {
        texts.add(id);
        count += text.pieces.length;
      }
      if (site === undefined) continue;
      sites.add(id);
      count += 1 + this.#addDefinitionsOf(site.words, texts, sites);
    }
    return count;
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

  /** A lane that has ended has no record of its own any more. */
  #onLivingLane(words: Uint32Array): Uint32Array {
    const headWord = words[W.head]!;
    if (!this.#endedLanes.has(laneOf(headWord)) || kindOf(headWord) === KIND.lost) return words;
    const moved = new Uint32Array(words);
    moved[W.head] = head(kindOf(headWord), flagsOf(headWord), 0);
    return moved;
  }
}

/** 0: it is no wait, or for nothing that is known. */
const waitTarget = (words: Uint32Array): number => (kindOf(words[W.head]!) === KIND.wait ? words[W.b]! : 0);

const countOf = (words: Uint32Array): number => words[W.b]! * TWO_32 + words[W.a]!;

const changeOf = ({ begin, run, wait }: Task): Kept => wait ?? run ?? begin;

function recordsOfTask({ begin, run, wait, wake, isRunning, absorbed, more }: Task): Kept[] {
  const records = [begin];
  if (run !== null) records.push(run);
  else if (isRunning) {
    const words = new Uint32Array(RECORD_WORDS);
    words.set(begin.words.subarray(0, W.a));
    words[W.head] = head(KIND.run, 0, laneOf(begin.words[W.head]!));
    records.push({ order: begin.order, words });
  }
  records.push(...more);
  if (absorbed !== null) records.push(absorbed);
  if (wait !== null) records.push(wait);
  if (wake !== null) records.push(wake);
  return records;
}

function recordsOfResource({ begin, level, end, more }: Resource): Kept[] {
  return [begin, ...more, ...(level === null ? [] : [level]), ...(end === null ? [] : [end])];
}

/** The latest first. */
const byLastUse = <T extends { readonly lastUse: number }>(entries: Map<number, T>): [number, T][] =>
  [...entries].sort((a, b) => b[1].lastUse - a[1].lastUse);
