/** The requests that look at the moment: threads, stacks, variables, sources, targets. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Arguments } from './arguments.ts';
import type { Breakpoints } from './breakpoints.ts';
import { evaluate } from './evaluate.ts';
import { momentText } from './moment-text.ts';
import type { Places } from './places.ts';
import type { Replay } from './replay.ts';
import { RequestError } from './request-error.ts';
import { sourceOf } from './set-breakpoints.ts';
import { stackOf, type StackFrame } from './stack.ts';
import { StopRegistry } from './stop-registry.ts';
import { ThreadList } from './thread-list.ts';
import { scopesOf, type ShownVariable } from './variables.ts';

type Body<R extends DebugProtocol.Response> = R['body'];

/** More moments than a person chooses from. */
const MAX_TARGETS = 60;

export class Inspection {
  readonly threadList: ThreadList;
  readonly registry = new StopRegistry();
  readonly #replay: Replay;
  readonly #places: Places;
  readonly #breakpoints: Breakpoints;

  constructor(replay: Replay, places: Places, breakpoints: Breakpoints) {
    this.#replay = replay;
    this.#places = places;
    this.#breakpoints = breakpoints;
    this.threadList = new ThreadList(replay);
  }

  /** The row of a thread; of a group the one that is looked at. @throws RequestError */
  rowOf(threadId: number): number {
    const row = this.threadList.rowOf(threadId);
    if (row >= 0) return row;
    if (this.threadList.isGroup(threadId)) return this.#replay.row;
    throw new RequestError(`there is no thread ${threadId}`);
  }

  threads(): Body<DebugProtocol.ThreadsResponse> {
    return { threads: this.threadList.list(this.#breakpoints.markedRows()) };
  }

  stackTrace(args: Arguments): Body<DebugProtocol.StackTraceResponse> {
    const threadId = args.integer('threadId');
    const start = Math.max(0, args.optionalInteger('startFrame') ?? 0);
    const levels = args.optionalInteger('levels') ?? 0;
    const row = this.rowOf(threadId);
    if (this.threadList.isGroup(threadId)) return { stackFrames: [], totalFrames: 0 };
    let stack = this.registry.stacks.get(row);
    if (stack === undefined) {
      stack = stackOf(this.#replay, row).map((frame) => ({ ...frame, id: this.registry.frames.add(frame) }));
      this.registry.stacks.set(row, stack);
    }
    const page = stack.slice(start, levels > 0 ? start + levels : undefined);
    return { stackFrames: page.map((frame) => this.#frame(frame)), totalFrames: stack.length };
  }

  #frame({ id, name, site, hint }: StackFrame & { readonly id: number }): DebugProtocol.StackFrame {
    const place = hint === 'label' ? null : this.#places.placeOf(site);
    return {
      id,
      name,
      line: place?.line ?? 0,
      column: place?.column ?? 0,
      ...(place === null ? {} : { source: place.source }),
      ...(place?.endColumn === undefined ? {} : { endLine: place.line, endColumn: place.endColumn }),
      presentationHint: hint,
      canRestart: hint !== 'label',
    };
  }

  scopes(args: Arguments): Body<DebugProtocol.ScopesResponse> {
    const { row } = this.registry.frames.get(args.integer('frameId'));
    if (row < 0) return { scopes: [] };
    return {
      scopes: scopesOf(this.#replay, row).map(({ name, isCostly, hint, variables }) => ({
        name,
        expensive: isCostly,
        variablesReference: this.registry.variables.add(variables),
        ...(hint === undefined ? {} : { presentationHint: hint }),
      })),
    };
  }

  variables(args: Arguments): Body<DebugProtocol.VariablesResponse> {
    const list = this.registry.variables.get(args.integer('variablesReference'))();
    const start = Math.max(0, args.optionalInteger('start') ?? 0);
    const count = args.optionalInteger('count') ?? 0;
    const page = list.slice(start, count > 0 ? start + count : undefined);
    return { variables: page.map((variable) => ({ name: variable.name, ...this.#shown(variable) })) };
  }

  #shown({ value, children, site = -1 }: ShownVariable): Omit<DebugProtocol.Variable, 'name'> {
    const { variables, locations } = this.registry;
    return {
      value,
      variablesReference: children === undefined ? 0 : variables.add(children),
      presentationHint: { attributes: ['readOnly'] },
      ...(site < 0 ? {} : { valueLocationReference: locations.add(site) }),
    };
  }

  /** The id of what a data breakpoint on a variable would stop at. */
  dataIdOf(variablesReference: number, name: string): string | undefined {
    const list = this.registry.variables.get(variablesReference)();
    return list.find((variable) => variable.name === name)?.dataId;
  }

  locations(args: Arguments): Body<DebugProtocol.LocationsResponse> {
    const place = this.#places.placeOf(this.registry.locations.get(args.integer('locationReference')));
    if (place === null) throw new RequestError('the record tells no line of it');
    const { source, line, column } = place;
    return { source, line, column };
  }

  evaluate(args: Arguments): { readonly body: Body<DebugProtocol.EvaluateResponse>; readonly goTo?: number } {
    const frameId = args.optionalInteger('frameId');
    const row = frameId === undefined ? this.#replay.row : this.registry.frames.get(frameId).row;
    const context = args.optionalText('context') ?? 'watch';
    const { shown, goTo } = evaluate(this.#replay, row, args.text('expression'), context);
    const { value, variablesReference, ...rest } = this.#shown(shown);
    return {
      body: { result: value, variablesReference, ...rest },
      ...(goTo === undefined ? {} : { goTo }),
    };
  }

  gotoTargets(args: Arguments): Body<DebugProtocol.GotoTargetsResponse> {
    const line = args.integer('line');
    const sites = new Set(this.#places.sitesOf(sourceOf(args.object('source'))).get(line) ?? []);
    const { timeline, trace, log } = this.#replay;
    const times = new Map<number, number>();
    const found: { readonly place: number; readonly row: number; readonly nth: number }[] = [];
    for (let place = 0; sites.size > 0 && place < timeline.count; place++) {
      const step = timeline.step(place);
      if (!sites.has(log.site[step]!) || !this.#replay.isStop(step)) continue;
      const row = timeline.rowAt(place);
      const nth = (times.get(row) ?? 0) + 1;
      times.set(row, nth);
      found.push({ place, row, nth });
    }
    // The nearest in time, in the order of time.
    const near = found
      .toSorted((a, b) => Math.abs(a.place - timeline.at) - Math.abs(b.place - timeline.at))
      .slice(0, MAX_TARGETS)
      .sort((a, b) => a.place - b.place);
    return {
      targets: near.map(({ place, row, nth }) => ({
        id: this.registry.gotoTargets.add({ place, row }),
        label: `${trace.labelOf(row)}, ${ordinal(nth)} time, ${momentText(log.t[timeline.step(place)]!)}`,
        line,
      })),
    };
  }

  stepInTargets(args: Arguments): Body<DebugProtocol.StepInTargetsResponse> {
    const { row } = this.registry.frames.get(args.integer('frameId'));
    if (row < 0) return { targets: [] };
    return {
      targets: this.#replay.stepInTargets(row).map((target) => ({
        id: this.registry.stepInTargets.add(target.row),
        label: `${this.#replay.trace.labelOf(target.row)} (${target.how})`,
      })),
    };
  }

  source(args: Arguments): Body<DebugProtocol.SourceResponse> {
    const reference = args.optionalInteger('sourceReference') ?? 0;
    const content = this.#places.recordedText(reference);
    if (content === null) throw new RequestError(`there is no recorded source ${reference}`);
    return { content };
  }

  loadedSources(): Body<DebugProtocol.LoadedSourcesResponse> {
    return { sources: this.#places.sources() };
  }
}

function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}
