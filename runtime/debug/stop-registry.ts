/**
 * What the editor holds numbers of while the session stands at one moment: frames, lists of
 * variables, lines to go to. A number is never used again, so one of another stop is known as such.
 */
import { RequestError } from './request-error.ts';
import type { StackFrame } from './stack.ts';
import type { ShownVariable } from './variables.ts';
import type { Stop } from './replay.ts';

export type VariableList = () => readonly ShownVariable[];

/** Keeps values under numbers that are given once. */
class Numbered<T> {
  readonly #what: string;
  readonly #values = new Map<number, T>();
  #next = 1;

  constructor(what: string) {
    this.#what = what;
  }

  add(value: T): number {
    const number = this.#next++;
    this.#values.set(number, value);
    return number;
  }

  /** @throws RequestError */
  get(number: number): T {
    const value = this.#values.get(number);
    if (value !== undefined) return value;
    const was = number > 0 && number < this.#next ? 'belongs to another stop' : 'does not exist';
    throw new RequestError(`${this.#what} ${number} ${was}`);
  }

  clear(): void {
    this.#values.clear();
  }
}

export class StopRegistry {
  readonly frames = new Numbered<StackFrame>('the frame');
  readonly variables = new Numbered<VariableList>('the list of variables');
  readonly locations = new Numbered<number>('the location');
  readonly gotoTargets = new Numbered<Stop>('the target');
  readonly stepInTargets = new Numbered<number>('the target');
  /** By row: the stack, with the ids of its frames. */
  readonly stacks = new Map<number, readonly (StackFrame & { readonly id: number })[]>();

  /** The session goes to another moment. */
  clear(): void {
    this.frames.clear();
    this.variables.clear();
    this.locations.clear();
    this.gotoTargets.clear();
    this.stepInTargets.clear();
    this.stacks.clear();
  }
}
