/**
 * Pipelines that never end since nobody reads their last stream. They are looked at once, when the
 * process ends: no reaction is added to their promises, and their streams are not held.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { isObject, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { PromiseInfo } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';

const { apply, getOwnPropertyDescriptor } = builtIns;
const MAX_PIPELINES = 1000;
/** Pipelines that call back: a stack costs 10 µs. */
const MAX_STACKS = 1000;

interface Pipeline {
  /** Null: it calls back. */
  readonly info: PromiseInfo | null;
  readonly last: SafeRef<object>;
  readonly site: number;
}

export interface WatchedPipelines {
  /** `pipeline` of `stream/promises` was called. */
  watch(args: readonly unknown[], result: unknown): void;
  /** Called once, before the process's last record. */
  end(): void;
  /** Puts the original `pipeline` of `stream` back. */
  undo(): void;
}

export function watchPipelines(recorder: Recorder, errors: UncaughtErrors): WatchedPipelines {
  let pipelines: Pipeline[] = [];
  let stacks = 0;

  function watch(args: readonly unknown[], result: unknown): void {
    const last = lastStream(args);
    const info = typeof result === 'object' && result !== null ? promiseInfoOf(result) : undefined;
    if (last !== null && info !== undefined) keep(last, info);
  }

  /** A call whose last argument is a callback. */
  function watchCallback(args: readonly unknown[]): void {
    const last = lastStream(args);
    if (last !== null && stacks++ < MAX_STACKS) keep(last, null);
  }

  function keep(last: object, info: PromiseInfo | null): void {
    if (pipelines.length >= MAX_PIPELINES) pipelines = pendingOf(pipelines);
    if (pipelines.length >= MAX_PIPELINES) return;
    const site = errors.siteHere();
    // A package's own business.
    if (info === null && site === 0) return;
    pipelines[pipelines.length] = { info, last: new SafeRef(last), site };
  }

  const undo = replaceBuiltin(
    createRequire(import.meta.url)('node:stream') as object,
    'pipeline',
    (original) => {
      return {
        pipeline(this: unknown, ...args: unknown[]): unknown {
          const last: unknown = apply(original, this, args);
          watchCallback(args);
          return last;
        },
      }.pipeline;
    },
  );

  return {
    watch,
    undo,
    end() {
      for (let i = 0; i < pipelines.length; i++) {
        const { info, last, site } = pipelines[i]!;
        const stream = info === null || info.settler === 0 ? last.deref() : undefined;
        if (stream === undefined || !isFullAndUnread(stream)) continue;
        const unit = ask('readableObjectMode', stream) === true ? ' of objects' : '';
        const text = recorder.defineText((typeNameOf(stream) || 'stream') + unit);
        const bytes = ask('readableLength', stream) as number;
        recorder.write(KIND.fact, FACT['back-pressure'], 0, site, text, 0, bytes);
      }
    },
  };
}

function pendingOf(pipelines: readonly Pipeline[]): Pipeline[] {
  const pending: Pipeline[] = [];
  for (let i = 0; i < pipelines.length; i++)
    if (isPending(pipelines[i]!)) pending[pending.length] = pipelines[i]!;
  return pending;
}

function isPending({ info, last }: Pipeline): boolean {
  if (info !== null) return info.settler === 0;
  const stream = last.deref();
  return stream !== undefined && ask('destroyed', stream) !== true;
}

function lastStream(args: readonly unknown[]): object | null {
  const list: readonly unknown[] = builtIns.isArray(args[0]) ? args[0] : args;
  for (let i = list.length - 1; i > 0; i--) {
    const stream = list[i];
    if (typeof stream !== 'object' || stream === null || types.isProxy(stream)) continue;
    // Options may stand behind the last stream.
    if (isObject(plainProperty(stream, '_readableState'))) return stream;
    if (isObject(plainProperty(stream, '_writableState'))) return null;
  }
  return null;
}

/** It keeps as much as it may, and nothing takes from it. */
function isFullAndUnread(stream: object): boolean {
  const length = ask('readableLength', stream);
  const mark = ask('readableHighWaterMark', stream);
  if (typeof length !== 'number' || typeof mark !== 'number' || length < mark) return false;
  return ask('readableFlowing', stream) === null && ask('destroyed', stream) !== true;
}

/** By Node's own accessors: they run no code of the program's. */
function ask(name: string, stream: object): unknown {
  const getter = getOwnPropertyDescriptor(Readable.prototype, name)?.get;
  return getter === undefined ? undefined : apply(getter, stream, []);
}
