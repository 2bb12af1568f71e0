/**
 * Timers of the user's code. A timer is a resource of the task that set it, and its callback runs
 * as an activation of that timer: so a wait can be recorded as ended by "the timer that task T
 * set".
 *
 * It leaves alone the timers that are set while no activation of the user's runs (Node's own, a
 * library's housekeeping).
 */
import { createRequire } from 'node:module';
import { types } from 'node:util';
import { KIND, ACTIVATION_KIND, REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { timerLabel } from '../builtins/timer-label.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { Probes } from '../probes/probes.ts';
import { noteSignal } from '../state/abort-signals.ts';
import { bindResource, promiseInfoOf } from '../state/promise-info.ts';
import { isInternalTimer } from './internal-timers.ts';

const CALLBACK = ACTIVATION_KIND['timer-callback'];
const TIMER = RESOURCE_KIND.timer;
const TIMER_REASON = REASON.timer;

type Callback = (...args: unknown[]) => unknown;

const { apply, getOwnPropertyDescriptor } = builtIns;

/** Text ids: of the timer, and of a callback that has no name of its own. */
interface Label {
  readonly text: number;
  readonly callback: number;
}

const MAX_LABELS = 1000;

export interface TimerListeners {
  /** A timer was made; the code that made it is on the stack. */
  readonly onTimer: (name: string, delay: unknown, timer: unknown) => void;
  /** A timeout of so many ms calls its callback. */
  readonly onTimerFired: (delay: unknown, timer: object) => void;
}

export function patchTimers(
  state: ThreadState,
  probes: Probes,
  recorder: Recorder,
  full: boolean,
  { onTimer, onTimerFired }: TimerListeners,
): () => void {
  // Through require: an import's names cannot be replaced, the module object's can (see
  // syncBuiltinESMExports).
  const require = createRequire(import.meta.url);
  const timers = require('node:timers') as object;
  const promised = require('node:timers/promises') as object;
  const undo: (() => void)[] = [];

  const currentCreator = (): number => (state.current !== null ? state.current.id : state.creator);

  /**
   * By function, then by delay: making these texts each time would cost more than all else here.
   */
  const labels: Record<string, SafeMap<unknown, Label>> = {
    setTimeout: new SafeMap(),
    setInterval: new SafeMap(),
    setImmediate: new SafeMap(),
  };

  function labelOf(name: string, delay: unknown): Label {
    const known = labels[name]!.get(delay);
    if (known !== undefined) return known;
    const text = timerLabel(name, delay);
    const label = { text: recorder.defineText(text), callback: recorder.defineText(`${text} callback`) };
    const cacheable = typeof delay === 'number' || delay === undefined;
    // 0: the ring had no room for the text just now. The next time it may have.
    if (cacheable && label.text !== 0 && label.callback !== 0 && labels[name]!.size < MAX_LABELS) {
      labels[name]!.set(delay, label);
    }
    return label;
  }

  function recordTimer(creator: number, label: Label, site = 0): number {
    const id = recorder.nextId();
    recorder.write(KIND.resourceBegin, TIMER, creator, id, site, label.text, 0);
    return id;
  }

  /** The callback, run as an activation of a new timer. `slot`: where Node's timer keeps it. */
  function recorded(
    callback: Callback,
    ownName: string,
    creator: number,
    label: Label,
    slot: '_onTimeout' | '_onImmediate',
    delay: unknown,
    isInterval: boolean,
  ): Callback {
    // An interval is made seldom, and is the cause of all that it begins.
    const timer = recordTimer(creator, label, isInterval ? probes.callerSite() : 0);
    const name = ownName !== '' ? recorder.defineText(ownName) : label.callback;
    // Nameless: the bundler sets a name by a call, each time, and no stack shows this frame.
    return function (this: unknown, ...args: unknown[]): unknown {
      const handle = this as Record<string, unknown> | null;
      // V8 names a frame by the property that holds the function: stacks read as untraced.
      const ours = handle?.[slot];
      const activation = probes.openActivation(CALLBACK, creator, 0, name, timer);
      let ok = false;
      if (ours !== undefined && handle !== null) {
        handle[slot] = callback;
        if (!isInterval) onTimerFired(delay, handle);
      }
      try {
        const result = apply(callback, this, args);
        ok = true;
        return result;
      } finally {
        if (handle !== null && handle[slot] === callback && handle['_repeat'] != null) handle[slot] = ours;
        probes.closeActivation(activation, ok);
      }
    };
  }

  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const slot = name === 'setImmediate' ? '_onImmediate' : '_onTimeout';
    const replacement = (original: (...args: never[]) => unknown): Callback =>
      ({
        [name](this: unknown, ...args: unknown[]): unknown {
          const creator = currentCreator();
          const callback = args[0];
          if (creator !== 0 && typeof callback === 'function') {
            const ownName = nameOf(callback);
            if (!isInternalTimer(ownName, callback as Callback)) {
              const label = labelOf(name, name === 'setImmediate' ? undefined : (args[1] ?? 1));
              const isInterval = name === 'setInterval';
              args[0] = recorded(callback as Callback, ownName, creator, label, slot, args[1], isInterval);
            }
          }
          const timer: unknown = apply(original, this, args);
          if (slot === '_onTimeout') onTimer(name, args[1], timer);
          return timer;
        },
      })[name]!;
    // One replacement for both places, since `timers.setTimeout === setTimeout` holds untraced.
    const former: unknown = (timers as Record<string, unknown>)[name];
    undo.push(replaceBuiltin(globalThis, name, replacement));
    const ours: unknown = globalThis[name];
    if (former !== undefined) undo.push(replaceBuiltin(timers, name, () => ours as Callback));
  }

  if (full) {
    for (const name of ['setTimeout', 'setImmediate'] as const) {
      undo.push(
        replaceBuiltin(promised, name, (original) => {
          return {
            [name](this: unknown, ...args: unknown[]): unknown {
              const result: unknown = apply(original, this, args);
              const creator = currentCreator();
              if (creator === 0 || typeof result !== 'object' || result === null) return result;
              const info = promiseInfoOf(result);
              if (info !== undefined) {
                const label = labelOf(name, name === 'setTimeout' ? (args[0] ?? 1) : undefined);
                bindResource(info, TIMER_REASON, recordTimer(creator, label));
                noteSignal(info, args[name === 'setTimeout' ? 2 : 1]);
              }
              return result;
            },
          }[name]!;
        }),
      );
    }
  }
  return () => undoAll(undo);
}

/** The own name of a function; '' where it is no plain text. */
function nameOf(callback: object): string {
  if (types.isProxy(callback)) return '';
  const name: unknown = getOwnPropertyDescriptor(callback, 'name')?.value;
  return typeof name === 'string' ? name : '';
}
