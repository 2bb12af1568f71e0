/**
 * Holds tasks back at their awaits, because a debugger asked for it: a frozen task is given what it
 * awaits only when it is thawed. A task that waits already is held at its next await, since V8 has
 * what it waits for. Only in a program that is debugged; and until something is frozen, each await
 * gets what it would get anyhow, so that the order of everything is as ever.
 *
 * Timers and I/O go on, and may fire. A process with a held task stays alive.
 */
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';

export interface HeldTasks {
  /** Some task may be held: only then `holding` is asked. */
  isOn: boolean;
  /** What the task awaits in place of `operand`: `operand` itself, unless it is held. */
  holding(task: { readonly id: number }, operand: unknown): unknown;
  freeze(tasks: readonly number[]): void;
  thaw(tasks: readonly number[]): void;
  /** Freezes all others, but not what these begin from now on; none: thaws all. */
  runOnly(tasks: readonly number[]): void;
  /** A task began; told only while some alone may run. */
  began(task: number, parent: number): void;
  readonly isSelective: boolean;
}

interface Gate {
  readonly task: number;
  readonly open: () => void;
}

const KEEP_ALIVE_MS = 1 << 30;

/** @param onChange others may be held now, or all may go on */
export function createHeldTasks(onChange: () => void): HeldTasks {
  const OwnPromise = Promise;
  const { then } = OwnPromise.prototype;
  const resolve = OwnPromise.resolve.bind(OwnPromise);
  const frozen = new SafeMap<number, true>();
  /** Those that alone may run; null: there is no such choice. */
  let chosen: SafeMap<number, true> | null = null;
  let gates: readonly Gate[] = [];
  let alive: NodeJS.Timeout | null = null;

  const isHeld = (task: number): boolean =>
    frozen.get(task) === true || (chosen !== null && chosen.get(task) !== true);

  function hold(task: number, operand: unknown): unknown {
    const gate = new OwnPromise<void>((open) => {
      gates = [...gates, { task, open }];
    });
    alive ??= builtIns.setTimeout(() => undefined, KEEP_ALIVE_MS);
    const pass = (value: unknown): unknown => then.call(gate, () => value);
    const fail = (error: unknown): unknown =>
      then.call(gate, () => {
        throw error;
      });
    return then.call(resolve(operand), pass, fail);
  }

  function openGates(): void {
    const opened = gates.filter(({ task }) => !isHeld(task));
    gates = gates.filter(({ task }) => isHeld(task));
    if (gates.length === 0 && alive !== null) {
      builtIns.clearTimeout(alive);
      alive = null;
    }
    for (const { open } of opened) open();
  }

  function update(): void {
    held.isOn = frozen.size > 0 || chosen !== null;
    onChange();
    openGates();
  }

  const held: HeldTasks = {
    isOn: false,
    holding: ({ id }, operand) => (isHeld(id) ? hold(id, operand) : operand),
    freeze(tasks) {
      for (const task of tasks) frozen.set(task, true);
      update();
    },
    thaw(tasks) {
      for (const task of tasks) frozen.delete(task);
      update();
    },
    runOnly(tasks) {
      chosen = tasks.length === 0 ? null : new SafeMap();
      for (const task of tasks) chosen!.set(task, true);
      update();
    },
    began(task, parent) {
      if (chosen?.get(parent) === true) chosen.set(task, true);
    },
    get isSelective() {
      return chosen !== null;
    },
  };
  return held;
}
