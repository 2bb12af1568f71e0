/**
 * A text by which two plain objects are told apart, without running any code of the program's and
 * without keeping an object of it.
 */
import { types } from 'node:util';
import { builtIns } from '../../../recorder/built-ins.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, isArray, ownKeys } = builtIns;
const PLAIN: readonly (object | null)[] = [Object.prototype, Array.prototype, null];
const MAX_DEPTH = 4;
const MAX_TEXT = 4096;
const MAX_LENGTH = 1000;

/** Null: it is no plain object, holds one that is none, or is too large. */
export function fingerprintOf(value: unknown): string | null {
  const parts: string[] = [''];
  return append(parts, value, 0) ? parts[0]! : null;
}

/** @param text its first entry grows @returns whether all of it was told */
function append(text: string[], value: unknown, depth: number): boolean {
  if (text[0]!.length > MAX_TEXT) return false;
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_TEXT) return false;
      text[0] += `"${value}"`;
      return true;
    case 'number':
    case 'boolean':
    case 'undefined':
      text[0] += `${value},`;
      return true;
    case 'object':
      return value === null ? appendNull(text) : appendObject(text, value, depth);
    default:
      return false;
  }
}

function appendNull(text: string[]): boolean {
  text[0] += 'null,';
  return true;
}

function appendObject(text: string[], object: object, depth: number): boolean {
  if (depth >= MAX_DEPTH || types.isProxy(object)) return false;
  const prototype = getPrototypeOf(object);
  if (prototype !== PLAIN[0] && prototype !== PLAIN[1] && prototype !== PLAIN[2]) return false;
  if (isArray(object) && object.length > MAX_LENGTH) return false;
  text[0] += isArray(object) ? '[' : '{';
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const property = getOwnPropertyDescriptor(object, key);
    if (typeof key === 'symbol' || property === undefined || !('value' in property)) return false;
    text[0] += `${key}:`;
    if (!append(text, property.value, depth + 1)) return false;
  }
  text[0] += '}';
  return true;
}
