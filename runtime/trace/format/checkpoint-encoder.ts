/**
 * Writes a checkpoint's records: what is referred to, and with what room is left, what may be named
 * again.
 */
import { FLAG, KIND } from './kinds.ts';
import { flagsOf, head, kindOf, laneOf, RECORD_WORDS, W } from './layout.ts';
import {
  changeOf,
  type CheckpointState,
  type Kept,
  MAX_SPARE_RECORDS,
  REFERENCES,
  type Resource,
  type Task,
} from './checkpoint-state.ts';

export class CheckpointEncoder {
  readonly #state: CheckpointState;

  constructor(state: CheckpointState) {
    this.#state = state;
  }

  /** @param mark the `kept` record */
  encode(mark: Uint32Array, maxRecords: number): Uint8Array {
    const tasks = this.#chooseTasks(maxRecords / 2);
    const timed: Kept[] = [];
    for (const id of tasks) timed.push(...recordsOfTask(this.#state.tasks.get(id)!));
    timed.push(...this.#state.calls.values(), ...this.#state.pauses.values());
    const resources = new Set<number>();
    for (const { words } of timed) this.#addResourcesOf(words, resources);
    const texts = new Set<number>();
    const sites = new Set<number>();
    for (const id of resources) timed.push(...recordsOfResource(this.#state.resources.get(id)!));
    const first = [
      ...(this.#state.processBegin === null ? [] : [this.#state.processBegin]),
      ...(this.#state.virtualClock === null ? [] : [this.#state.virtualClock]),
      ...this.#state.notices,
      ...this.#state.lanes.values(),
      ...this.#state.lost.values(),
      ...(this.#state.processEnd === null ? [] : [this.#state.processEnd]),
    ];
    let count = first.length + timed.length;
    const addDefinitions = (words: Uint32Array): void => {
      count += this.#addDefinitionsOf(words, texts, sites);
    };
    for (const { words } of [...first, ...timed]) addDefinitions(words);
    // With what room is left: whatever may be named again, the latest first.
    const most = Math.min(maxRecords, count + MAX_SPARE_RECORDS);
    for (const [id, { words }] of byLastUse(this.#state.sites)) {
      if (count >= most) break;
      if (sites.has(id)) continue;
      sites.add(id);
      count++;
      addDefinitions(words);
    }
    for (const [id, resource] of byLastUse(this.#state.resources)) {
      if (count >= most) break;
      if (resources.has(id) || resource.end !== null) continue;
      const records = recordsOfResource(resource);
      timed.push(...records);
      count += records.length;
      for (const { words } of records) addDefinitions(words);
    }
    for (const [id, { pieces }] of byLastUse(this.#state.texts)) {
      if (count >= most) break;
      if (texts.has(id)) continue;
      texts.add(id);
      count += pieces.length;
    }
    const out: Uint32Array[] = [...(this.#state.clock === null ? [] : [this.#state.clock.words]), mark];
    // The latest used come last, which a reader of the checkpoint takes for their order.
    for (const [id, { pieces }] of byLastUse(this.#state.texts).reverse())
      if (texts.has(id)) out.push(...pieces);
    for (const [id, { words }] of byLastUse(this.#state.sites).reverse()) if (sites.has(id)) out.push(words);
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
    const changed = [...this.#state.tasks].sort((a, b) => changeOf(b[1]).order - changeOf(a[1]).order);
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
        at = chosen.has(at) ? this.#state.tasks.get(at)!.frameOf : -1;
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
      const resource = this.#state.resources.get(id);
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
      const site = type === 'site' && !sites.has(id) ? this.#state.sites.get(id) : undefined;
      const text = type === 'text' && !texts.has(id) ? this.#state.texts.get(id) : undefined;
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

  /** A lane that has ended has no record of its own any more. */
  #onLivingLane(words: Uint32Array): Uint32Array {
    const headWord = words[W.head]!;
    if (!this.#state.endedLanes.has(laneOf(headWord)) || kindOf(headWord) === KIND.lost) return words;
    const moved = new Uint32Array(words);
    moved[W.head] = head(kindOf(headWord), flagsOf(headWord), 0);
    return moved;
  }
}

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
