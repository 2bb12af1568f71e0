/** The types of the values that a generator gives and gets, as texts of the recording. */
import type { Recorder } from '../../../recorder/recorder.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { isProxy, typeNameOf } from '../builtins/inspect-safely.ts';

const { getPrototypeOf } = builtIns;

export class ValueTypes {
  readonly #recorder: Recorder;
  /** The objects that pass one after the other are mostly of one class. */
  #lastPrototype: unknown = null;
  #lastName = '';

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /**
   * "number", "null", "Order": the id of the text. 0: the class has no name, or reading it could
   * run code of the user's.
   */
  textOf(value: unknown): number {
    if (value === null) return this.#recorder.defineText('null');
    return this.#recorder.defineText(typeof value === 'object' ? this.#classOf(value) : typeof value);
  }

  #classOf(value: object): string {
    if (isProxy(value)) return '';
    const prototype: unknown = getPrototypeOf(value);
    if (prototype === null) return '';
    if (prototype !== this.#lastPrototype) {
      this.#lastPrototype = prototype;
      this.#lastName = typeNameOf(value);
    }
    return this.#lastName;
  }
}
