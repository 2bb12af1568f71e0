/** The requests that set breakpoints: what is asked, checked, and made. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { displayPath } from '../trace/model/display-path.ts';
import {
  type LiveStops,
  type ResourceStop,
  STOP_EVENTS,
  type StopChange,
  type StopEvent,
} from '../trace/format/stop-events.ts';
import { systemPid } from '../trace/model/machines.ts';
import { targetResource } from '../trace/model/state.ts';
import type { Arguments } from './arguments.ts';
import { type Breakpoint, type BreakpointKind, type Breakpoints, parseCondition } from './breakpoints.ts';
import { EXCEPTION_FILTERS } from './exception-filters.ts';
import { shorten } from './editor-link.ts';
import type { Expression } from './expression.ts';
import type { Places } from './places.ts';
import type { Replay } from './replay.ts';
import { RequestError } from './request-error.ts';
import { isShown, resourceNamed } from './resources.ts';
import { STEP } from './step-log.ts';

type Set = { readonly breakpoints: DebugProtocol.Breakpoint[] };

const MAX_NEAR = 4;

export class BreakpointRequests {
  readonly #replay: Replay;
  readonly #places: Places;
  readonly #breakpoints: Breakpoints;
  #events: readonly StopEvent[] = [];
  #resources: readonly ResourceStop[] = [];

  constructor(replay: Replay, places: Places, breakpoints: Breakpoints) {
    this.#replay = replay;
    this.#places = places;
    this.#breakpoints = breakpoints;
  }

  /** Where the program is to stop, too, while it runs: nobody can ask it for a condition. */
  get liveStops(): LiveStops {
    return { events: this.#events, resources: this.#resources };
  }

  setBreakpoints(args: Arguments): Set {
    const source = sourceOf(args.object('source'));
    const byLine = this.#places.sitesOf(source);
    return this.#set(
      `lines ${source.path ?? source.sourceReference}`,
      args.objects('breakpoints'),
      (asked) => {
        const line = asked.integer('line');
        const sites = byLine.get(line);
        if (sites === undefined) return { refusal: nearestLines(byLine, line), line };
        const name = `${displayPath(source.path ?? source.name ?? '')}:${line}`;
        return { ...this.#lineBreakpoint(new Set(sites)), kind: 'breakpoint', name, line };
      },
    );
  }

  breakpointLocations(args: Arguments): { readonly breakpoints: DebugProtocol.BreakpointLocation[] } {
    const byLine = this.#places.sitesOf(sourceOf(args.object('source')));
    const first = args.integer('line');
    const last = args.optionalInteger('endLine') ?? first;
    const lines = [...byLine.keys()].filter((line) => line >= first && line <= last).sort((a, b) => a - b);
    return { breakpoints: lines.map((line) => ({ line })) };
  }

  setFunctionBreakpoints(args: Arguments): Set {
    return this.#set('functions', args.objects('breakpoints'), (asked) => {
      const name = asked.text('name').trim();
      const [, base = name, ordinal] = /^(.*?)(?:#(\d{1,9}))?$/.exec(name)!;
      const { trace } = this.#replay;
      const tasks = trace.tasks;
      const isNamed = (task: number): boolean =>
        (trace.nameOf(task) === base && (ordinal === undefined || tasks.ordinal[task] === Number(ordinal))) ||
        trace.nameOf(task) === name;
      let isKnown = false;
      for (let task = 0; task < tasks.count && !isKnown; task++) isKnown = isNamed(task);
      const matches = (step: number): boolean =>
        this.#replay.isFirstRun(step) && isNamed(this.#replay.log.task[step]!);
      if (isKnown) return { matches, kind: 'function breakpoint', name };
      // It may begin later, while the recording grows.
      return {
        matches,
        kind: 'function breakpoint',
        name,
        refusal: `no task or function "${name}" was seen`,
      };
    });
  }

  dataBreakpointInfo(name: string, dataId: string | undefined): object {
    if (dataId !== undefined)
      return {
        dataId,
        description: describeData(this.#replay, dataId),
        accessTypes: ['write'],
        canPersist: false,
      };
    const { trace, t } = this.#replay;
    try {
      const id = `depth:${resourceNamed(trace, name, t)}`;
      return {
        dataId: id,
        description: describeData(this.#replay, id),
        accessTypes: ['write'],
        canPersist: false,
      };
    } catch (error) {
      if (error instanceof RequestError) return { dataId: null, description: error.message };
      throw error;
    }
  }

  setDataBreakpoints(args: Arguments): Set {
    const resources: ResourceStop[] = [];
    this.#resources = resources;
    return this.#set('data', args.objects('breakpoints'), (asked) => {
      const id = asked.text('dataId');
      const name = describeData(this.#replay, id);
      if (!hasOptions(asked)) resources.push(this.#liveStop(id));
      return { matches: this.#dataMatcher(id), kind: 'data breakpoint', name };
    });
  }

  setExceptionBreakpoints(args: Arguments): Set {
    const filters = new Map<string, Expression | null>();
    const asked = [
      ...args.texts('filters').map((name) => ({ name, condition: undefined })),
      ...args
        .objects('filterOptions')
        .map((option) => ({ name: option.text('filterId'), condition: option.optionalText('condition') })),
    ];
    const breakpoints = asked.map(({ name, condition }): DebugProtocol.Breakpoint => {
      if (!EXCEPTION_FILTERS.some(({ filter }) => filter === name))
        return { verified: false, message: `there is no rule or event "${name}"` };
      try {
        filters.set(
          name,
          condition === undefined || condition.trim() === '' ? null : parseCondition(condition),
        );
        return { verified: true };
      } catch (error) {
        return { verified: false, message: messageOf(error) };
      }
    });
    this.#breakpoints.setFilters(filters);
    this.#events = STOP_EVENTS.filter((event) => filters.get(event) === null);
    return { breakpoints };
  }

  /** Rules and events to stop at besides those of the editor's own list. */
  breakOn(args: Arguments): undefined {
    const names = args.texts('filters');
    const unknown = names.find((name) => !EXCEPTION_FILTERS.some(({ filter }) => filter === name));
    if (unknown !== undefined) throw new RequestError(`there is no rule or event "${shorten(unknown)}"`);
    this.#breakpoints.setOwnFilters(names);
    return undefined;
  }

  #set(list: string, asked: readonly Arguments[], make: (asked: Arguments) => Made): Set {
    const kept: Breakpoint[] = [];
    const told = asked.map((one): DebugProtocol.Breakpoint => {
      const id = this.#breakpoints.takeId();
      try {
        const { matches, kind, name, refusal, line } = make(one);
        const at = line === undefined ? {} : { line };
        if (matches !== undefined && kind !== undefined) {
          const options = {
            condition: one.optionalText('condition'),
            hitCondition: one.optionalText('hitCondition'),
            logMessage: one.optionalText('logMessage'),
          };
          kept.push(this.#breakpoints.make(id, kind, name ?? '', matches, options));
        }
        return {
          id,
          verified: refusal === undefined,
          ...at,
          ...(refusal === undefined ? {} : { message: refusal }),
        };
      } catch (error) {
        return { id, verified: false, message: messageOf(error) };
      }
    });
    this.#breakpoints.setList(list, kept);
    return { breakpoints: told };
  }

  #lineBreakpoint(sites: ReadonlySet<number>): { matches(step: number): boolean } {
    const { log } = this.#replay;
    return { matches: (step) => sites.has(log.site[step]!) && this.#replay.isStop(step) };
  }

  #liveStop(id: string): ResourceStop {
    const [change, resource] = partsOf(this.#replay, id);
    const { trace } = this.#replay;
    const info = trace.resources[resource]!;
    return { pid: systemPid(trace.processes[info.process]!.pid), id: info.id, change };
  }

  #dataMatcher(id: string): (step: number) => boolean {
    const [what, resource] = partsOf(this.#replay, id);
    const { log, trace } = this.#replay;
    const target = targetResource(resource);
    const { capacity } = trace.resources[resource]!;
    return (step) => {
      if (log.target[step] !== target) return false;
      const kind = log.kind[step]!;
      const level = log.ref[step]!;
      switch (what) {
        case 'full':
          return kind === STEP.put && level === capacity;
        case 'empty':
          return kind === STEP.get && level === 0;
        case 'holders':
          return kind === STEP.acquire || kind === STEP.release;
        case 'waiters':
          return kind === STEP.suspend;
        case 'depth':
          return kind >= STEP.put && kind <= STEP.calls;
      }
    };
  }
}

const hasOptions = (asked: Arguments): boolean =>
  ['condition', 'hitCondition', 'logMessage'].some((name) => (asked.optionalText(name) ?? '').trim() !== '');

interface Made {
  readonly matches?: (step: number) => boolean;
  readonly kind?: BreakpointKind;
  readonly name?: string;
  readonly refusal?: string;
  readonly line?: number;
}

const DATA = {
  depth: 'a change of',
  full: 'is full:',
  empty: 'is empty:',
  holders: 'is taken or given back:',
  waiters: 'is waited for:',
} as const satisfies Record<StopChange, string>;
type DataKind = StopChange;

/** @throws RequestError */
function partsOf({ trace }: Replay, id: string): readonly [DataKind, number] {
  const [, what, index] = /^(depth|full|empty|holders|waiters):(\d{1,9})$/.exec(id) ?? [];
  const resource = trace.resources[Number(index ?? -1)];
  if (what === undefined || resource === undefined || !isShown(resource))
    throw new RequestError(`there is no queue, lock or pool of the id "${id}"`);
  return [what as DataKind, resource.index];
}

function describeData(replay: Replay, id: string): string {
  const [what, resource] = partsOf(replay, id);
  return `${DATA[what]} ${replay.trace.resources[resource]!.name}`;
}

export function sourceOf(args: Arguments): DebugProtocol.Source {
  const path = args.optionalText('path');
  const sourceReference = args.optionalInteger('sourceReference');
  if (path === undefined && !sourceReference)
    throw new RequestError('a source needs a path or a sourceReference');
  return {
    ...(path === undefined ? {} : { path }),
    ...(sourceReference ? { sourceReference } : {}),
  };
}

function nearestLines(byLine: ReadonlyMap<number, unknown>, line: number): string {
  const lines = [...byLine.keys()].sort((a, b) => Math.abs(a - line) - Math.abs(b - line)).slice(0, MAX_NEAR);
  if (lines.length === 0) return 'nothing was recorded of this file';
  return `nothing was recorded at this line; the nearest are ${lines.sort((a, b) => a - b).join(', ')}`;
}

const messageOf = (error: unknown): string => {
  if (error instanceof RequestError) return error.message;
  throw error;
};
