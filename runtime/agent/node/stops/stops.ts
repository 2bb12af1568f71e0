/**
 * Stops the program where a debugger asked for it: at an event of concurrency, or where one task
 * goes on. Only where the launcher said that the program is debugged: then each record of the
 * thread is looked at as it is written, and else nothing is.
 *
 * Whoever debugs evaluates `simulBridge$.stops` in the program, while it runs or while it stands.
 * What is hit comes to a `debugger` statement in a function of ours; the debugger steps out of it,
 * and of the library, and is in the user's line. That function has no file, so no `skipFiles` of a
 * configuration hides it. Without a debugger the statement does nothing.
 *
 * Time at a stop is nobody's: it lies between a `pause` and a `resume` record. When the program
 * goes on only the debugger knows; it writes the time into a file just before, and the thread reads
 * that with its first record afterwards.
 */
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import {
  FLAG,
  flagReader,
  KIND,
  KINDS,
  numberSet,
  PAUSE,
  RESOURCE_KIND,
} from '../../../trace/format/kinds.ts';
import {
  isStopEvent,
  STOP_EVENTS,
  STOP_FUNCTION,
  type StopEvent,
} from '../../../trace/format/stop-events.ts';
import { createHeldTasks, type HeldTasks } from './held-tasks.ts';
import type { ThreadState } from '../state/thread-state.ts';

export interface Stops {
  /** The events to stop at from now on; what is none is left out. */
  arm(events: readonly unknown[]): void;
  /** Stops where this task goes on after an await; 0: at none. */
  stepTask(task: number): void;
  /** The id of the task that has the thread; 0: none that was recorded. */
  topTask(): number;
  /** The debugger has stopped the thread. @param atNs when, monotonic, in decimal */
  paused(atNs: string): void;
  /** The event that the thread stands at; '': it is at none. */
  reason(): string;
  /** Tasks that get what they await only when they are thawed. */
  readonly held: HeldTasks;
}

export interface StopOptions {
  readonly writer: RingWriter;
  readonly state: ThreadState;
  /** The file into which the debugger writes when the thread goes on. */
  readonly resumeFile: string;
  /** Whether a line of the program's is on the stack. */
  readonly hasUserFrame: () => boolean;
}

const BIT = Object.fromEntries(STOP_EVENTS.map((event, i) => [event, 1 << i])) as Record<StopEvent, number>;
const LOCKS = numberSet(RESOURCE_KIND, 'lock', 'rlock');
const kindOf = flagReader(KINDS.resourceBegin.flags.kind);

/** Looks at each record of the thread from now on. */
export function watchStops({ writer, state, resumeFile, hasUserFrame }: StopOptions): Stops {
  const write = writer.write.bind(writer);
  const writeAt = writer.writeAt.bind(writer);
  // A script of its own, and without a name: see above.
  const stopHere = vm.runInThisContext(`(function ${STOP_FUNCTION}(){debugger;})`, {
    filename: '',
  }) as () => void;
  const capacities = new SafeMap<number, number>();
  const locks = new SafeMap<number, true>();
  const held = createHeldTasks(() => update());
  let armed = 0;
  let stepped = 0;
  /** A task that was hit by what another did: it stops where it goes on itself. */
  let pending = 0;
  let pendingEvent = '';
  /** Since when the thread stands, ns; 0: it does not. */
  let pausedNs = 0n;
  /** When it goes on at the latest; 0: only the debugger's file tells. */
  let latestNs = 0n;
  let event = '';
  /** A bit for each kind of record that is looked at: all that is asked of most records. */
  let watched = 0;
  let isPaused = false;

  writer.write = (kind, flags, task, a, b, c, d) => {
    if (isPaused) resumeIfItWent();
    write(kind, flags, task, a, b, c, d);
    if (((watched >>> kind) & 1) !== 0) check(kind, task, a, b);
    if (kind === KIND.resourceBegin) noteResource(flags, a, d);
  };

  function noteResource(flags: number, resource: number, capacity: number): void {
    if ((flags & FLAG.resourceBounded) !== 0) capacities.set(resource, capacity);
    if (LOCKS.has(kindOf(flags))) locks.set(resource, true);
  }

  function check(kind: number, task: number, resource: number, level: number): void {
    switch (kind) {
      case KIND.run:
        if (task === stepped) hit('step', 0);
        else if (task === pending) hit(pendingEvent, 0);
        return;
      case KIND.put:
        if (capacities.get(resource) === level) hit('queue-full', task);
        return;
      case KIND.get:
        if (level === 0) hit('queue-empty', task);
        return;
      case KIND.acquire:
        if (locks.get(resource) === true) hit('lock-taken', task);
        return;
      case KIND.cancel:
        hit('cancelled', 0, task);
        return;
      case KIND.activationBegin:
        held.began(task, resource);
        return;
      default:
    }
  }

  /**
   * @param by the task that it happened to; another has the thread, so it stops where it goes on
   * @param later who is stopped where none of the program's lines is on the stack
   */
  function hit(what: string, by: number, later = by): void {
    if (by !== 0 && by !== topTask()) return wait(by, what);
    if (!hasUserFrame()) return later === 0 ? undefined : wait(later, what);
    if (what === 'step') stepped = 0;
    pending = 0;
    event = what;
    update();
    pausedNs = builtIns.now();
    isPaused = true;
    writeAt(pausedNs, KIND.pause, PAUSE.breakpoint, 0, 0, 0, 0, 0);
    stopHere();
    latestNs = builtIns.now();
  }

  function wait(task: number, what: string): void {
    pending = task;
    pendingEvent = what;
    update();
  }

  function update(): void {
    watched =
      ((armed & BIT['queue-full']) !== 0 ? 1 << KIND.put : 0) |
      ((armed & BIT['queue-empty']) !== 0 ? 1 << KIND.get : 0) |
      ((armed & BIT['lock-taken']) !== 0 ? 1 << KIND.acquire : 0) |
      ((armed & BIT.cancelled) !== 0 ? 1 << KIND.cancel : 0) |
      (stepped !== 0 || pending !== 0 ? 1 << KIND.run : 0) |
      (held.isSelective ? 1 << KIND.activationBegin : 0);
  }

  function topTask(): number {
    return state.current?.id ?? 0;
  }

  function resumeIfItWent(): void {
    const told = toldNs();
    // What the debugger evaluates while the thread stands may write records, too.
    if (told <= pausedNs && latestNs === 0n) return;
    const atNs = told > pausedNs ? told : latestNs;
    isPaused = false;
    pausedNs = 0n;
    latestNs = 0n;
    event = '';
    writeAt(atNs, KIND.resume, PAUSE.breakpoint, 0, 0, 0, 0, 0);
  }

  function toldNs(): bigint {
    try {
      return BigInt(readFileSync(resumeFile, 'latin1'));
    } catch {
      return 0n;
    }
  }

  return {
    arm(events) {
      armed = 0;
      for (let i = 0; i < events.length; i++) {
        const name = events[i];
        if (isStopEvent(name)) armed |= BIT[name];
      }
      if (armed === 0) pending = 0;
      update();
    },
    stepTask(task) {
      stepped = task;
      update();
    },
    topTask,
    paused(atNs) {
      if (isPaused) return;
      isPaused = true;
      const at = BigInt(atNs);
      pausedNs = at > writer.lastWrittenNs ? at : writer.lastWrittenNs;
      latestNs = 0n;
      writeAt(pausedNs, KIND.pause, PAUSE.breakpoint, 0, 0, 0, 0, 0);
    },
    reason: () => event,
    held,
  };
}
