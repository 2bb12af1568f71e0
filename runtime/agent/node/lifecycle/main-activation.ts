/**
 * The main body: the activation that runs the program's first file from the moment the instrument is ready until its
 * synchronous part is over, so that plain computing at the top level is seen to hold the lane, and what is called
 * there has a parent.
 *
 * When is it over? For a CommonJS entry: Node reads `Module._load` to load it, and the first microtask after that
 * runs when the file's code has returned. For an ES module: the first microtask after the first probe that it
 * runs through; a module without any ends when the loop turns and Node has done with loading the entry. Neither way is on the stack
 * of the user's code, so no stack trace shows it.
 */
import { readFileSync, statSync } from 'node:fs';
import { Module } from 'node:module';
import { basename } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { hashLine } from '../../../trace/format/hash.ts';
import { ACTIVATION_KIND, SITE_ROLE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Activation } from '../state/thread-state.ts';
import type { Probes } from '../probes/probes.ts';

const QUIET = { throwIfNoEntry: false } as const;

export interface MainActivation {
  /** Instrumented code runs: the body is over when the microtasks come. */
  firstProbe(): void;
  /** Ends it now, if it has not ended. */
  end(): void;
  over(): boolean;
  /** ns, monotonic. */
  readonly beganNs: bigint;
}

/** @param beforeEnd what there is to say while the main body still has the lane */
export function beginMainActivation(
  probes: Probes,
  recorder: Recorder,
  parent: number,
  beforeEnd: () => void,
): MainActivation {
  const entry = process.argv[1];
  // A worker thread has no entry's name yet when the instrument is loaded.
  const name = entry !== undefined ? basename(entry) : isMainThread ? '<main>' : `worker#${threadId}`;
  const site = entry === undefined ? 0 : siteOf(entry, recorder);
  const main: Activation = probes.open(ACTIVATION_KIND.main, parent, site, recorder.text(name), 0);
  const beganNs = builtIns.now();
  let over = false;
  let armed = false;

  function end(): void {
    if (over) return;
    restore();
    beforeEnd();
    over = true;
    probes.close(main, true);
  }

  function endOfEntry(): void {
    if (process.mainModule !== undefined) end();
  }

  function arm(): void {
    if (armed || over) return;
    armed = true;
    builtIns.queueMicrotask(end);
  }

  const host = Module as unknown as Record<string, unknown>;
  const was = Object.getOwnPropertyDescriptor(host, '_load');
  let load = was?.value as unknown;
  let restored = false;
  function restore(): void {
    if (restored || was === undefined) return;
    restored = true;
    Object.defineProperty(host, '_load', { ...was, value: load });
  }
  if (typeof load === 'function' && was?.configurable === true) {
    Object.defineProperty(host, '_load', {
      configurable: true,
      enumerable: was.enumerable ?? true,
      get() {
        // Another preload may require something first: then there is no main module yet, and we look again next time.
        // Not a tick: a scheduled tick would make Node drain microtasks from JavaScript, a frame in the user's stacks.
        builtIns.queueMicrotask(endOfEntry);
        return load;
      },
      set(value: unknown) {
        load = value;
      },
    });
  }

  function turned(): void {
    if (over) return;
    if (process.mainModule === undefined && entryIsLoading()) watchTurn();
    else end();
  }
  function watchTurn(): void {
    // Unref'd: looked at whenever the loop turns anyway, never a reason for it to turn.
    builtIns.setImmediate(turned).unref();
  }
  watchTurn();

  return { firstProbe: arm, end, over: () => over, beganNs };
}

/** The entry's first line: where the main body stands that has no probe of its own. 0: that file cannot be read. */
function siteOf(entry: string, recorder: Recorder): number {
  try {
    const path = [entry, `${entry}.js`, `${entry}.cjs`].find(
      (each) => statSync(each, QUIET)?.isFile() === true,
    );
    if (path === undefined) return 0;
    const [line = ''] = readFileSync(path, 'utf8').split(/(?<=\n)/, 1);
    const id = recorder.nextSites(1);
    const role = SITE_ROLE.line;
    recorder.site({
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

/** Node listens for the exit under this name for as long as the entry is being loaded and evaluated. */
function entryIsLoading(): boolean {
  return process.rawListeners('exit').some((listener) => listener.name === 'handleProcessExit');
}
