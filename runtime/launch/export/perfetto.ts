/**
 * A trace for Perfetto (ui.perfetto.dev), in its own format of protocol buffers: track events.
 * Beside each number stands the field's name in Perfetto's schema
 * (protos/perfetto/trace/perfetto_trace.proto).
 *
 *   process ─┬─ thread: which task executes            ─ a track of slices
 *            ├─ row of a task ─┬─ run, ready, wait     ─ slices named by what is awaited
 *            │                 └─ row of its child
 *            ├─ queue, lock, pool: its level           ─ a counter
 *            └─ findings                               ─ instants
 *
 * A wake is a flow: from an instant on the waker's track to where the woken goes on.
 */
import { State, STATE_NAMES } from '../../trace/model/state.ts';
import type { Span } from '../../trace/model/spans.ts';
import { plain } from '../../trace/words/sentence.ts';
import type { ExportedTrace } from './exported-trace.ts';
import { nameLane, nameProcess, nameResource, nameSpan, rowsOf, spansOf } from './exported-trace.ts';
import { ProtoMessage } from './protobuf.ts';

const TRACE = { packet: 1 } as const;
const PACKET = {
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;
const TRACK = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5, counter: 8 } as const;
const PROCESS = { pid: 1, name: 6 } as const;
const THREAD = { pid: 1, tid: 2, name: 5 } as const;
const COUNTER = { unit: 3 } as const;
const EVENT = {
  debugAnnotations: 4,
  type: 9,
  trackUuid: 11,
  categories: 22,
  name: 23,
  counterValue: 30,
  sourceLocation: 33,
  flowIds: 47,
  terminatingFlowIds: 48,
} as const;
const LOCATION = { file: 2, fn: 3, line: 4 } as const;
const ANNOTATION = { text: 6, name: 10 } as const;

const TYPE = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;
const UNIT_COUNT = 2;
/** SEQ_INCREMENTAL_STATE_CLEARED: the first packet of a sequence. */
const CLEARED = 1;
const SEQUENCE = 1;
/** Threads without a number of the system's get one that no system gives. */
const FIRST_MADE_UP_TID = 1_000_000_000;

/** Passes on the file piece by piece; each is only lent. */
export function writePerfetto(exported: ExportedTrace, write: (bytes: Uint8Array) => void): void {
  new PerfettoWriter(exported, write).writeAll();
}

interface EventFields {
  readonly type: number;
  readonly track: number;
  readonly t: number;
  readonly name?: string;
  readonly category?: string;
  readonly site?: number;
  readonly counter?: number;
  /** Flows that begin here, and one that ends here. */
  readonly flow?: number;
  readonly endedFlow?: number;
  readonly notes?: Readonly<Record<string, string>>;
}

class PerfettoWriter {
  readonly #exported: ExportedTrace;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #tracks = new Map<string, number>();
  readonly #file = new ProtoMessage();
  readonly #packet = new ProtoMessage();
  readonly #event = new ProtoMessage();
  readonly #part = new ProtoMessage();
  #flows = 0;
  #isFirst = true;

  constructor(exported: ExportedTrace, write: (bytes: Uint8Array) => void) {
    this.#exported = exported;
    this.#write = write;
  }

  writeAll(): void {
    const { trace } = this.#exported;
    for (const process of trace.processes) this.#describeProcess(process.index);
    for (const lane of trace.lanes) this.#writeLane(lane.index);
    for (const row of rowsOf(this.#exported)) this.#describeRow(row);
    for (const row of rowsOf(this.#exported)) this.#writeRow(row);
    for (const resource of trace.resources) this.#writeLevels(resource.index);
    this.#writeFindings();
  }

  #describeProcess(index: number): void {
    const process = this.#exported.trace.processes[index]!;
    this.#describe(this.#trackOf('process', index), (track) =>
      track.message(
        TRACK.process,
        this.#part.clear().uint(PROCESS.pid, process.pid).text(PROCESS.name, nameProcess(process)),
      ),
    );
  }

  /** Which activation the thread executes. */
  #writeLane(index: number): void {
    const { trace, columns } = this.#exported;
    const lane = trace.lanes[index]!;
    const { pid } = trace.processes[lane.process]!;
    const track = this.#trackOf('lane', index);
    const tid = lane.osThread > 0 ? lane.osThread : FIRST_MADE_UP_TID + index;
    this.#describe(track, (message) => {
      const thread = this.#part.clear().uint(THREAD.pid, pid).uint(THREAD.tid, tid);
      message.message(TRACK.thread, thread.text(THREAD.name, nameLane(lane)));
    });
    for (let i = 0; ; i++) {
      const span = columns.laneSpanAt(index, i);
      if (span === null) return;
      if (span.task < 0) continue;
      const name = span.isPaused ? 'paused' : trace.labelOf(span.task);
      const site = trace.tasks.site[span.task]!;
      this.#slice(
        { track, name, category: span.isPaused ? 'paused' : 'run', site },
        span.startNs,
        span.endNs,
      );
    }
  }

  #describeRow(row: number): void {
    const { trace } = this.#exported;
    const { parent, process } = trace.tasks;
    const above = parent[row]! < 0 ? -1 : trace.rowOf(parent[row]!);
    const isBelow = above >= 0 && above !== row && process[above] === process[row];
    this.#describe(this.#trackOf('row', row), (track) =>
      track
        .uint(
          TRACK.parentUuid,
          isBelow ? this.#trackOf('row', above) : this.#trackOf('process', process[row]!),
        )
        .text(TRACK.name, trace.labelOf(row)),
    );
  }

  #writeRow(row: number): void {
    const { trace } = this.#exported;
    const track = this.#trackOf('row', row);
    let before: Span | null = null;
    for (const span of spansOf(this.#exported, row)) {
      const endedFlow = before?.state === State.wait ? this.#writeWake(row, span) : undefined;
      const isWait = span.state === State.wait;
      this.#slice(
        {
          track,
          name: nameSpan(trace, span),
          category: STATE_NAMES[span.state as 1 | 2 | 3 | 5] ?? 'run',
          ...(isWait ? { site: span.ref } : {}),
          ...(isWait && span.target < 0 ? { notes: { for: nameResource(trace, -span.target - 1) } } : {}),
          ...(endedFlow === undefined ? {} : { endedFlow }),
        },
        span.startNs,
        span.endNs,
      );
      before = span;
    }
  }

  /** @returns the flow that ends where the row goes on; undefined: nobody else is known to be it */
  #writeWake(row: number, span: Span): number | undefined {
    const { trace } = this.#exported;
    const waker = span.ref < 0 ? -1 : trace.rowOf(span.ref);
    if (waker < 0 || waker === row) return undefined;
    const flow = ++this.#flows;
    const track = this.#trackOf('row', waker);
    const name = `wakes ${trace.labelOf(row)}`;
    this.#writeEvent({ type: TYPE.instant, track, t: span.startNs, name, category: 'wake', flow });
    return flow;
  }

  #writeLevels(resource: number): void {
    const { trace, columns } = this.#exported;
    const levels = columns.levels[resource];
    if (levels === undefined) return;
    const track = this.#trackOf('resource', resource);
    const process = this.#trackOf('process', trace.resources[resource]!.process);
    this.#describe(track, (message) =>
      message
        .uint(TRACK.parentUuid, process)
        .text(TRACK.name, nameResource(trace, resource))
        .message(TRACK.counter, this.#part.clear().uint(COUNTER.unit, UNIT_COUNT)),
    );
    for (let i = 0; i < levels.count; i++)
      this.#writeEvent({ type: TYPE.counter, track, t: levels.time(i), counter: levels.level(i) });
  }

  #writeFindings(): void {
    const { trace, findings } = this.#exported;
    for (const { rule, severity, words, sites, tasks, t, sinceNs = t } of findings) {
      const process = tasks[0] === undefined ? 0 : trace.tasks.process[tasks[0]]!;
      const isKnown = this.#tracks.has(`findings ${process}`);
      const track = this.#trackOf('findings', process);
      if (!isKnown)
        this.#describe(track, (message) =>
          message.uint(TRACK.parentUuid, this.#trackOf('process', process)).text(TRACK.name, 'findings'),
        );
      const notes = { severity, finding: plain(words) };
      const site = sites[0] ?? -1;
      this.#writeEvent({
        type: TYPE.instant,
        track,
        t: sinceNs,
        name: rule,
        category: 'finding',
        site,
        notes,
      });
    }
  }

  #slice(fields: Omit<EventFields, 'type' | 't'>, startNs: number, endNs: number): void {
    this.#writeEvent({ ...fields, type: TYPE.sliceBegin, t: startNs });
    this.#writeEvent({ type: TYPE.sliceEnd, track: fields.track, t: endNs });
  }

  #writeEvent(fields: EventFields): void {
    const event = this.#event.clear();
    event.uint(EVENT.type, fields.type).uint(EVENT.trackUuid, fields.track);
    for (const [name, text] of Object.entries(fields.notes ?? {}))
      event.message(
        EVENT.debugAnnotations,
        this.#part.clear().text(ANNOTATION.name, name).text(ANNOTATION.text, text),
      );
    if (fields.category !== undefined) event.text(EVENT.categories, fields.category);
    if (fields.name !== undefined) event.text(EVENT.name, fields.name);
    if (fields.counter !== undefined) event.uint(EVENT.counterValue, fields.counter);
    const site = this.#exported.trace.sites[fields.site ?? -1];
    if (site !== undefined) {
      const location = this.#part.clear().text(LOCATION.file, site.file);
      event.message(EVENT.sourceLocation, location.text(LOCATION.fn, site.fn).uint(LOCATION.line, site.line));
    }
    if (fields.flow !== undefined) event.fixed64(EVENT.flowIds, fields.flow);
    if (fields.endedFlow !== undefined) event.fixed64(EVENT.terminatingFlowIds, fields.endedFlow);
    const packet = this.#packet.clear().uint(PACKET.timestamp, Math.max(0, Math.round(fields.t)));
    this.#writePacket(packet.message(PACKET.trackEvent, event));
  }

  #describe(uuid: number, fill: (track: ProtoMessage) => void): void {
    const track = this.#event.clear().uint(TRACK.uuid, uuid);
    fill(track);
    this.#writePacket(this.#packet.clear().message(PACKET.trackDescriptor, track));
  }

  #writePacket(packet: ProtoMessage): void {
    packet.uint(PACKET.sequenceId, SEQUENCE);
    if (this.#isFirst) packet.uint(PACKET.sequenceFlags, CLEARED);
    this.#isFirst = false;
    this.#write(this.#file.clear().message(TRACE.packet, packet).bytes);
  }

  /** Its uuid: unique in the file, never 0. */
  #trackOf(kind: 'process' | 'lane' | 'row' | 'resource' | 'findings', index: number): number {
    const key = `${kind} ${index}`;
    let uuid = this.#tracks.get(key);
    if (uuid === undefined) this.#tracks.set(key, (uuid = this.#tracks.size + 1));
    return uuid;
  }
}
