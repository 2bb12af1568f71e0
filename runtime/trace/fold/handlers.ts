/**
 * What each kind of record does to the model: a table, so that a new kind without a handler does
 * not compile. A handler reads the record's ids through its part and hands dense indexes on.
 */
import {
  FACT,
  FLAG,
  KINDS,
  KIND_ROWS,
  LINK_KIND,
  OUTCOME,
  PAUSE,
  PROCESS_END,
  RESOURCE_KIND,
  UNIT_NS,
  USE,
  flagBits,
  flagReader,
  numberSet,
  type KindName,
} from '../format/kinds.ts';
import { mayAdd } from '../model/budget.ts';
import type { Link } from '../model/link.ts';
import { laneOfLoss } from '../model/losses.ts';
import { machineBase } from '../model/machines.ts';
import type { Trace } from '../model/trace.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { LaneStacks } from './lane-stacks.ts';
import type { Observers } from './observers.ts';
import type { Processes } from './processes.ts';
import type { RecordView } from './record.ts';
import type { Resources } from './resources.ts';
import type { TaskStates } from './task-states.ts';
import type { Terminations } from './terminations.ts';
import { MAX_TIME_NS, type TimeBase } from './time-base.ts';

/** The parts of the fold that handlers work with. */
export interface FoldParts {
  readonly trace: Trace;
  readonly time: TimeBase;
  readonly processes: Processes;
  readonly lanes: LaneStacks;
  readonly tasks: TaskStates;
  readonly resources: Resources;
  readonly terminations: Terminations;
  readonly observers: Observers;
  readonly checkpoints: Checkpoints;
}

export type Handler = (parts: FoldParts, record: RecordView) => void;

const siteRoleOf = flagReader(KINDS.site.flags.role);
const siteNoteOf = flagReader(KINDS.site.flags.note);
const stepReasonOf = flagReader(KINDS.step.flags.reason);
const stepUnitOf = flagReader(KINDS.step.flags.unit);
const heldUnitOf = flagReader(KINDS.held.flags.unit);
const profileUnitOf = flagReader(KINDS.profile.flags.unit);
const holdOf = flagReader(KINDS.held.flags.how);
const factOf = flagReader(KINDS.fact.flags.what);
const useOf = flagReader(KINDS.use.flags.how);
const sizeUnitOf = flagReader(KINDS.value.flags.unit);
const pauseOf = flagReader(KINDS.pause.flags.why);
const lossOf = flagReader(KINDS.lost.flags.where);
const linkWayOf = flagReader(KINDS.link.flags.way);
const linkKindOf = flagReader(KINDS.link.flags.kind);
const RESULTS = numberSet(LINK_KIND, 'result', 'queued-result');
const QUEUED = numberSet(LINK_KIND, 'queued-job', 'queued-result');
/** Their token is the pid of a process. */
const PID_TOKENS = numberSet(LINK_KIND, 'spawn', 'exit', 'output', 'signal');

/** A worker does not know its own name on every Node; who made it does. */
function nameWorker(trace: Trace, { resource, receiverLane }: Link): void {
  const lane = trace.lanes[receiverLane];
  const info = trace.resources[resource];
  if (lane !== undefined && info?.kind === RESOURCE_KIND.worker) lane.name = info.name;
}

const moveItem: Handler = ({ resources }, record) => resources.moveItem(record);

const HANDLERS: Readonly<Record<KindName, Handler>> = {
  text: (_parts, { part, task: id, laneNumber: piece, flags, bytes, byteOffset }) => {
    part.definitions.addTextPiece(id, piece, (flags & FLAG.textLast) !== 0, bytes, byteOffset);
  },
  site: (_parts, { part, task: id, a, b, c, d, timeLow, timeHigh, flags }) => {
    const { definitions } = part;
    definitions.addSite(id, {
      file: definitions.rawTextOf(a),
      line: b,
      column: timeLow,
      fn: definitions.textOf(c),
      text: definitions.textOf(d),
      role: siteRoleOf(flags),
      direct: (flags & FLAG.siteDirect) !== 0,
      note: siteNoteOf(flags),
      lineHash: timeHigh,
    });
  },
  processBegin: ({ processes }, record) => processes.beginProcess(record),
  processEnd: ({ processes, tasks, time }, record) => {
    processes.endProcess(record, time);
    const { index, endKind, uncaught } = processes.processOf(record);
    if (endKind === PROCESS_END.uncaught) tasks.failModules(index, uncaught);
  },
  clock: ({ processes }, { t, a, b }) => processes.setClock(t, a, b),
  laneBegin: ({ lanes }, record) => lanes.beginLane(record),
  laneEnd: ({ lanes }, record) => lanes.endLane(record),
  activationBegin: ({ tasks }, record) => tasks.beginTask(record),
  activationEnd: ({ tasks }, record) => tasks.endTask(record),
  run: ({ tasks }, record) => {
    const { definitions } = record.part;
    const got = record.c === 0 ? -1 : definitions.textIndex(record.c);
    tasks.run(record, definitions.task(record.a), definitions.resourceTarget(record.b), got);
  },
  wait: ({ tasks }, record) => {
    const { definitions } = record.part;
    const site = definitions.siteIndex(record.a);
    tasks.beginWait(record, record.t, site, definitions.target(record.b), record.flags);
    if (record.c !== 0) tasks.noteGiven(record);
  },
  step: ({ trace, tasks, processes }, record) => {
    const { definitions } = record.part;
    const { flags } = record;
    const leftNs = Math.min(record.t + record.a * (UNIT_NS[stepUnitOf(flags)] ?? 1), MAX_TIME_NS);
    tasks.run(record, definitions.task(record.d), 0);
    const waitFlags = flagBits(KINDS.wait.flags.reason, stepReasonOf(flags));
    const site = definitions.siteIndex(record.b);
    tasks.beginWait(record, leftNs, site, definitions.target(record.c), waitFlags);
    if (leftNs > trace.endNs) trace.endNs = leftNs;
    const process = processes.processOf(record);
    if (leftNs > process.lastNs) process.lastNs = leftNs;
  },
  wake: ({ tasks }, { part, t, task, a, b }) => {
    tasks.wake(task, part, t, part.definitions.task(a), part.definitions.resourceTarget(b));
  },
  resourceBegin: ({ resources }, record) => resources.beginResource(record),
  resourceEnd: ({ resources }, record) => resources.endResource(record),
  put: moveItem,
  get: moveItem,
  acquire: moveItem,
  release: moveItem,
  group: ({ resources }, record) => resources.addMember(record),
  chunk: ({ trace, observers }, { part, t, task: id, a, b, c, flags }) => {
    const task = part.definitions.task(id);
    if (task < 0) return;
    const pool = part.definitions.resource(a);
    const chunk = { pool, first: b, items: c, isRetry: (flags & FLAG.chunkRetry) !== 0 };
    trace.links.chunks.set(task, chunk);
    observers.chunkBegan(task, t, chunk);
  },
  link: ({ trace, resources, terminations, observers }, { part, lane, t, task, a, b, c, d, flags }) => {
    const { definitions } = part;
    const kind = linkKindOf(flags);
    // On several machines processes may have one pid.
    const base = QUEUED.has(kind) ? 0 : machineBase(trace.processes[part.process]!.machine);
    const isPidToken = PID_TOKENS.has(kind);
    const end = {
      way: linkWayOf(flags),
      kind,
      t,
      task: definitions.task(task),
      lane,
      token: isPidToken ? a + base : a,
      pid: isPidToken ? b : b + base,
      resource: definitions.resource(c),
      attempt: d,
    };
    if (!mayAdd(trace, 'links', trace.links.count)) return;
    const link = trace.links.add(end);
    // A result goes the other way: its receiver works for nobody.
    if (!RESULTS.has(end.kind)) terminations.linkAdded(link);
    if (end.kind === LINK_KIND.spawn) nameWorker(trace, link);
    resources.countCall(end);
    trace.jobs.linkRead(end, link, end.task < 0 ? -1 : trace.tasks.resource[end.task]!);
    observers.linkEndRead(end, link);
  },
  cancel: ({ trace }, { part, t, task, a }) => {
    const target = part.definitions.task(task);
    if (target < 0) return;
    const by = part.definitions.task(a);
    trace.tasks.canceller[target] = by;
    if (!mayAdd(trace, 'cancels', trace.cancels.count)) return;
    trace.cancels.add(trace.rowOf(target), { t, by });
  },
  held: ({ trace }, { part, lane, t, task, a, b, c, d, flags }) => {
    if (lane < 0 || part.isRestoring || !mayAdd(trace, 'holds', trace.holds.count)) return;
    const { definitions } = part;
    const ns = Math.min(a * (UNIT_NS[heldUnitOf(flags)] ?? 1), MAX_TIME_NS - t);
    trace.holds.add({
      lane,
      sinceNs: t,
      untilNs: t + ns,
      ns,
      kind: holdOf(flags),
      task: definitions.task(task),
      site: definitions.siteIndex(b),
      from: definitions.siteIndex(d),
      callee: definitions.textOf(c),
      hasTimedOut: (flags & FLAG.heldTimedOut) !== 0,
    });
  },
  times: ({ trace }, { lane, t, a, b, c, d }) => {
    if (lane < 0) return;
    trace.threadTimes.add(lane, { t, ranNs: b * 2 ** 32 + a, delayedNs: d * 2 ** 32 + c });
  },
  profile: ({ trace }, { part, lane, t, a, b, c, d, flags }) => {
    if (lane < 0 || part.isRestoring || !mayAdd(trace, 'profiled', trace.profile.count)) return;
    const { definitions } = part;
    const ns = a * (UNIT_NS[profileUnitOf(flags)] ?? 1);
    const place = { lane, site: definitions.siteIndex(b), what: definitions.textOf(c), ns, samples: d };
    trace.profile.add(place, t);
  },
  value: ({ trace, tasks }, { part, t, task: id, a, b, flags }) => {
    const task = tasks.waitingTask(part, id, 'comes back with a value');
    if (task < 0 || part.isRestoring || !mayAdd(trace, 'values', trace.values.count)) return;
    trace.values.add({
      row: trace.rowOf(task),
      site: trace.tasks.waitSite[task]!,
      sinceNs: trace.tasks.sinceNs[task]!,
      t,
      type: a === 0 ? -1 : part.definitions.textIndex(a),
      unit: sizeUnitOf(flags),
      size: b,
      threw: (flags & FLAG.valueThrew) !== 0,
    });
  },
  fact: ({ trace, processes, observers }, record) => {
    const { part, t, task: id, a, b, c, d: amount, flags } = record;
    const { definitions } = part;
    const what = factOf(flags);
    if (what === FACT['virtual-clock']) {
      processes.processOf(record).isVirtual = true;
      return;
    }
    const task = definitions.task(id);
    if (what === FACT.dropped) {
      if (task >= 0) trace.tasks.droppedAt[task] = definitions.siteIndex(c);
      return;
    }
    const text = definitions.textIndex(b);
    if (what === FACT.interrupted) {
      // What is asked now is asked as of this time.
      if (t > trace.endNs) trace.endNs = t;
      if (!part.isRestoring) observers.processInterrupted(part.process, t);
      return;
    }
    if (what === FACT.silenced) {
      const place = trace.sites[definitions.siteIndex(a)];
      if (place !== undefined) trace.silenced.add(place, trace.text(text));
      return;
    }
    const { tasks } = trace;
    // An error is told of the task that failed with it, as soon as it is known.
    const isError = what === FACT.error || what === FACT.unhandled;
    if (isError && task >= 0 && tasks.outcome[task] === OUTCOME.error && tasks.error[task]! < 0)
      tasks.error[task] = text;
    if (isError && task >= 0 && tasks.endSite[task]! < 0) tasks.endSite[task] = definitions.siteIndex(a);
    // An error that was caught is no fact beyond that.
    if (what === FACT.error || !mayAdd(trace, 'facts', trace.facts.length)) return;
    if (what === FACT.uncaught) processes.processOf(record).uncaught = text;
    const [site, called] = [definitions.siteIndex(a), definitions.siteIndex(c)];
    const event = { process: part.process, number: trace.recordNumber };
    trace.facts.push({
      what,
      process: part.process,
      task,
      site,
      text: trace.text(text),
      called,
      amount: what === FACT['shared-lock'] ? definitions.resource(amount) : amount,
      t,
      event,
    });
  },
  pause: ({ lanes, tasks, observers, processes }, record) => {
    const { lane, t, flags } = record;
    const pause = pauseOf(flags);
    if (pause === PAUSE.stopped) processes.processOf(record).stops.begin(t);
    const top = lanes.pause(lane, t);
    if (top < 0) return;
    tasks.pauseTop(top, t, pause);
    observers.lanePaused(lane, t, pause, top);
  },
  resume: ({ lanes, tasks, observers, processes }, record) => {
    const { lane, t, flags } = record;
    if (pauseOf(flags) === PAUSE.stopped) processes.processOf(record).stops.end(t);
    const top = lanes.resume(lane, t);
    if (top < 0) return;
    tasks.resumeTop(top, t);
    observers.laneResumed(lane, t, top);
  },
  lost: ({ trace, time, tasks, observers }, { part, lane, t, a, b, c, d, flags }) => {
    // In a checkpoint it is of a time of which nothing is counted, and tells what is not known.
    const count = part.isRestoring ? 0 : Math.min(b * 2 ** 32 + a, Number.MAX_SAFE_INTEGER);
    trace.lost = Math.min(trace.lost + count, Number.MAX_SAFE_INTEGER);
    const sinceNs = c === 0 && d === 0 ? t : time.boundedNs(c, d, t);
    const where = lossOf(flags);
    const loss = { process: part.process, lane: laneOfLoss(where, lane), where, sinceNs, untilNs: t, count };
    trace.losses.add(loss);
    tasks.lossRead();
    observers.recordsLost(loss);
  },
  use: ({ trace, observers }, { part: { definitions }, lane, t, task, a, b, c, flags }) => {
    const resource = definitions.resource(a);
    const by = definitions.task(task);
    const site = definitions.siteIndex(b);
    const useKind = useOf(flags);
    if (resource >= 0) {
      trace.jobs.use({ useKind, resource, t, by, site, lane, forNs: c * 1e6 });
      observers.resourceUsed({ useKind, resource, t, by, site });
    } else if (useKind === USE.begun && by >= 0) trace.tasks.madeAt[by] = site;
    else if (useKind === USE.within && by >= 0) observers.callBegan(by, t, site);
  },
  agent: ({ processes }, record) => processes.addNotice(record),
  kept: ({ checkpoints, tasks }, record) => {
    if ((record.flags & FLAG.keptEnd) === 0) checkpoints.begin(record);
    else if (checkpoints.end(record)) tasks.checkpointRead();
  },
};

/** By kind number; undefined: a kind of a later format, or a hole. */
export const HANDLER_BY_KIND: readonly (Handler | undefined)[] = [
  undefined,
  ...KIND_ROWS.map(({ name }) => HANDLERS[name]),
];
