/**
 * Streams that `pipe` left open: their source failed, and `pipe` ends nothing for an error. They
 * are looked at when the process does little and when it ends, by Node's own state of the streams;
 * no listener is added, and they are not held.
 */
import { Readable, Writable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { isObject, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import { describeError } from '../errors/describe-error.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { TimeBudget } from '../stack/time-budget.ts';

const { apply, getOwnPropertyDescriptor } = builtIns;
const MAX_PIPES = 256;
/** Streams behind each other. */
const MAX_CHAIN = 16;

interface Pipe {
  readonly source: SafeRef<object>;
  readonly site: number;
}

export interface WatchedPipes {
  /** Writes a fact for each stream that is left open. */
  report(): void;
  /** Puts the original `pipe` back. */
  undo(): void;
}

/** @param awaitedAt the site of a wait for the end of a stream; 0: nobody waits for it */
export function watchPipes(
  recorder: Recorder,
  errors: UncaughtErrors,
  awaitedAt: (stream: object) => number,
): WatchedPipes {
  const budget = new TimeBudget();
  let pipes: Pipe[] = [];

  function note(source: unknown, [target, options]: readonly unknown[]): void {
    if (typeof source !== 'object' || source === null || types.isProxy(source)) return;
    if (typeof target !== 'object' || target === null || types.isProxy(target)) return;
    // Somebody else ends it, or nobody ever does.
    const isLeft = typeof options === 'object' && options !== null && plainProperty(options, 'end') === false;
    if (isLeft || plainProperty(target, '_isStdio') === true) return;
    if (pipes.length >= MAX_PIPES) pipes = openOf(pipes);
    if (pipes.length >= MAX_PIPES) return;
    const site = errors.siteWithin(budget);
    // A package's own business, or too many of them.
    if (site !== 0) pipes[pipes.length] = { source: new SafeRef(source), site };
  }

  function reportPipe(source: object, site: number): void {
    const error = ask(Readable, 'errored', source);
    if (error === null || error === undefined) return;
    const targets = leftOpenOf(source);
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      const names = `${typeNameOf(source) || 'stream'}|${typeNameOf(target) || 'stream'}`;
      const text = recorder.defineText(`${names}|${requestOf(target)}|${describeError(error)}`);
      recorder.write(KIND.fact, FACT['broken-pipe'], 0, site, text, waitBehind(target), 0);
    }
  }

  /** The wait for the end of the stream, or of one that it is piped into. */
  function waitBehind(first: object): number {
    let stream: object | undefined = first;
    for (let i = 0; stream !== undefined && i < MAX_CHAIN; i++) {
      const site = awaitedAt(stream);
      if (site !== 0) return site;
      stream = targetsOf(stream)[0];
    }
    return 0;
  }

  const undo = replaceBuiltin(Readable.prototype, 'pipe', (original) => {
    return {
      pipe(this: unknown, ...args: unknown[]): unknown {
        const target: unknown = apply(original, this, args);
        try {
          note(this, args);
        } catch {
          // Near the end of the stack there may be too little of it.
        }
        return target;
      },
    }.pipe;
  });

  return {
    undo,
    report() {
      for (let i = 0; i < pipes.length; i++) {
        const source = pipes[i]!.source.deref();
        if (source !== undefined) reportPipe(source, pipes[i]!.site);
      }
    },
  };
}

/** Those that may still fail, or have. */
function openOf(pipes: readonly Pipe[]): Pipe[] {
  const open: Pipe[] = [];
  for (let i = 0; i < pipes.length; i++) {
    const source = pipes[i]!.source.deref();
    if (source === undefined || ask(Readable, 'readableEnded', source) === true) continue;
    const isOver = ask(Readable, 'destroyed', source) === true;
    if (!isOver || leftOpenOf(source).length > 0) open[open.length] = pipes[i]!;
  }
  return open;
}

/** What a stream is piped into. */
function targetsOf(source: object): object[] {
  const state = plainProperty(source, '_readableState');
  const pipes = typeof state === 'object' && state !== null ? plainProperty(state, 'pipes') : null;
  const targets: object[] = [];
  for (let i = 0; builtIns.isArray(pipes) && i < pipes.length; i++) {
    const target = (pipes as unknown[])[i];
    if (typeof target === 'object' && target !== null && !types.isProxy(target))
      targets[targets.length] = target;
  }
  return targets;
}

function leftOpenOf(source: object): object[] {
  const targets = targetsOf(source);
  const open: object[] = [];
  for (let i = 0; i < targets.length; i++) if (isLeftOpen(targets[i]!)) open[open.length] = targets[i]!;
  return open;
}

/** Nobody has ended it, and nobody has destroyed it. */
function isLeftOpen(target: object): boolean {
  if (isAnswer(target))
    return plainProperty(target, 'finished') === false && plainProperty(target, 'destroyed') === false;
  return (
    ask(Writable, 'writable', target) === true &&
    ask(Writable, 'writableEnded', target) === false &&
    ask(Writable, 'destroyed', target) === false
  );
}

/** An outgoing message of HTTP: a stream without the state of one. */
const isAnswer = (target: object): boolean =>
  !isObject(plainProperty(target, '_writableState')) &&
  typeof plainProperty(target, 'finished') === 'boolean';

/** "GET /a" of an answer to a request; '': it is none. */
function requestOf(target: object): string {
  const request = isAnswer(target) ? plainProperty(target, 'req') : undefined;
  if (typeof request !== 'object' || request === null) return '';
  const [method, url] = [plainProperty(request, 'method'), plainProperty(request, 'url')];
  return typeof method === 'string' && typeof url === 'string' ? `${method} ${url}` : '';
}

/** By Node's own accessors: they run no code of the program's. */
function ask(of: typeof Readable | typeof Writable, name: string, stream: object): unknown {
  const getter = getOwnPropertyDescriptor(of.prototype, name)?.get;
  return getter === undefined ? undefined : (apply(getter, stream, []) as unknown);
}
