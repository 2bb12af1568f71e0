/** Processes of the program: one a part. Their beginning, end, clock and the agent's notices. */
import { AGENT_NOTICE, KIND, KINDS, LANGUAGE, PROCESS_END, flagReader } from '../format/kinds.ts';
import { kindOf, RECORD_WORDS, W } from '../format/layout.ts';
import { mayAdd } from '../model/budget.ts';
import { machineBase } from '../model/machines.ts';
import type { Process, Trace } from '../model/trace.ts';
import { Stops } from '../model/stops.ts';
import { Part } from './part.ts';
import type { RecordView } from './record.ts';
import { MAX_TIME_NS, type TimeBase } from './time-base.ts';

/** An agent that says more than this is not listened to. */
const MAX_NOTICES = 1000;
/** What a Python process writes of its exit code, until whoever started it fills that in. */
const UNKNOWN_CODE = -1;

const languageOf = flagReader(KINDS.processBegin.flags.language);
const startMethodOf = flagReader(KINDS.processBegin.flags.method);
const endKindOf = flagReader(KINDS.processEnd.flags.how);
const noticeKindOf = flagReader(KINDS.agent.flags.news);

export class Processes {
  readonly #trace: Trace;
  readonly #parts = new Map<number, Part>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Undefined: the part has recorded nothing but clocks so far. */
  partOf(number: number): Part | undefined {
    return this.#parts.get(number);
  }

  /** Null: the trace holds no more processes. */
  addPart(number: number): Part | null {
    const { processes, endNs } = this.#trace;
    if (!mayAdd(this.#trace, 'processes', processes.length)) return null;
    const part = new Part(processes.length, this.#trace);
    processes.push({
      index: part.process,
      hasBegun: false,
      machine: 0,
      pid: 0,
      parentPid: 0,
      language: 0,
      method: 0,
      argv: '',
      version: '',
      startNs: endNs,
      keptSinceNs: 0,
      endNs: null,
      records: 0,
      lastNs: endNs,
      cutNs: null,
      exitCode: null,
      signal: null,
      endKind: 0,
      endSite: -1,
      uncaught: -1,
      wasTerminated: false,
      ranWhenSaved: false,
      isVirtual: false,
      stops: new Stops(),
      notices: [],
    });
    this.#parts.set(number, part);
    return part;
  }

  beginProcess(record: RecordView): void {
    const { definitions } = record.part;
    const process = this.processOf(record);
    if (process.hasBegun) {
      this.#trace.addProblem(`process ${process.pid} begins again`);
      return;
    }
    process.hasBegun = true;
    const base = machineBase(process.machine);
    process.pid = record.a + base;
    process.parentPid = record.b + base;
    process.argv = definitions.rawTextOf(record.c);
    process.version = definitions.textOf(record.d);
    process.language = languageOf(record.flags);
    process.method = startMethodOf(record.flags);
    process.startNs = record.t;
    process.lastNs = record.t;
    // A damaged part may tell of the end first.
    if (process.endNs !== null && process.endNs < record.t) process.endNs = record.t;
  }

  endProcess(record: RecordView, time: TimeBase): void {
    const process = this.processOf(record);
    process.endNs = Math.max(record.t, process.startNs);
    const isUnknown = process.language === LANGUAGE.python && (record.a | 0) === UNKNOWN_CODE;
    process.exitCode = isUnknown ? null : record.a;
    process.signal = record.b === 0 ? null : record.b;
    process.endKind = endKindOf(record.flags);
    process.endSite = record.c === 0 ? -1 : record.part.definitions.siteIndex(record.c);
    // A process that sends itself a signal says which task does, and where.
    const isOwn = process.endKind !== PROCESS_END.signal || record.task !== 0 || record.c !== 0;
    // What Python's agent has not written did not happen: its file is its buffer.
    if (!isOwn && process.language !== LANGUAGE.python)
      process.cutNs = Math.max(process.startNs, lastNsBefore(record, time) ?? process.lastNs);
  }

  /** The first clock record ties the trace's time to the wall clock. */
  setClock(t: number, wallLow: number, wallHigh: number): void {
    this.#trace.wallNs ??= (BigInt(wallHigh) << 32n) + BigInt(wallLow) - BigInt(Math.round(t));
  }

  addNotice(record: RecordView): void {
    const process = this.processOf(record);
    const { notices } = process;
    if (noticeKindOf(record.flags) === AGENT_NOTICE.running) {
      process.ranWhenSaved = true;
      return;
    }
    const { definitions } = record.part;
    if (noticeKindOf(record.flags) === AGENT_NOTICE.machine) {
      process.machine = this.#trace.machines.add(record.c, definitions.textOf(record.a));
      return;
    }
    if (notices.length >= MAX_NOTICES) return;
    notices.push({
      kind: noticeKindOf(record.flags),
      text: definitions.textOf(record.a),
      site: definitions.siteIndex(record.b),
      count: record.c,
      t: record.t,
    });
  }

  processOf({ part }: RecordView): Process {
    return this.#trace.processes[part.process]!;
  }
}

/** The time of the record before this one, of those that are read with it; null: there is none. */
function lastNsBefore({ words, at }: RecordView, time: TimeBase): number | null {
  for (let before = at - RECORD_WORDS; before >= 0; before -= RECORD_WORDS) {
    const kind = kindOf(words[before + W.head]!);
    // The first words of a definition are no time.
    if (kind === KIND.text || kind === KIND.site) continue;
    return time.boundedNs(words[before + W.tLow]!, words[before + W.tHigh]!, MAX_TIME_NS);
  }
  return null;
}
