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
  OUTCOME,
  PAUSE,
  RESOURCE_KIND,
} from '../../../trace/format/kinds.ts';
import {
  isStopEvent,
  RESOURCE_STOP,
  STOP_CHANGES,
  STOP_EVENTS,
  STOP_FUNCTION,
  type ResourceStop,
  type StopChange,
  type StopEvent,
} from '../../../trace/format/stop-events.ts';
import { createHeldTasks, type HeldTasks } from './held-tasks.ts';
import type { ThreadState } from '../state/thread-state.ts';

export interface Stops {
  /**
   * The events to stop at from now on, and the resources of this process; what is none is left out.
   */
  arm(events: readonly unknown[], resources?: readonly ResourceStop[]): void;
  /** Learns from these probes where a line of the program's follows. */
  watchProbes(probes: WatchedProbes): void;
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

type Activation = { readonly id: number };

/** In a program that is debugged, others that look when they are done take the place of these. */
export interface WatchedProbes {
  caught(activation: Activation, error: unknown): void;
  finallyIn(activation: Activation, level: number): void;
  exit(activation: Activation): void;
  endSettled(activation: Activation): void;
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
const CHANGE = Object.fromEntries(STOP_CHANGES.map((change, i) => [change, 1 << i])) as Record<
  StopChange,
  number
>;
/** More tasks than fail before somebody who awaits them goes on. */
const MAX_FAILED = 1000;
const LOCKS = numberSet(RESOURCE_KIND, 'lock', 'rlock');
const kindOf = flagReader(KINDS.resourceBegin.flags.kind);
const outcomeOf = flagReader(KINDS.activationEnd.flags.outcome);

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
  /** The changes of a resource to stop at, as bits. */
  const changes = new SafeMap<number, number>();
  /** Tasks that failed: whoever awaits one of them stops where it goes on. */
  const failed = new SafeMap<number, true>();
  /** By member of a group: who awaits the group. */
  const awaiters = new SafeMap<number, number>();
  /** An activation's own text is over: no line of it follows, so there is none to stop at. */
  let endsNow = false;
  /** The probe has more to do: its caller's line is reached only when it has returned. */
  let defers = false;
  /** What is stopped at then, and of which task. */
  let deferred = '';
  let deferredTask = 0;
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
    if (((watched >>> kind) & 1) !== 0) check(kind, flags, task, a, b);
    if (kind === KIND.resourceBegin) noteResource(flags, a, d);
  };

  const writeAtLastTime = writer.writeAtLastTime.bind(writer);
  writer.writeAtLastTime = (...record) => {
    writeAtLastTime(...record);
    const [kind, , task, , member] = record;
    if (kind === KIND.group && (armed & BIT.failed) !== 0) awaiters.set(member, task);
  };

  function noteResource(flags: number, resource: number, capacity: number): void {
    if ((flags & FLAG.resourceBounded) !== 0) capacities.set(resource, capacity);
    if (LOCKS.has(kindOf(flags))) locks.set(resource, true);
  }

  /** @param a, b the fields of the record */
  function check(kind: number, flags: number, task: number, a: number, b: number): void {
    switch (kind) {
      case KIND.run:
        if (task === stepped) goesOn(task, 'step');
        else if (task === pending) goesOn(task, pendingEvent);
        else if (a !== 0 && failed.get(a) === true) goesOn(task, 'failed');
        return;
      case KIND.put:
        if (isArmed('queue-full') && capacities.get(a) === b) hit('queue-full', task);
        else checkChange(a, CHANGE.depth | (capacities.get(a) === b ? CHANGE.full : 0), task);
        return;
      case KIND.get:
        if (isArmed('queue-empty') && b === 0) hit('queue-empty', task);
        else checkChange(a, CHANGE.depth | (b === 0 ? CHANGE.empty : 0), task);
        return;
      case KIND.acquire:
        if (isArmed('lock-taken') && locks.get(a) === true) hit('lock-taken', task);
        // Only where it is taken: a `release` has more to do, and its caller's line is not found.
        else checkChange(a, CHANGE.depth | CHANGE.holders, task);
        return;
      case KIND.wait:
        checkChange(b, CHANGE.waiters, task);
        return;
      case KIND.cancel:
        hit('cancelled', 0, task);
        return;
      case KIND.activationEnd:
        noteEnd(task, outcomeOf(flags) === OUTCOME.error);
        return;
      case KIND.activationBegin:
        held.began(task, a);
        return;
      default:
    }
  }

  function goesOn(task: number, what: string): void {
    if (!defers) return hit(what, 0);
    deferred = what;
    deferredTask = task;
  }

  /**
   * A debugger steps out of our functions, and does not find the line where they call Node's.
   * `caught` describes the error when it has written that the task goes on.
   */
  function watchProbes(probes: WatchedProbes): void {
    const { caught, finallyIn, exit, endSettled } = probes;
    const stopIfDeferred = (): void => {
      defers = false;
      const what = deferred;
      deferred = '';
      if (what !== '' && deferredTask === topTask()) hit(what, 0);
    };
    probes.caught = (activation, error) => {
      defers = true;
      caught(activation, error);
      stopIfDeferred();
    };
    probes.finallyIn = (activation, level) => {
      defers = true;
      finallyIn(activation, level);
      stopIfDeferred();
    };
    probes.exit = (activation) => {
      const before = endsNow;
      endsNow = true;
      exit(activation);
      endsNow = before;
    };
    probes.endSettled = (activation) => {
      const before = endsNow;
      endsNow = true;
      endSettled(activation);
      endsNow = before;
    };
  }

  const isArmed = (name: StopEvent): boolean => (armed & BIT[name]) !== 0;

  function checkChange(resource: number, made: number, by: number): void {
    if (((changes.get(resource) ?? 0) & made) !== 0) hit(RESOURCE_STOP, by);
  }

  /** The line that threw is over. Whoever awaited the task gets the error in a line of its own. */
  function noteEnd(task: number, hasFailed: boolean): void {
    const awaiter = awaiters.get(task) ?? 0;
    if (awaiter !== 0) awaiters.set(task, 0);
    if (!hasFailed) return;
    if (failed.size > MAX_FAILED) failed.clear();
    failed.set(task, true);
    if (awaiter !== 0) wait(awaiter, 'failed');
    update();
  }

  /**
   * @param by the task that it happened to; another has the thread, so it stops where it goes on
   * @param later who is stopped where none of the program's lines is on the stack
   */
  function hit(what: string, by: number, later = by): void {
    if (by !== 0 && by !== topTask()) return wait(by, what);
    if (endsNow || !hasUserFrame()) return later === 0 ? undefined : wait(later, what);
    if (what === 'step') stepped = 0;
    pending = 0;
    if (what === 'failed') failed.clear();
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
    const { size } = changes;
    watched =
      (size > 0 || isArmed('queue-full') ? 1 << KIND.put : 0) |
      (size > 0 || isArmed('queue-empty') ? 1 << KIND.get : 0) |
      (size > 0 || isArmed('lock-taken') ? 1 << KIND.acquire : 0) |
      (size > 0 ? 1 << KIND.wait : 0) |
      (isArmed('cancelled') ? 1 << KIND.cancel : 0) |
      (isArmed('failed') ? 1 << KIND.activationEnd : 0) |
      (stepped !== 0 || pending !== 0 || failed.size > 0 ? 1 << KIND.run : 0) |
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
    arm(events, resources = []) {
      armed = 0;
      changes.clear();
      for (let i = 0; i < events.length; i++) {
        const name = events[i];
        if (isStopEvent(name)) armed |= BIT[name];
      }
      for (let i = 0; i < resources.length; i++) {
        const { pid, id, change } = resources[i]!;
        if (pid === process.pid) changes.set(id, (changes.get(id) ?? 0) | (CHANGE[change] ?? 0));
      }
      if (!isArmed('failed')) {
        failed.clear();
        awaiters.clear();
      }
      if (armed === 0 && changes.size === 0) pending = 0;
      update();
    },
    stepTask(task) {
      stepped = task;
      update();
    },
    watchProbes,
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
