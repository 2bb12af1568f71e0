/**
 * The main activation: the synchronous part of the program's first file, from the moment the
 * instrument is ready. So computing at the top level is seen to hold the thread, and what is called
 * there has a parent.
 *
 * When is it over?
 *   CommonJS    Node reads `Module._load` to load the entry. The first microtask after that runs
 *               when the file's code has returned.
 *   ES module   The first microtask after the first probe. A module without probes ends when the
 *               loop turns and Node has loaded the entry.
 *
 * No function of ours is on the stack of the user's code meanwhile: no stack trace may show one.
 */
import { readFileSync, statSync } from 'node:fs';
import { Module } from 'node:module';
import { basename } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { hashLine } from '../../../trace/format/hash.ts';
import { ACTIVATION_KIND, SITE_ROLE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { beforeNextPoll } from '../../../recorder/before-next-poll.ts';
import { keepFrameName } from '../builtins/keep-frame-name.ts';
import type { Activation } from '../state/activation.ts';
import type { Probes } from '../probes/probes.ts';

const NO_THROW = { throwIfNoEntry: false } as const;

export interface MainActivation {
  /** Instrumented code runs: the main activation is over when the microtasks run. */
  onProbe(): void;
  /** Ends it now, if it has not ended. @param failed an error that nobody caught has ended it */
  end(failed?: boolean): void;
  isOver(): boolean;
  /** ns, monotonic. */
  readonly beganNs: bigint;
}

/** @param beforeEnd called while the main activation still has the thread */
export function beginMainActivation(
  probes: Probes,
  recorder: Recorder,
  parent: number,
  beforeEnd: () => void,
): MainActivation {
  // With code on the command line, the first argument is the program's own.
  const hasCode = (process as { readonly _eval?: unknown })._eval !== undefined;
  const entry = hasCode ? undefined : process.argv[1];
  // A worker thread has no entry's name yet when the instrument is loaded.
  const name = entry !== undefined ? basename(entry) : isMainThread ? '<main>' : `worker#${threadId}`;
  const site = entry === undefined ? 0 : siteOf(entry, recorder);
  const main: Activation = probes.openActivation(
    ACTIVATION_KIND.main,
    parent,
    site,
    recorder.defineText(name),
    0,
  );
  const beganNs = builtIns.now();
  let isOver = false;
  let isArmed = false;

  function end(failed = false): void {
    if (isOver) return;
    restoreLoad();
    beforeEnd();
    isOver = true;
    probes.closeActivation(main, !failed);
  }

  /** `_load` was read, and the microtask that follows has not run. */
  let isEntryRead = false;
  let isProbed = false;
  function endOfEntry(): void {
    isEntryRead = false;
    if (process.mainModule !== undefined || isProbed) end();
    // Another preload required something. Its read was the entry's, unless that is still to come.
    else watchLoad();
  }

  function arm(): void {
    if (isArmed || isOver) return;
    isProbed = true;
    // A microtask of ours is under way. A second one could be seen by hooks of the program's.
    if (isEntryRead) return;
    isArmed = true;
    builtIns.queueMicrotask(end);
  }

  const host = Module as unknown as Record<string, unknown>;
  const former = Object.getOwnPropertyDescriptor(host, '_load');
  let load = former?.value as unknown;
  let isWatching = false;
  function restoreLoad(): void {
    if (!isWatching || former === undefined) return;
    isWatching = false;
    forgetName();
    Object.defineProperty(host, '_load', { ...former, value: load });
  }
  let forgetName = (): void => {};
  /** Until the next read. */
  function watchLoad(): void {
    if (isWatching || isOver || former?.configurable !== true) return;
    isWatching = true;
    load = host['_load'];
    forgetName = keepFrameName(host, '_load', load);
    Object.defineProperty(host, '_load', {
      configurable: true,
      enumerable: former.enumerable ?? true,
      get() {
        restoreLoad();
        isEntryRead = true;
        // No tick: it would make Node drain microtasks from JavaScript, a frame in the user's
        // stacks.
        builtIns.queueMicrotask(endOfEntry);
        return load;
      },
      set(value: unknown) {
        load = value;
      },
    });
  }
  if (typeof load === 'function') watchLoad();

  function onTurn(): void {
    if (isOver) return;
    if (process.mainModule === undefined && entryIsLoading()) watchTurn();
    else end();
  }
  function watchTurn(): void {
    beforeNextPoll(onTurn);
  }
  watchTurn();

  return { onProbe: arm, end, isOver: () => isOver, beganNs };
}

/**
 * The site of the main activation, the first line of the entry; 0 when that file cannot be read.
 */
function siteOf(entry: string, recorder: Recorder): number {
  try {
    const path = [entry, `${entry}.js`, `${entry}.cjs`].find(
      (candidate) => statSync(candidate, NO_THROW)?.isFile() === true,
    );
    if (path === undefined) return 0;
    const [line = ''] = readFileSync(path, 'utf8').split(/(?<=\n)/, 1);
    const id = recorder.reserveSiteIds(1);
    const role = SITE_ROLE.line;
    recorder.defineSite({
      id,
      file: path,
      line: 1,
      column: 1,
      fn: '<main>',
      text: '',
      role,
      direct: false,
      lineHash: hashLine(line),
    });
    return id;
  } catch {
    return 0;
  }
}

/**
 * While Node loads and evaluates the entry, it listens for the exit with a function of this name.
 */
function entryIsLoading(): boolean {
  return process.rawListeners('exit').some((listener) => listener.name === 'handleProcessExit');
}
