/**
 * Timers of the user's code: a timer is a resource made by whoever set it, and its callback runs as an activation of
 * that timer, so that "who ended this wait" has the answer "the timer that task T set". Timers that are set while
 * no activation of the user's runs (Node's own, a library's housekeeping) are left alone.
 */
import { createRequire } from 'node:module';
import { types } from 'node:util';
import { KIND, ACTIVATION_KIND, REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { Probes } from '../probes/probes.ts';
import { promiseInfoOf } from '../promises/promise-hooks.ts';
import { isInternalTimer } from './internal-timers.ts';

const CALLBACK = ACTIVATION_KIND['timer-callback'];
const TIMER = RESOURCE_KIND.timer;
const TIMER_REASON = REASON.timer;

type Callback = (...args: unknown[]) => unknown;

/** Text ids: of the timer, and of a callback of it that has no name of its own. */
interface Label {
  readonly text: number;
  readonly callback: number;
}

const MAX_LABELS = 1000;

export function patchTimers(
  moment: ThreadState,
  probes: Probes,
  recorder: Recorder,
  full: boolean,
): () => void {
  // Through require: an import's names cannot be replaced, the module object's can (see syncBuiltinESMExports).
  const require = createRequire(import.meta.url);
  const timers = require('node:timers') as object;
  const promised = require('node:timers/promises') as object;
  const undo: (() => void)[] = [];

  const creator = (): number => (moment.current !== null ? moment.current.id : moment.creator);

  /** By delay, for each function: making and looking up these texts would cost more than all else here. */
  const labels: Record<string, Map<unknown, Label>> = {
    setTimeout: new Map(),
    setInterval: new Map(),
    setImmediate: new Map(),
  };

  function labelOf(name: string, delay: unknown): Label {
    const known = labels[name]!.get(delay);
    if (known !== undefined) return known;
    // A delay that is no number would need the user's code to be read.
    const words = typeof delay === 'number' ? `${name} ${delay} ms` : name;
    const label = { text: recorder.text(words), callback: recorder.text(`${words} callback`) };
    const plain = typeof delay === 'number' || delay === undefined;
    // 0: there was no room to write the text just now; the next time there may be.
    if (plain && label.text !== 0 && label.callback !== 0 && labels[name]!.size < MAX_LABELS) {
      labels[name]!.set(delay, label);
    }
    return label;
  }

  function begin(by: number, label: Label): number {
    const id = recorder.nextId();
    recorder.write(KIND.resourceBegin, TIMER, by, id, 0, label.text, 0);
    return id;
  }

  function fired(
    callback: Callback,
    own: string,
    by: number,
    timer: number,
    label: Label,
    slot: '_onTimeout' | '_onImmediate',
  ): Callback {
    const name = own !== '' ? recorder.text(own) : label.callback;
    // Nameless: the bundler sets a name by a call, each time, and no stack shows this frame.
    return function (this: unknown, ...args: unknown[]): unknown {
      const handle = this as Record<string, unknown> | null;
      // V8 names a frame by the property that holds the function: stacks read as untraced.
      const ours = handle?.[slot];
      const act = probes.open(CALLBACK, by, 0, name, timer);
      let ok = false;
      if (ours !== undefined && handle !== null) handle[slot] = callback;
      try {
        const result = Reflect.apply(callback, this, args);
        ok = true;
        return result;
      } finally {
        if (handle !== null && handle[slot] === callback && handle['_repeat'] != null) handle[slot] = ours;
        probes.close(act, ok);
      }
    };
  }

  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const slot = name === 'setImmediate' ? '_onImmediate' : '_onTimeout';
    const make = (original: (...args: never[]) => unknown): Callback =>
      ({
        [name](this: unknown, ...args: unknown[]): unknown {
          const by = creator();
          const callback = args[0];
          const own = by !== 0 && typeof callback === 'function' ? nameOf(callback) : '';
          if (by !== 0 && typeof callback === 'function' && !isInternalTimer(own, callback as Callback)) {
            const label = labelOf(name, name === 'setImmediate' ? undefined : (args[1] ?? 1));
            args[0] = fired(callback as Callback, own, by, begin(by, label), label, slot);
          }
          return Reflect.apply(original, this, args);
        },
      })[name]!;
    // One replacement for both places, since `timers.setTimeout === setTimeout` holds untraced.
    const was: unknown = (timers as Record<string, unknown>)[name];
    undo.push(replaceBuiltin(globalThis, name, make));
    const ours: unknown = globalThis[name];
    if (was !== undefined) undo.push(replaceBuiltin(timers, name, () => ours as Callback));
  }

  if (full) {
    for (const name of ['setTimeout', 'setImmediate'] as const) {
      undo.push(
        replaceBuiltin(promised, name, (original) => {
          return {
            [name](this: unknown, ...args: unknown[]): unknown {
              const result: unknown = Reflect.apply(original, this, args);
              const by = creator();
              const link =
                by !== 0 && typeof result === 'object' && result !== null ? promiseInfoOf(result) : undefined;
              if (link !== undefined) {
                link.reason = TIMER_REASON;
                link.resource = begin(by, labelOf(name, name === 'setTimeout' ? (args[0] ?? 1) : undefined));
              }
              return result;
            },
          }[name]!;
        }),
      );
    }
  }
  return () => undo.forEach((back) => back());
}

/** The function's own name, where that is plainly a text. */
function nameOf(callback: object): string {
  if (types.isProxy(callback)) return '';
  const own: unknown = Object.getOwnPropertyDescriptor(callback, 'name')?.value;
  return typeof own === 'string' ? own : '';
}
