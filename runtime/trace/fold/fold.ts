/**
 * THE state machine: records in, model and observer calls out. Everything that is ever said about a
 * trace (pictures, sentences, findings, JSON) comes through here, once.
 *
 *   records ─▶ fold: time, lane ─▶ handlers (one a kind) ─▶ task-states ─▶ lane-stacks
 *                                                       └─▶ resources, processes, definitions
 *
 * The fold never throws and believes nothing: what cannot be is counted in `trace.problems` (that
 * is the validator) and taken as well as it can be.
 */
import { KIND } from '../format/kinds.ts';
import { kindOf, RECORD_BYTES, RECORD_WORDS, W } from '../format/layout.ts';
import { type Process, Trace } from '../model/trace.ts';
import { Checkpoints } from './checkpoints.ts';
import { type FoldParts, HANDLER_BY_KIND } from './handlers.ts';
import { LaneStacks } from './lane-stacks.ts';
import type { Observer } from './observer.ts';
import { Observers } from './observers.ts';
import { Processes } from './processes.ts';
import { RecordView } from './record.ts';
import { Resources } from './resources.ts';
import { TaskStates } from './task-states.ts';
import { Terminations } from './terminations.ts';
import { MAX_TIME_NS, TimeBase } from './time-base.ts';

export class Fold {
  readonly trace: Trace;
  readonly #parts: FoldParts;
  #record: RecordView | null = null;
  /** By part that has no process yet: how many clocks were read. */
  readonly #leadingClocks = new Map<number, number>();

  /** @param trace an empty model to fill, for observers that hold it beforehand. */
  constructor(observers: readonly Observer[] = [], trace: Trace = new Trace()) {
    this.trace = trace;
    const told = new Observers(observers, trace.tasks);
    const lanes = new LaneStacks(trace, told);
    const terminations = new Terminations(trace);
    this.#parts = {
      trace,
      time: new TimeBase(trace),
      processes: new Processes(trace),
      lanes,
      tasks: new TaskStates(trace, lanes, told),
      resources: new Resources(trace, told, terminations),
      terminations,
      observers: told,
      checkpoints: new Checkpoints(trace, told),
    };
  }

  /**
   * Takes in records of one part, in the order of its file.
   * @param number any number that stands for the part (process) throughout.
   * @param records whole 32-byte records; a rest is ignored. Two batches fold like one.
   */
  feed(number: number, records: Uint8Array): void {
    const bytes = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
    const count = Math.floor(bytes.length / RECORD_BYTES);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * RECORD_WORDS);
    const { processes } = this.#parts;
    let part = processes.partOf(number);
    let at = part === undefined ? this.#foldLeadingClocks(number, words) : 0;
    if (at === words.length) return;
    if (part === undefined) {
      part = processes.addPart(number) ?? undefined;
      if (part === undefined) return;
      this.trace.processes[part.process]!.records = this.#leadingClocks.get(number) ?? 0;
      this.#leadingClocks.delete(number);
    }
    const record = (this.#record ??= new RecordView(part, words, bytes));
    record.part = part;
    record.words = words;
    record.bytes = bytes;
    const process = this.trace.processes[part.process]!;
    this.#parts.observers.setMuted(part.isRestoring);
    let lastNs = Number.NEGATIVE_INFINITY;
    for (; at < words.length; at += RECORD_WORDS) {
      record.at = at;
      const t = this.#foldRecord(record, process);
      if (t > lastNs) lastNs = t;
    }
    if (lastNs > process.lastNs) process.lastNs = lastNs;
    if (lastNs > this.trace.endNs) this.trace.endNs = lastNs;
  }

  /**
   * Nothing more will come, whatever the records say of how it ended. Where a process ran when the
   * trace was saved, nothing is over.
   */
  end(): void {
    const { processes } = this.trace;
    this.trace.isOver = !processes.some(({ ranWhenSaved, endKind }) => ranWhenSaved && endKind === 0);
  }

  /** The index of a part's process in the trace; −1: the part has recorded only clocks so far. */
  processOf(part: number): number {
    return this.#parts.processes.partOf(part)?.process ?? -1;
  }

  /**
   * A part begins with the clock. A part that holds only clocks is no process: it died before it
   * recorded anything.
   */
  #foldLeadingClocks(number: number, words: Uint32Array): number {
    const { trace } = this;
    const { time, processes } = this.#parts;
    let at = 0;
    for (; at < words.length && kindOf(words[at + W.head]!) === KIND.clock; at += RECORD_WORDS) {
      const t = time.boundedNs(words[at + W.tLow]!, words[at + W.tHigh]!, MAX_TIME_NS);
      processes.setClock(t, words[at + W.a]!, words[at + W.b]!);
      if (t > trace.endNs) trace.endNs = t;
      trace.events++;
    }
    if (at > 0) this.#leadingClocks.set(number, (this.#leadingClocks.get(number) ?? 0) + at / RECORD_WORDS);
    return at;
  }

  /** @returns the record's time; −Infinity: it has none, or its kind is unknown. */
  #foldRecord(record: RecordView, process: Process): number {
    const { trace } = this;
    const parts = this.#parts;
    const { kind } = record;
    const handle = HANDLER_BY_KIND[kind];
    const { isRestoring } = record.part;
    // A hole is no record: a checkpoint does not count it either.
    if (kind !== 0) trace.recordNumber = ++process.records;
    if (!isRestoring && kind !== KIND.kept) trace.events++;
    // Definitions come first: their first words are no time.
    if (kind === KIND.text || kind === KIND.site) {
      handle!(parts, record);
      return Number.NEGATIVE_INFINITY;
    }
    if (handle === undefined) {
      trace.unknown++;
      return Number.NEGATIVE_INFINITY;
    }
    // The losses of a thread that has ended are nobody's.
    if (isRestoring && kind === KIND.lost && record.part.lanes[record.laneNumber] === undefined)
      return Number.NEGATIVE_INFINITY;
    const time = parts.time.toNs(record.timeLow, record.timeHigh);
    const index = parts.lanes.indexOf(record, time);
    if (index < 0) return Number.NEGATIVE_INFINITY;
    const t = isRestoring ? parts.time.advanceUnordered(index, time) : parts.time.advance(index, time, kind);
    record.t = t;
    record.lane = index;
    handle(parts, record);
    return t;
  }
}
