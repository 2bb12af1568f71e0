/**
 * A trace for speedscope (speedscope.app), in its own format of evented profiles
 * (file-format-schema.json). speedscope draws stacks and knows no waits between tasks, so there
 * are profiles of two kinds: what each thread executed, as the stack of functions that await each
 * other; and, of the tasks that waited longest, when each ran and what it waited for.
 */
import { displayPath } from '../../trace/model/display-path.ts';
import { State } from '../../trace/model/state.ts';
import type { Trace } from '../../trace/model/trace.ts';
import type { ExportedTrace } from './exported-trace.ts';
import { nameLane, nameProcess, nameSpan, rowsOf, spansOf } from './exported-trace.ts';

/** speedscope lists profiles in one menu. */
const MAX_TASKS = 200;
/** Deeper stacks are cut at their outer end. */
const MAX_DEPTH = 256;

export interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
}

/** `O` opens a frame, `C` closes the one that was opened last. */
export interface SpeedscopeEvent {
  readonly type: 'O' | 'C';
  readonly frame: number;
  readonly at: number;
}

export interface SpeedscopeProfile {
  readonly type: 'evented';
  readonly name: string;
  readonly unit: 'nanoseconds';
  readonly startValue: number;
  readonly endValue: number;
  readonly events: readonly SpeedscopeEvent[];
}

export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json';
  readonly exporter: 'simul';
  readonly name: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly SpeedscopeProfile[];
}

export function makeSpeedscope(exported: ExportedTrace, name: string): SpeedscopeFile {
  const frames = new FrameTable();
  const profiles = [
    ...exported.trace.lanes.map(({ index }) => laneProfile(exported, frames, index)),
    ...longestWaiting(exported).map((row) => taskProfile(exported, frames, row)),
  ].filter(({ events }) => events.length > 0);
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'simul',
    name,
    activeProfileIndex: 0,
    shared: { frames: frames.frames },
    profiles,
  };
}

class FrameTable {
  readonly frames: SpeedscopeFrame[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(frame: SpeedscopeFrame): number {
    const key = `${frame.name}\n${frame.file ?? ''}:${frame.line ?? ''}:${frame.col ?? ''}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      this.#indexes.set(key, (index = this.frames.length));
      this.frames.push(frame);
    }
    return index;
  }
}

/** Opens and closes frames so that they always nest, at times that never go back. */
class EventList {
  readonly events: SpeedscopeEvent[] = [];
  #stack: readonly number[] = [];
  #at = 0;

  /** From `t` on this stack stands, the outermost frame first. */
  show(stack: readonly number[], t: number): void {
    this.#at = Math.max(this.#at, Math.round(t));
    let same = 0;
    while (same < stack.length && stack[same] === this.#stack[same]) same++;
    for (let i = this.#stack.length - 1; i >= same; i--) this.#add('C', this.#stack[i]!);
    for (let i = same; i < stack.length; i++) this.#add('O', stack[i]!);
    this.#stack = stack;
  }

  #add(type: 'O' | 'C', frame: number): void {
    this.events.push({ type, frame, at: this.#at });
  }
}

function laneProfile(exported: ExportedTrace, frames: FrameTable, index: number): SpeedscopeProfile {
  const { trace, columns } = exported;
  const list = new EventList();
  for (let i = 0; ; i++) {
    const span = columns.laneSpanAt(index, i);
    if (span === null) break;
    const isRun = span.task >= 0 && !span.isPaused;
    list.show(isRun ? stackOf(trace, frames, span.task) : [], span.startNs);
    list.show([], span.endNs);
  }
  const lane = trace.lanes[index]!;
  return profile(trace, `${nameProcess(trace.processes[lane.process]!)}: ${nameLane(lane)}`, list.events);
}

/** The task and the functions that it awaits at once, the task first. */
function stackOf(trace: Trace, frames: FrameTable, task: number): readonly number[] {
  const stack: number[] = [];
  for (let at = task; at >= 0 && stack.length < MAX_DEPTH; at = trace.tasks.frameOf[at]!)
    stack.push(frames.indexOf(frameOf(trace, at)));
  return stack.reverse();
}

function frameOf(trace: Trace, task: number): SpeedscopeFrame {
  return { name: trace.nameOf(task), ...placeOf(trace, trace.tasks.site[task]!) };
}

function placeOf(trace: Trace, site: number): Omit<SpeedscopeFrame, 'name'> {
  const place = trace.sites[site];
  if (place === undefined || place.file === '') return {};
  return {
    file: displayPath(place.file),
    ...(place.line > 0 ? { line: place.line } : {}),
    ...(place.column > 0 ? { col: place.column } : {}),
  };
}

function longestWaiting(exported: ExportedTrace): readonly number[] {
  const { waitNs } = exported.trace.tasks;
  return [...rowsOf(exported)].sort((a, b) => waitNs[b]! - waitNs[a]! || a - b).slice(0, MAX_TASKS);
}

function taskProfile(exported: ExportedTrace, frames: FrameTable, row: number): SpeedscopeProfile {
  const { trace } = exported;
  const list = new EventList();
  const own = frames.indexOf(frameOf(trace, row));
  for (const span of spansOf(exported, row)) {
    const place = span.state === State.wait ? placeOf(trace, span.ref) : {};
    const name = span.state === State.wait ? `waits: ${nameSpan(trace, span)}` : nameSpan(trace, span);
    list.show([own, frames.indexOf({ name, ...place })], span.startNs);
    // The task itself goes on in the span that follows.
    list.show([own], span.endNs);
  }
  list.show([], 0);
  return profile(trace, `task ${trace.labelOf(row)}`, list.events);
}

const profile = (trace: Trace, name: string, events: readonly SpeedscopeEvent[]): SpeedscopeProfile => ({
  type: 'evented',
  name,
  unit: 'nanoseconds',
  // Before that the program was loaded, of which there is nothing to draw.
  startValue: events[0]?.at ?? 0,
  endValue: Math.max(Math.ceil(trace.endNs), events.at(-1)?.at ?? 0),
  events,
});
