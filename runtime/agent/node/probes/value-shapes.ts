/**
 * The shape of a value: the name of its type or class, and its size where that can be read without
 * running any code of the user's. Nothing of its content.
 */
import { types } from 'node:util';
import { FLAG, flagBits, KIND, KINDS, SIZE } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';
import { nameOfError } from '../errors/describe-error.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, isArray, slice } = builtIns;
const { isAnyArrayBuffer, isMap, isNativeError, isProxy, isSet, isTypedArray } = types;

const MAX_NAME = 100;
const MAX_SIZE = 2 ** 32 - 1;

type SizeGetter = () => number;
const getterOf = (prototype: object, key: string): SizeGetter =>
  getOwnPropertyDescriptor(prototype, key)!.get as SizeGetter;

const mapSize = getterOf(Map.prototype, 'size');
const setSize = getterOf(Set.prototype, 'size');
const typedArrayLength = getterOf(getPrototypeOf(Uint8Array.prototype) as object, 'length');
const bufferBytes = getterOf(ArrayBuffer.prototype, 'byteLength');
const sharedBytes = getterOf(SharedArrayBuffer.prototype, 'byteLength');
const BUFFER: unknown = Buffer.prototype;

const unitOf = (unit: keyof typeof SIZE): number => flagBits(KINDS.value.flags.unit, SIZE[unit]);
const CHARACTERS = unitOf('characters');
const ITEMS = unitOf('items');
const ENTRIES = unitOf('entries');
const BYTES = unitOf('bytes');

export class ValueShapes {
  readonly #recorder: Recorder;
  /** Of the value that is looked at. */
  #unit = 0;
  #size = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** @param threw it is the error that the task's wait ended with */
  record(task: number, value: unknown, threw: boolean): void {
    this.#unit = this.#size = 0;
    const name = this.#typeOf(value);
    const type = this.#recorder.defineText(name.length > MAX_NAME ? slice(name, 0, MAX_NAME) : name);
    const flags = this.#unit | (threw ? FLAG.valueThrew : 0);
    this.#recorder.write(KIND.value, flags, task, type, this.#size, 0, 0);
  }

  #typeOf(value: unknown): string {
    if (value === null) return 'null';
    if (typeof value === 'string') this.#measure(CHARACTERS, value.length);
    return typeof value === 'object' ? this.#classOf(value) : typeof value;
  }

  #classOf(value: object): string {
    if (isProxy(value)) return 'Proxy';
    if (isNativeError(value)) return nameOfError(value) || 'Error';
    return typeNameOf(value) === 'DOMException' ? nameOfError(value) : this.#sizedClassOf(value);
  }

  #sizedClassOf(value: object): string {
    let known = 'object';
    if (isArray(value)) known = this.#measure(ITEMS, value.length, 'Array');
    else if (isTypedArray(value)) {
      // The bytes of a Buffer are its items.
      const unit = getPrototypeOf(value) === BUFFER ? BYTES : ITEMS;
      known = this.#measure(unit, apply(typedArrayLength, value, []), 'typed array');
    } else if (isMap(value)) known = this.#measure(ENTRIES, apply(mapSize, value, []), 'Map');
    else if (isSet(value)) known = this.#measure(ENTRIES, apply(setSize, value, []), 'Set');
    else if (isAnyArrayBuffer(value)) {
      const getter = types.isSharedArrayBuffer(value) ? sharedBytes : bufferBytes;
      known = this.#measure(BYTES, apply(getter, value, []), 'ArrayBuffer');
    }
    return typeNameOf(value) || known;
  }

  /** @returns the name of a built-in class, for a value whose own class has none */
  #measure(unit: number, size: number, known = ''): string {
    if (size > MAX_SIZE) return known;
    this.#unit = unit;
    this.#size = size;
    return known;
  }
}
