/** The sites of one file, in the order of the text. Offsets become lines and columns here. */
import { hashLine } from '../../../trace/format/hash.ts';
import { SITE_NOTE, type SiteNote } from '../../../trace/format/enumerations.ts';
import { type CallbackKind, type SharedStep, type Site } from '../contract/probe-set.ts';
import { asWritten } from './compiled-text.ts';
import { describeReceiver, isRelease, isSending, isTaking, type Receiver, tellingOf } from './receiver.ts';
import type { IgnoredRules } from './ignored-rules.ts';
import { type Node, unwrapped } from './syntax-tree.ts';

const MAX_TEXT = 80;

export class SiteTable {
  readonly sites: (Site & { span?: number })[] = [];
  readonly #source: string;
  readonly #lineStarts: readonly number[];

  constructor(source: string, lineStarts: readonly number[]) {
    this.#source = source;
    this.#lineStarts = lineStarts;
  }

  /**
   * Adds a row.
   * @param operand what is awaited, returned, yielded or called; of a function, what drops its
   *   promise
   * @returns the index of the row
   */
  add(role: Site['role'], at: number, fn: string, operand: Node | null, generator?: boolean): number {
    const site = this.addCall(role, at, fn, operand, null);
    if (generator === true) this.sites[site] = { ...this.sites[site]!, generator };
    return site;
  }

  /** What the call at `site` is given was visited. */
  endCall(site: number): void {
    const row = this.sites[site]!;
    const span = this.sites.length - 1 - site;
    if (row.receiver !== undefined && span > 0) row.span = span;
  }

  /** Of an operand or call with a receiver. */
  addCall(
    role: Site['role'],
    at: number,
    fn: string,
    operand: Node | null,
    receiver: Receiver | null,
  ): number {
    const line = lineOf(this.#lineStarts, at);
    this.sites.push({
      role,
      line: line + 1,
      column: at - this.#lineStarts[line]! + 1,
      fn,
      text: operand === null ? '' : onOneLine(asWritten(this.#source.slice(operand.start, operand.end))),
      direct: operand !== null && isCall(unwrapped(operand)),
      lineHash: hashLine(this.#source.slice(this.#lineStarts[line], this.#lineStarts[line + 1])),
      ...(receiver === null ? {} : { receiver: describeReceiver(receiver) }),
      ...(receiver !== null && isRelease(operand!) ? { releases: true } : {}),
      ...(receiver !== null && isTaking(operand!) ? { takes: true } : {}),
      ...(receiver !== null ? tellingOf(operand!) : {}),
      ...(receiver !== null && isSending(operand!, this.#source) ? { sends: true } : {}),
    });
    return this.sites.length - 1;
  }

  /** A comment silences rules at the line of this offset. */
  addIgnored({ at, rules }: IgnoredRules): void {
    const row = this.add('call', at, '', null);
    this.sites[row] = { ...this.sites[row]!, ignores: rules };
  }

  /** A call that tells something stands within what a `new Promise` is given. */
  markWithin(index: number, promise: number): void {
    const site = this.sites[index]!;
    if (promise >= 0 && site.tells !== undefined) this.sites[index] = { ...site, within: promise };
  }

  /** Of a `new Promise`: listeners for these events of one emitter alone can settle it. */
  markHears(index: number, events: readonly string[]): void {
    if (events.length > 0) this.sites[index] = { ...this.sites[index]!, hears: events };
  }

  /** The call waits for an event of its receiver. @param isOwn it is a method of that */
  markAwaitsEvent(index: number, isOwn: boolean): void {
    this.sites[index] = { ...this.sites[index]!, tells: isOwn ? 'await-own' : 'await' };
  }

  /** The function calls its parameter `name` when it is done. */
  markCallsBack(index: number, name: string): void {
    this.sites[index] = { ...this.sites[index]!, callsBack: name };
  }

  /** It does so here. @param fn the row of the function @param before of a call made before */
  markBackOf(index: number, fn: number, before: number | undefined): void {
    const again = before === undefined ? {} : { again: before };
    this.sites[index] = { ...this.sites[index]!, backOf: fn, ...again };
  }

  markCallback(index: number, callback: CallbackKind): void {
    this.sites[index] = { ...this.sites[index]!, callback };
  }

  /** `void f()`: that nobody takes the promise is meant. */
  markMeant(index: number): void {
    this.sites[index] = { ...this.sites[index]!, isMeant: true };
  }

  /** A plain function that gives back what a `return` above may still need. */
  markLease(index: number): void {
    this.sites[index] = { ...this.sites[index]!, isLease: true };
  }

  /** A `new` that makes a stream: so many of its functions have the rows behind this one. */
  markStream(index: number, methods: number): void {
    this.sites[index] = { ...this.sites[index]!, streamMethods: methods };
  }

  /** A step of an update of what several runs share. */
  markShared(index: number, shared: SharedStep): void {
    this.sites[index] = { ...this.sites[index]!, shared };
  }

  /** An await in a loop that asks the same each time round. */
  markAsksAgain(index: number): void {
    this.sites[index] = { ...this.sites[index]!, asksAgain: true };
  }

  /** `Promise.withResolvers()` */
  markDeferred(index: number): void {
    this.sites[index] = { ...this.sites[index]!, defers: true };
  }

  /** @param index of a row, as `add` gave it */
  note(index: number, note: SiteNote | undefined): void {
    const site = this.sites[index]!;
    if (note !== undefined) this.sites[index] = { ...site, note: SITE_NOTE[note] };
  }
}

/** Offsets at which lines begin. Line terminators are those of JavaScript, as V8 counts them. */
export function lineStartsOf(source: string): number[] {
  const starts = [0];
  for (const match of source.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** 0-based line of an offset. */
export function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isCall(node: Node): boolean {
  return node.type === 'CallExpression' || (node.type === 'ChainExpression' && isCall(node['expression']));
}

/** A text as a site has it: on one line, cut to a bound. */
export function onOneLine(text: string): string {
  // A long operand (an inline function, a template) is cut first: only its head is shown.
  const line = text
    .slice(0, MAX_TEXT * 8)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT - 1)}…`;
}
