/**
 * The shapes of awaited values, where the person asked for them (`simul trace --values`): each wait
 * of an `await` that is over gets a record more, before the activation runs again. What the value
 * holds is in none.
 *
 * The emitted text is the same with and without. Where it takes an awaited value apart, the probe
 * comes without the value (`instrument/resume-later.ts`): the promise that was awaited is asked.
 */
import type { Recorder } from '../../../recorder/recorder.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { settledValueOf } from '../builtins/settled-value.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import type { Activation } from '../state/activation.ts';
import type { AwaitProbes } from './await-probes.ts';
import { ValueShapes } from './value-shapes.ts';

const { getWeak, setWeak } = builtIns;
/** Stands for an operand that is not known any more. */
const NOTHING = {};

const comesBack = ({ running, yielded, isSync }: Activation): boolean => !running && !yielded && !isSync;

export class AwaitedValues {
  readonly #shapes: ValueShapes;
  /** What each activation awaits. */
  readonly #operands = new WeakMap<Activation, unknown>();

  constructor(recorder: Recorder) {
    this.#shapes = new ValueShapes(recorder);
  }

  around(waits: AwaitProbes): AwaitProbes {
    return {
      ...waits,
      suspend: (opaque, site, operand, root) => {
        setWeak(this.#operands, opaque as Activation, operand);
        waits.suspend(opaque, site, operand, root);
      },
      resume: (opaque, value) => {
        const activation = opaque as Activation;
        if (comesBack(activation)) this.#record(activation, value, false);
        waits.resume(opaque, value);
      },
      resumeLater: (opaque) => {
        const activation = opaque as Activation;
        if (comesBack(activation)) this.#recordSettled(activation);
        waits.resumeLater(opaque);
      },
      caught: (opaque, error) => {
        const activation = opaque as Activation;
        if (comesBack(activation)) this.#recordCaught(activation, error);
        waits.caught(opaque, error);
      },
    };
  }

  /** `return await E` resumes and returns in one. */
  beforeReturn(probe: ProbeSet['ret']): ProbeSet['ret'] {
    return (opaque, site, value, root) => {
      const activation = opaque as Activation;
      if (comesBack(activation)) this.#record(activation, value, false);
      probe(opaque, site, value, root);
    };
  }

  /** The task or activation is about to go on with this value, or this error. */
  record(task: number, value: unknown, threw: boolean): void {
    // Near the end of the stack there may be too little of it: then nothing is told.
    try {
      this.#shapes.record(task, value, threw);
    } catch {}
  }

  #record(activation: Activation, value: unknown, threw: boolean): void {
    this.#takeOperand(activation);
    this.record(activation.id, value, threw);
  }

  #recordSettled(activation: Activation): void {
    const operand = this.#takeOperand(activation);
    if (operand === NOTHING) return;
    if ((typeof operand !== 'object' || operand === null) && typeof operand !== 'function')
      return this.#record(activation, operand, false);
    const settled = settledValueOf(operand);
    if (settled !== null && settled.isKnown) this.#record(activation, settled.value, settled.isRejected);
  }

  /** What a `catch` took: the error of the wait, or of what came between that and the probe. */
  #recordCaught(activation: Activation, error: unknown): void {
    const operand = getWeak(this.#operands, activation);
    const isObject = typeof operand === 'object' && operand !== null && operand !== NOTHING;
    if (isObject && settledValueOf(operand)?.isRejected === true) this.#record(activation, error, true);
    else this.#recordSettled(activation);
  }

  #takeOperand(activation: Activation): unknown {
    const operand = getWeak(this.#operands, activation) ?? undefined;
    setWeak(this.#operands, activation, NOTHING);
    return operand;
  }
}
