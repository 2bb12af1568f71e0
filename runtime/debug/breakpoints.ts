/**
 * Where a session stops: lines, names, what happens to queues and locks, findings and events. A
 * breakpoint is asked of each step on the way; the cursor stands at that step.
 *
 * A hit count counts from the recording's beginning, so that it means the same place whichever way
 * one comes.
 */
import { KIND_FILTERS } from './exception-filters.ts';
import { type Expression, isTrue, parseExpression } from './expression.ts';
import { findingStops, type FindingStop } from './finding-stops.ts';
import { parseHitCondition, type HitCondition } from './hit-condition.ts';
import type { Replay } from './replay.ts';
import { FUNCTIONS, StepMeaning, WORDS } from './step-meaning.ts';

export type BreakpointKind = 'breakpoint' | 'function breakpoint' | 'data breakpoint' | 'exception';

export interface BreakpointOptions {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

export interface Breakpoint {
  readonly id: number;
  readonly kind: BreakpointKind;
  /** What it is about, as a person reads it. */
  readonly name: string;
  /** Whether the step is one of its own, conditions aside. */
  matches(step: number): boolean;
  readonly condition: Expression | null;
  readonly hits: HitCondition | null;
  readonly logMessage: string | null;
}

/** Why the session stops at a step. */
export interface Hit {
  readonly kind: BreakpointKind;
  readonly ids: readonly number[];
  readonly name: string;
  /** Of a finding. */
  readonly finding?: FindingStop;
}

/** Parts of a log message that are asked. */
const MESSAGE_PART = /\{([^{}]*)\}/g;

export class Breakpoints {
  readonly #replay: Replay;
  readonly #lists = new Map<string, readonly Breakpoint[]>();
  #all: readonly Breakpoint[] = [];
  #filters: ReadonlyMap<string, Expression | null> = new Map();
  #editorFilters: ReadonlyMap<string, Expression | null> = new Map();
  #ownFilters: ReadonlyMap<string, null> = new Map();
  /** By breakpoint with a hit count: its places, as of so many steps. */
  readonly #places = new Map<Breakpoint, { readonly asOf: number; readonly places: readonly number[] }>();
  #findings: { readonly asOf: number; readonly byPlace: ReadonlyMap<number, readonly FindingStop[]> } | null =
    null;
  #nextId = 1;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  /** Whether there is anything to stop at. */
  get isEmpty(): boolean {
    return this.#all.length === 0 && this.#filters.size === 0;
  }

  takeId(): number {
    return this.#nextId++;
  }

  /** Replaces those of one list: of a source, or of a kind. */
  setList(list: string, breakpoints: readonly Breakpoint[]): void {
    for (const old of this.#lists.get(list) ?? []) this.#places.delete(old);
    this.#lists.set(list, breakpoints);
    this.#all = [...this.#lists.values()].flat();
  }

  /** @throws RequestError where a condition cannot be read */
  make(
    id: number,
    kind: BreakpointKind,
    name: string,
    matches: (step: number) => boolean,
    { condition, hitCondition, logMessage }: BreakpointOptions,
  ): Breakpoint {
    return {
      id,
      kind,
      name,
      matches,
      condition: isBlank(condition) ? null : parseCondition(condition),
      hits: isBlank(hitCondition) ? null : parseHitCondition(hitCondition),
      logMessage: isBlank(logMessage) ? null : logMessage,
    };
  }

  /** By name of a filter: its condition, if it has one. */
  setFilters(filters: ReadonlyMap<string, Expression | null>): void {
    this.#editorFilters = filters;
    this.#filters = new Map([...filters, ...this.#ownFilters]);
  }

  /** Names of filters that are on besides the editor's, without a condition. */
  setOwnFilters(names: readonly string[]): void {
    this.#ownFilters = new Map(names.map((name) => [name, null]));
    this.#filters = new Map([...this.#editorFilters, ...this.#ownFilters]);
  }

  /** Rows that stand at a line with a breakpoint. */
  *markedRows(): Generator<number> {
    const lines = this.#all.filter(({ kind }) => kind === 'breakpoint');
    if (lines.length === 0) return;
    const { timeline } = this.#replay;
    for (const row of timeline.living) {
      const newest = timeline.newestOf(row);
      if (lines.some(({ matches }) => matches(newest))) yield row;
    }
  }

  /**
   * Why to stop at this step, at which the cursor stands; null: nothing stops there.
   * @param log is given what log points say
   */
  hitAt(step: number, place: number, log: (words: string) => void): Hit | null {
    const hit: Breakpoint[] = [];
    for (const breakpoint of this.#all) {
      if (!this.#holds(breakpoint, step)) continue;
      if (breakpoint.hits !== null && !breakpoint.hits(this.#numberOf(breakpoint, place))) continue;
      if (breakpoint.logMessage === null) hit.push(breakpoint);
      else log(this.#say(breakpoint.logMessage, step));
    }
    const [first] = hit;
    if (first !== undefined) return { kind: first.kind, ids: hit.map(({ id }) => id), name: first.name };
    return this.#eventAt(step) ?? this.#findingAt(step, place);
  }

  #holds({ matches, condition }: Breakpoint, step: number): boolean {
    if (!matches(step)) return false;
    return condition === null || isTrue(this.#ask(condition, step));
  }

  #ask(expression: Expression, step: number): ReturnType<Expression> {
    try {
      return expression(new StepMeaning(this.#replay, step));
    } catch {
      // A queue that does not exist yet: nothing holds of it.
      return undefined;
    }
  }

  #say(message: string, step: number): string {
    return message.replaceAll(MESSAGE_PART, (_, source: string) => {
      const value = this.#ask(parseCondition(source), step);
      return value === undefined ? '?' : String(value);
    });
  }

  /** The how-manieth of its hits this is, from 1. */
  #numberOf(breakpoint: Breakpoint, place: number): number {
    const { timeline } = this.#replay;
    let known = this.#places.get(breakpoint);
    if (known?.asOf !== timeline.count) {
      const places: number[] = [];
      const at = timeline.at;
      for (let i = 0; i < timeline.count; i++) {
        const step = timeline.step(i);
        if (!breakpoint.matches(step)) continue;
        timeline.moveTo(i);
        if (this.#holds(breakpoint, step)) places.push(i);
      }
      timeline.moveTo(at);
      known = { asOf: timeline.count, places };
      this.#places.set(breakpoint, known);
    }
    return known.places.indexOf(place) + 1;
  }

  #eventAt(step: number): Hit | null {
    for (const [name, condition] of this.#filters) {
      const isOne = KIND_FILTERS.get(name);
      if (isOne === undefined || !isOne(this.#replay, step)) continue;
      if (condition !== null && !isTrue(this.#ask(condition, step))) continue;
      return { kind: 'exception', ids: [], name };
    }
    return null;
  }

  #findingAt(step: number, place: number): Hit | null {
    for (const finding of this.findings().get(place) ?? []) {
      const condition = this.#filters.get(finding.rule);
      if (condition === undefined) continue;
      // Information is a place to stop for who asks for it.
      const holds = condition === null ? finding.severity !== 'info' : isTrue(this.#ask(condition, step));
      if (holds) return { kind: 'exception', ids: [], name: finding.rule, finding };
    }
    return null;
  }

  /** Those of the rules that the person wants to stop at, by place. */
  findings(): ReadonlyMap<number, readonly FindingStop[]> {
    const { events, isOver } = this.#replay.trace;
    const asOf = events * 2 + (isOver ? 1 : 0);
    if (this.#findings?.asOf === asOf) return this.#findings.byPlace;
    const byPlace = new Map<number, FindingStop[]>();
    const isWanted = [...this.#filters.keys()].some((name) => !KIND_FILTERS.has(name));
    for (const stop of isWanted ? findingStops(this.#replay) : []) {
      const there = byPlace.get(stop.place);
      if (there === undefined) byPlace.set(stop.place, [stop]);
      else there.push(stop);
    }
    this.#findings = { asOf: isWanted ? asOf : -1, byPlace };
    return byPlace;
  }
}

const isBlank = (text: string | undefined): text is undefined => text === undefined || text.trim() === '';

/** @throws RequestError that says what is wrong */
export const parseCondition = (text: string): Expression => parseExpression(text, WORDS, FUNCTIONS);
