/**
 * What the editor shows of a task at a moment: what it waits for, itself, what it holds, the
 * queues, and all others meanwhile. A recording holds no values, so there are no locals, and the
 * list says so. A variable's children are made when they are asked for.
 */
import { ACTIVATION_KINDS, OUTCOMES, RESOURCE_KINDS } from '../trace/format/kinds.ts';
import { displayPlace } from '../trace/model/display-path.ts';
import { resourceOfTarget, State, STATE_NAMES } from '../trace/model/state.ts';
import { explainedWait } from '../trace/queries/causes.ts';
import { longestWaitOf } from '../trace/queries/longest-wait.ts';
import { WAKING_KINDS, wakerOf } from '../trace/model/peers.ts';
import type { Span } from '../trace/model/spans.ts';
import { openWaitOf } from '../trace/model/open-waits.ts';
import type { ValueShape } from '../trace/model/value-log.ts';
import type { Wait } from '../trace/model/wait.ts';
import { count, duration } from '../trace/words/duration.ts';
import { resourcePart } from '../trace/words/parts.ts';
import { hasPermits } from '../trace/words/resource.ts';
import { plain } from '../trace/words/sentence.ts';
import { describeShape } from '../trace/words/value.ts';
import { momentText } from './moment-text.ts';
import type { Replay } from './replay.ts';
import { isQueue, isShown } from './resources.ts';
import { waitWords } from './stack.ts';
import { STEP, STEP_KINDS } from './step-log.ts';

export interface ShownVariable {
  readonly name: string;
  readonly value: string;
  readonly children?: () => readonly ShownVariable[];
  /** Where the value was made: a line to go to. */
  readonly site?: number;
  /** What a data breakpoint may stop at. */
  readonly dataId?: string;
}

export interface ShownScope {
  readonly name: string;
  readonly isCostly: boolean;
  readonly hint?: 'locals';
  readonly variables: () => readonly ShownVariable[];
}

const MAX_ENTRIES = 200;
/** Of a row, between the wait of its function and its own await of that. */
const MAX_SPANS_BEFORE_AWAIT = 2;

export function scopesOf(replay: Replay, row: number): ShownScope[] {
  return [
    { name: 'Wait', isCostly: false, variables: () => waitVariables(replay, row) },
    { name: 'Task', isCostly: false, variables: () => taskVariables(replay, row) },
    { name: 'Holds', isCostly: false, variables: () => heldVariables(replay, row) },
    { name: 'Queues and locks', isCostly: false, variables: () => resourceVariables(replay) },
    { name: 'Meanwhile', isCostly: true, variables: () => othersVariables(replay, row) },
    {
      name: 'Locals',
      isCostly: false,
      hint: 'locals',
      variables: () => [{ name: 'values', value: 'not recorded: a recording has times, lines and names' }],
    },
  ];
}

function waitVariables(replay: Replay, row: number): ShownVariable[] {
  const { timeline, log, trace, t } = replay;
  const newest = timeline.newestOf(row);
  const kind = newest < 0 ? undefined : log.kind[newest];
  if (newest < 0 || (kind !== STEP.suspend && kind !== STEP.woken))
    return [
      { name: 'state', value: newest < 0 ? 'has not begun' : 'does not wait' },
      ...valueVariable(replay, resumedWith(replay, row, newest)),
    ];
  const wait = waitAt(replay, row);
  const sinceNs = Math.min(wait?.startNs ?? t, log.t[newest]!);
  const behind = kind === STEP.suspend ? replay.behind(newest) : [];
  const resource = resourceOfTarget(log.target[newest]!);
  return [
    {
      name: 'for',
      value: waitWords(replay, row).replace(/^for /, '') || 'not recorded',
      site: log.site[newest]!,
    },
    { name: 'since', value: `${momentText(sinceNs)}, for ${duration(t - sinceNs)} now` },
    ...(wait === null
      ? []
      : [
          {
            name: 'until',
            value: wait.endNs === null ? 'the end of what is recorded' : momentText(wait.endNs),
          },
          { name: 'ended by', ...wakerVariable(replay, wait) },
          ...valueVariable(replay, trace.values.ofWait(row, wait.startNs, wait.site)),
        ]),
    ...(behind.length === 0
      ? []
      : [
          {
            name: 'who can end it',
            value: labels(replay, behind),
            children: () => behind.map((other) => taskVariable(replay, other)),
          },
        ]),
    ...(resource >= 0 && isShown(trace.resources[resource]!) ? [resourceVariable(replay, resource)] : []),
    ...(wait === null
      ? []
      : [{ name: 'why', value: plain(explainedWait(replay.recording.source, wait).words) }]),
  ];
}

/** Where the task stands just behind an await: what that gave. */
function resumedWith({ trace, log }: Replay, row: number, newest: number): ValueShape | null {
  if (newest < 0 || log.kind[newest] !== STEP.resume) return null;
  const last = trace.values.lastAt(row, log.t[newest]!);
  return last?.site === log.site[newest] ? last : null;
}

function valueVariable({ trace }: Replay, shape: ValueShape | null): ShownVariable[] {
  const words = shape === null ? '' : describeShape(trace, shape);
  return words === '' ? [] : [{ name: 'came back with', value: words }];
}

/** The wait that goes on at the moment, as it came to end; null: the row does not wait. */
export function waitAt(replay: Replay, row: number): Wait | null {
  const { trace, recording } = replay;
  const span = waitSpanAt(replay, row);
  if (span === null) return null;
  const open = openWaitOf(trace, row);
  if (open !== null && open.startNs === span.startNs) return open;
  return longestWaitOf({ trace, spans: recording.source.spans }, row, span.startNs);
}

/** A row waits for its function from its own await on: just after the function came to wait. */
function waitSpanAt({ timeline, log, recording, t }: Replay, row: number): Span | null {
  const { spans } = recording.source;
  const newest = timeline.newestOf(row);
  const first = spans.indexBefore(row, t + 1);
  for (let index = Math.max(0, first); index <= first + MAX_SPANS_BEFORE_AWAIT; index++) {
    const span = spans.spanAt(row, index);
    if (span?.state === State.wait && (index === first || span.ref === log.site[newest])) return span;
    if (log.kind[newest] !== STEP.suspend) return null;
  }
  return null;
}

function wakerVariable({ trace }: Replay, wait: Wait): Pick<ShownVariable, 'value' | 'site'> {
  const { endNs, target, cause = 0 } = wait;
  if (endNs === null) return { value: 'nobody' };
  const waker = wakerOf(trace, wait);
  if (waker >= 0) return { value: trace.labelOf(trace.rowOf(waker)), site: trace.tasks.site[waker]! };
  const came = trace.resources[resourceOfTarget(cause < 0 ? cause : target)];
  if (came === undefined || !WAKING_KINDS.has(came.kind)) return { value: 'no waker was recorded' };
  return { value: plain([resourcePart(trace, came.index)]), site: came.site };
}

function taskVariables(replay: Replay, row: number): ShownVariable[] {
  const { trace, timeline, log, t } = replay;
  const { tasks } = trace;
  const newest = timeline.newestOf(row);
  const lane = trace.lanes[tasks.lane[row]!];
  const parent = tasks.parent[row]!;
  const hasEnded = tasks.endedNs[row]! <= t;
  const error = trace.text(tasks.error[row]!);
  return [
    { name: 'name', value: trace.labelOf(row), site: tasks.site[row]! },
    { name: 'id', value: trace.idOf(row) },
    { name: 'kind', value: ACTIVATION_KINDS[tasks.kind[row]!] || 'not recorded' },
    {
      name: 'last event',
      value: newest < 0 ? 'none yet' : `${STEP_KINDS[log.kind[newest]!]} at ${momentText(log.t[newest]!)}`,
    },
    { name: 'time', value: momentText(t) },
    { name: 'began', value: momentText(tasks.beganNs[row]!) },
    ...(hasEnded
      ? [
          {
            name: 'outcome',
            value: `${OUTCOMES[tasks.outcome[row]!] || 'not recorded'}${error === '' ? '' : `: ${error}`}`,
          },
        ]
      : []),
    ...(parent < 0 ? [] : [{ ...taskVariable(replay, trace.rowOf(parent)), name: 'begun by' }]),
    { name: 'thread', value: lane === undefined || lane.name === '' ? 'not recorded' : lane.name },
    { name: 'process', value: String(trace.processes[tasks.process[row]!]?.pid ?? 'not recorded') },
  ];
}

function heldVariables(replay: Replay, row: number): ShownVariable[] {
  const { trace, recording, t } = replay;
  const held = trace.resources.filter(
    (resource) =>
      isOwn(replay, resource.process) &&
      hasPermits(resource) &&
      recording.source.holders.holdersAt(resource.index, t).includes(row),
  );
  if (held.length === 0) return [{ name: 'locks', value: 'none that was recorded' }];
  return held.slice(0, MAX_ENTRIES).map(({ index }) => resourceVariable(replay, index));
}

function resourceVariables(replay: Replay): ShownVariable[] {
  const { trace, t } = replay;
  const there = trace.resources.filter(
    (resource) =>
      isOwn(replay, resource.process) &&
      isShown(resource) &&
      resource.beganNs <= t &&
      (resource.endedNs === null || resource.endedNs > t),
  );
  if (there.length === 0) return [{ name: 'queues', value: 'none at this moment' }];
  return there.slice(0, MAX_ENTRIES).map(({ index }) => resourceVariable(replay, index));
}

/** "orders: 2 of 2, 3 wait", with its parts. */
export function resourceVariable(replay: Replay, resource: number): ShownVariable {
  const { trace, recording, t } = replay;
  const info = trace.resources[resource]!;
  const level = recording.levels.levelAt(trace, resource, t);
  const waiters = replay.waitersOf(resource);
  const holders = hasPermits(info) ? recording.source.holders.holdersAt(resource, t) : [];
  const of = info.capacity === null ? '' : ` of ${info.capacity}`;
  const said = hasPermits(info)
    ? holders.length === 0
      ? 'free'
      : `held by ${labels(replay, holders)}`
    : level === null
      ? plain([resourcePart(trace, resource)])
      : `${level}${of}`;
  const waiting = waiters.length === 0 ? '' : `, ${count(waiters.length, 'waits', 'wait')}`;
  const id = (part: string): string => `${part}:${resource}`;
  return {
    name: info.name,
    value: `${said}${waiting}`,
    site: info.site,
    dataId: id(hasPermits(info) ? 'holders' : 'depth'),
    children: () => {
      const age = recording.levels.oldestAge(trace, resource, t);
      return [
        { name: 'kind', value: RESOURCE_KINDS[info.kind] || 'not recorded', site: info.site },
        ...(level === null
          ? []
          : [{ name: hasPermits(info) ? 'left' : 'depth', value: String(level), dataId: id('depth') }]),
        ...(info.capacity === null ? [] : [{ name: 'capacity', value: String(info.capacity) }]),
        ...(isQueue(info)
          ? [
              ...(info.capacity === null
                ? []
                : [{ name: 'full', value: String(level === info.capacity), dataId: id('full') }]),
              { name: 'empty', value: String(level === 0), dataId: id('empty') },
              { name: 'oldest item', value: age === null ? 'none' : `in it for ${duration(age)}` },
            ]
          : []),
        ...(hasPermits(info)
          ? [
              {
                name: 'holders',
                value: labels(replay, holders),
                dataId: id('holders'),
                children: () => holders.map((row) => taskVariable(replay, row)),
              },
            ]
          : []),
        {
          name: 'waiters',
          value: labels(replay, waiters),
          dataId: id('waiters'),
          children: () => waiters.slice(0, MAX_ENTRIES).map((row) => taskVariable(replay, row)),
        },
      ];
    },
  };
}

function othersVariables(replay: Replay, row: number): ShownVariable[] {
  const { timeline } = replay;
  const others = [...timeline.living].filter((other) => other !== row).sort((a, b) => a - b);
  const shown = others.slice(0, MAX_ENTRIES).map((other) => taskVariable(replay, other));
  const more = others.length - shown.length;
  if (others.length === 0) return [{ name: 'others', value: 'no other task lives' }];
  return more > 0 ? [...shown, { name: '…', value: `${count(more, 'more task')}` }] : shown;
}

/** "consumer: waits for queue orders at queue.ts:12". */
export function taskVariable(replay: Replay, row: number): ShownVariable {
  const { trace, timeline, log } = replay;
  const newest = timeline.newestOf(row);
  const site = newest < 0 ? -1 : log.site[newest]!;
  const place = trace.sites[site];
  const at = place === undefined ? '' : ` at ${displayPlace(place)}`;
  const words = waitWords(replay, row);
  const doing =
    newest < 0
      ? 'has not begun'
      : words !== ''
        ? `waits ${words}`
        : log.kind[newest] === STEP.suspend
          ? STATE_NAMES[State.wait]
          : STEP_KINDS[log.kind[newest]!]!;
  return {
    name: trace.labelOf(row),
    value: `${doing}${at}`,
    site,
    children: () => taskVariables(replay, row),
  };
}

function labels({ trace }: Replay, rows: readonly number[]): string {
  if (rows.length === 0) return 'nobody';
  const named = rows.slice(0, 3).map((row) => trace.labelOf(row));
  return rows.length > 3 ? `${named.join(', ')} and ${rows.length - 3} more` : named.join(', ');
}

const isOwn = ({ timeline }: Replay, process: number): boolean =>
  timeline.process === null || timeline.process === process;
