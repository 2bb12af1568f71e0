/**
 * Requests that the program's own HTTP servers received and never answered, with the last code of
 * the user's that ran for each. A request whose answer was ended, or begun, is no such request; nor
 * is one whose connection the server itself cut.
 *
 * The last code is known where it read the request's headers or wrote to the answer: stacks are
 * taken then and made text only for a request that is reported. A stack costs some µs: once the
 * time for them is spent, few requests are followed so, and what they set of an answer's status is
 * no longer noted, for that costs each request. Else the listener for requests is named.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { shownTextOf } from '../builtins/function-text.ts';
import type { StackFrame } from '../errors/describe-error.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { changeStackLimit, type FormerLimit, restoreStackLimit } from '../stack/stack-limit.ts';
import { requestText } from './live-handles.ts';
import { isHeardToClose } from '../state/close-listeners.ts';
import type { Origins } from './origins.ts';
import { TimeBudget } from '../stack/time-budget.ts';
import { headersWatcher, watchAnswers, watchClose, watchStatus } from './touched-methods.ts';

/** The lines of a function, 1-based; null: it cannot be told. */
export type FunctionAt = (
  path: string,
  line: number,
  column: number,
) => { readonly first: number; readonly last: number } | null;

/** Its client went before all of it had come: nobody is left to answer. */
const HALF_RECEIVED = ' (half received)';

interface UnansweredPlace {
  /** Id of a site: the first line of the function that ran last, or where the server listens. */
  readonly site: number;
  /** The last line of that function; 0: it is not known. */
  readonly lastLine: number;
}

export interface UnansweredRequest extends UnansweredPlace {
  /** "GET /orders" */
  readonly text: string;
  /** When it came, by the recorder's clock; 0: not known. */
  readonly beganNs: number;
  /** When its client went, and nobody had answered; 0: it did not, or that is not known. */
  readonly leftNs: number;
}

interface StartMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

interface OpenRequest extends StartMessage {
  /** Of the wall clock: the cheapest. */
  readonly sinceMs: number;
  /** The last stacks, of which the text is not made; null: not followed. */
  readonly stacks: Error[] | null;
  touches: number;
  /** Where its head was written, and when, of the wall clock; null: nobody saw it. */
  head: Error | null;
  headMs: number;
  /** Of the task that wrote it. */
  headTask: number;
  /** As in UnansweredRequest. */
  beganNs: number;
  leftNs: number;
  /** As of so many touches: to find it a file is parsed. */
  place?: { readonly touches: number; readonly found: UnansweredPlace | null };
}

/** A request was answered again, which throws. */
export interface SecondAnswer {
  /** Ids of sites: here, and where it was answered first. */
  readonly site: number;
  readonly firstSite: number;
  /** What the first one was: "503 Service Unavailable". */
  readonly status: string;
  /** By the same task; else whether the first one had come to its end. */
  readonly how: 'own' | 'ended' | 'open';
  readonly afterUs: number;
}

/** The code that ran last may be a package's: the user's is looked for in so many stacks. */
const KEPT_STACKS = 8;
const MAX_TOUCHES = 40;
const MAX_FRAMES = 25;
/** How many of the open requests each new one looks at, so that those which are over are let go. */
const LOOKS = 2;
const MAX_REPORTED = 10;
/**
 * A younger one may be answered yet. Less than the second of silence after which it is asked: the
 * last record may be older than the request.
 */
const MIN_OPEN_MS = 500;
const { apply, getWeak, setWeak } = builtIns;
const { listeners: listenersOf } = EventEmitter.prototype;
const NativeError = Error;
const { toString: functionToString } = Function.prototype;

export class HttpRequests {
  readonly #errors: UncaughtErrors;
  readonly #origins: Origins;
  readonly #functionAt: FunctionAt;
  readonly #clock: () => bigint;
  readonly #budget = new TimeBudget();
  /** In no order. */
  readonly #open: OpenRequest[] = [];
  readonly #closing = new WeakSet<object>();
  #lookAt = 0;
  #followedCount = 0;
  /** Some request was followed. */
  #isFollowing = false;
  #secondCount = 0;
  readonly #followed = new WeakMap<object, OpenRequest>();
  #lastMs = 0;
  #restoreTouches: (() => void)[] | null = null;
  #restoreStatus: (() => void)[] = [];
  #watchHeaders: (request: object) => void = () => {};

  /** @param clock of the recorder */
  constructor(errors: UncaughtErrors, origins: Origins, functionAt: FunctionAt, clock: () => bigint) {
    this.#errors = errors;
    this.#origins = origins;
    this.#functionAt = functionAt;
    this.#clock = clock;
  }

  /** Id of the activation that runs now, or 0. */
  taskNow: () => number = () => 0;
  /** Told of an answer to what was answered before. */
  onSecond: ((second: SecondAnswer) => void) | null = null;

  readonly #noteClose = (self: object): void => {
    const open = this.#followedCount === 0 ? undefined : getWeak(this.#followed, self);
    if (open?.leftNs === 0) open.leftNs = Number(this.#clock());
  };

  readonly #noteTouch = (self: object, name: string): void => {
    if (!this.#isFollowing) return;
    const open = getWeak(this.#followed, self);
    if (open === undefined || open.stacks === null) return;
    if (open.response.headersSent) {
      if (throwsBehind(name, open.response)) this.#noteSecond(open);
      return;
    }
    if (open.touches >= MAX_TOUCHES) return;
    let formerLimit: FormerLimit = null;
    // A request that is followed is so to its end, whatever is left.
    this.#budget.beginAnyway();
    try {
      formerLimit = changeStackLimit(MAX_FRAMES);
      const stack = new NativeError('');
      open.stacks[open.touches++ % KEPT_STACKS] = stack;
      if (name === 'writeHead') {
        open.head = stack;
        open.headMs = builtIns.wallMs();
        open.headTask = this.taskNow();
      }
    } catch {
      // No stack is left.
    } finally {
      restoreStackLimit(formerLimit);
      this.#budget.end();
    }
  };

  /** What is read throws now: the head has been sent. */
  #noteSecond({ response, head, headMs, headTask }: OpenRequest): void {
    const { onSecond } = this;
    if (onSecond === null || head === null || this.#secondCount >= MAX_REPORTED) return;
    this.#secondCount++;
    try {
      const first = this.#errors.placeOf(head);
      const second = this.#errors.placeOf(new NativeError(''));
      if (first === null || second === null) return;
      const [, status = ''] = /^HTTP\S+ (.*)/.exec(String(plainProperty(response, '_header'))) ?? [];
      onSecond({
        site: this.#errors.siteOf(second),
        firstSite: this.#errors.siteOf(first),
        status: status.trim(),
        how: headTask === this.taskNow() ? 'own' : response.writableEnded ? 'ended' : 'open',
        afterUs: Math.max(0, (builtIns.wallMs() - headMs) * 1000),
      });
    } catch {
      // It is not told.
    }
  }

  /** @returns what ends it */
  watch(): () => void {
    const start = (message: unknown): void => {
      try {
        this.#noteStart(message as StartMessage);
      } catch {
        // This request is not watched.
      }
    };
    subscribe('http.server.request.start', start);
    return () => {
      unsubscribe('http.server.request.start', start);
      for (const restore of this.#restoreTouches ?? []) restore();
      this.#forgetStatus();
    };
  }

  /** `server` is told to close: whose connection it cut on purpose is known by now. */
  noteClose(server: object): void {
    for (let i = this.#open.length - 1; i >= 0; i--)
      if (this.#open[i]!.server === server) this.#lookAtOpen(i);
    this.#closing.add(server);
  }

  /** A request came just now: code that nothing records works for it. */
  areComing(): boolean {
    return builtIns.wallMs() - this.#lastMs < MIN_OPEN_MS;
  }

  /**
   * Those without an answer.
   * @param isEnd the process ends: nobody will answer any more
   */
  unanswered(isEnd: boolean): UnansweredRequest[] {
    const found: UnansweredRequest[] = [];
    const nowMs = builtIns.wallMs();
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const open = this.#open[i]!;
      const isToTell = !this.#lookAtOpen(i) && found.length < MAX_REPORTED;
      if (isToTell && (isEnd || nowMs - open.sinceMs >= MIN_OPEN_MS)) {
        const { method, url, complete, socket } = open.request;
        const text = requestText(method, url) + (socket.destroyed && !complete ? HALF_RECEIVED : '');
        if (open.place?.touches !== open.touches)
          open.place = { touches: open.touches, found: this.#placeOf(open) };
        const place = open.place.found;
        if (place !== null) found.push({ text, ...place, beganNs: open.beganNs, leftNs: open.leftNs });
      }
    }
    return found;
  }

  #noteStart({ request, response, server }: StartMessage): void {
    if (this.#restoreTouches === null) {
      this.#restoreTouches = [
        ...watchAnswers(response, this.#noteTouch),
        ...watchClose(response, this.#noteClose),
      ];
      this.#restoreStatus = watchStatus(response, this.#noteTouch);
      this.#watchHeaders = headersWatcher(request, this.#noteTouch);
    }
    const isFollowed = this.#budget.begin();
    if (!isFollowed && this.#restoreStatus.length > 0) this.#forgetStatus();
    this.#lastMs = builtIns.wallMs();
    const open: OpenRequest = {
      request,
      response,
      server,
      sinceMs: this.#lastMs,
      stacks: isFollowed ? [] : null,
      touches: 0,
      head: null,
      headMs: 0,
      headTask: 0,
      beganNs: 0,
      leftNs: 0,
    };
    if (isFollowed) {
      open.beganNs = Number(this.#clock());
      setWeak(this.#followed, request, open);
      setWeak(this.#followed, response, open);
      this.#watchHeaders(request);
      this.#followedCount++;
      this.#isFollowing = true;
      this.#budget.end();
    }
    this.#open[this.#open.length] = open;
    for (let i = 0; i < LOOKS; i++) {
      if (this.#lookAt >= this.#open.length) this.#lookAt = 0;
      // The last one takes the place of one that is over.
      if (!this.#lookAtOpen(this.#lookAt)) this.#lookAt++;
    }
  }

  #forgetStatus(): void {
    for (const restore of this.#restoreStatus) restore();
    this.#restoreStatus = [];
  }

  /** Lets the open request at an index go if it has its answer. @returns whether it had */
  #lookAtOpen(index: number): boolean {
    const open = this.#open[index];
    if (open === undefined || !this.#isAnswered(open)) return false;
    if (open.stacks !== null) this.#followedCount--;
    const last = this.#open[this.#open.length - 1]!;
    this.#open.length--;
    if (last !== open) this.#open[index] = last;
    return true;
  }

  /**
   * It has an answer, at least the begin of one, or the server did not want to give one; or the
   * program heard that its client went.
   */
  #isAnswered({ request, response, server, leftNs }: OpenRequest): boolean {
    if (response.writableEnded || response.headersSent) return true;
    const { socket } = request;
    if (leftNs !== 0 && (isHeardToClose(response) || isHeardToClose(socket))) return true;
    // One with a body closes when that has been read.
    const { readableLength, readableEnded } = request;
    if (leftNs !== 0 && readableLength === 0 && !readableEnded && isHeardToClose(request)) return true;
    // A server that closes cuts what is left over.
    if (!socket.destroyed || this.#closing.has(server)) return false;
    // The client is gone where it ended or broke the connection; else the server cut it.
    return !socket.readableEnded && socket.errored === null;
  }

  /** Null: nobody's code was meant to answer it. */
  #placeOf({ stacks, touches, server }: OpenRequest): UnansweredPlace | null {
    for (let i = 1; stacks !== null && i <= stacks.length; i++) {
      const frame = this.#errors.placeOf(stacks[(touches - i) % KEPT_STACKS]);
      if (frame !== null) return this.#linesOf(frame);
    }
    const origin = this.#origins.of(server);
    const listeners = apply(listenersOf, server, ['request']) as unknown[];
    // A server without code for requests answers none on purpose.
    if (listeners.every((each) => typeof each !== 'function' || isEmpty(each))) return null;
    const frame = origin?.frame ?? null;
    const found = frame === null ? null : findFunction(listeners, frame.file);
    if (frame === null || found === null) return { site: origin?.site ?? 0, lastLine: 0 };
    const site = this.#errors.siteOf({ file: frame.file, line: found.first, column: 1, fn: '' });
    return { site, lastLine: found.last };
  }

  #linesOf(frame: StackFrame): UnansweredPlace {
    const { file, line, column, fn } = frame;
    const lines = this.#functionAt(file, line, column);
    if (lines === null) return { site: this.#errors.siteOf(frame), lastLine: 0 };
    return {
      site: this.#errors.siteOf({ file, line: lines.first, column: 1, fn }),
      lastLine: lines.last,
    };
  }
}

/** Behind an answer that was begun. */
function throwsBehind(name: string, { writableEnded }: ServerResponse): boolean {
  if (name === 'write') return writableEnded;
  return name === 'writeHead' || name === 'setHeader' || name === 'appendHeader' || name === 'removeHeader';
}

const isEmpty = (fn: unknown): boolean => /^[^{]*(=>|\))\s*\{\s*\}$/.test(textOf(fn));
const textOf = (fn: unknown): string => shownTextOf(fn, functionToString as () => string);

/** Where the text of one of the functions stands in a file; null: nowhere, or in several places. */
function findFunction(functions: readonly unknown[], file: string): { first: number; last: number } | null {
  const source = readFileSync(file, 'utf8');
  for (const fn of functions) {
    if (typeof fn !== 'function') continue;
    const text = textOf(fn);
    const at = source.indexOf(text);
    if (at < 0 || source.includes(text, at + 1)) continue;
    const first = source.slice(0, at).split('\n').length;
    return { first, last: first + text.split('\n').length - 1 };
  }
  return null;
}
