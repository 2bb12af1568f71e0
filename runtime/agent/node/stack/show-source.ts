/**
 * The messages of errors, in the user's words. V8 describes the expression that failed, and
 * `assert` quotes it, both from the text that runs. Where an error's stack is made, and where the
 * user's code catches it, its message is put right; what nothing of ours stood in needs none of it.
 *
 * A handler that reads the message of a rejection before anybody read its stack still sees our
 * names. So expressions whose value often is not what was thought have no probe in them
 * (`resume-later.ts`).
 */
import { types } from 'node:util';
import { builtIns } from '../../../recorder/built-ins.ts';
import { PREFIX } from '../contract/emitted-names.ts';
import { removeProbes } from '../contract/remove-probes.ts';

const { defineProperty, getOwnPropertyDescriptor, apply } = builtIns;
const { isNativeError } = types;
const { includes, replace } = String.prototype;
const { stringify } = JSON;
const stringOf = String;

/** What V8 says for an expression that it does not print. */
const UNKNOWN = '(intermediate value)';
const name = '\\$simul\\$';
/** As V8 prints an operand and the probes behind it. */
const SEQUENCE = `\\(${name}t(?: , ${name}\\w+(?:\\(\\.\\.\\.\\))?)+\\)`;
const ITERATED = new RegExp(`${SEQUENCE} is not a function or its return value is not ((?:async )?iterable)`);
const DESCRIBED = new RegExp(SEQUENCE, 'g');
const FOR_AWAIT = new RegExp(`${name}L is not a function(?: or its return value is not async iterable)?`);
const YIELDED = new RegExp(`${name}Y is not a function(?: or its return value is not async iterable)?`);

/** How V8 describes the operand of the `for await` that was last given what is no iterable. */
let refused = '';

/**
 * @param operand as written
 * @param method what it has for a method that makes an iterator
 */
export function noteForAwait(operand: string, method: unknown): void {
  try {
    const text = described(operand);
    const isNone = method === undefined || method === null || text !== UNKNOWN;
    refused = isNone ? `${text} is not async iterable` : `${describedValue(method)} is not a function`;
  } catch {
    refused = `${UNKNOWN} is not async iterable`;
  }
}

/** Puts the message right where it holds our text. It never throws. */
export function showSource(error: unknown): void {
  if (!isNativeError(error)) return;
  const own = getOwnPropertyDescriptor(error, 'message');
  const message: unknown = own?.value;
  if (typeof message !== 'string' || own?.configurable !== true) return;
  if (apply(includes, message, [PREFIX]) !== true) return;
  try {
    defineProperty(error, 'message', { ...own, value: shownMessage(message) });
  } catch {
    // The program has replaced what regular expressions are made of.
  }
}

function shownMessage(message: string): string {
  let shown = message;
  const put = (pattern: RegExp, by: string | (() => string)): void => {
    shown = apply(replace, shown, [pattern, by]) as string;
  };
  put(ITERATED, `${UNKNOWN} is not $1`);
  put(DESCRIBED, UNKNOWN);
  put(FOR_AWAIT, () => refused);
  put(YIELDED, `yield* ${UNKNOWN} is not async iterable`);
  return removeProbes(shown);
}

/** As V8 does: names, literals and members as they are, a call by what it calls. */
function described(operand: string): string {
  const [, called] = /^([\w$.]+)\(.*\)$/.exec(operand) ?? [];
  if (called !== undefined) return `${called}(...) is not a function or its return value`;
  return /^[\w$.]+$|^\{\}$|^'[^']*'$/.test(operand) ? operand : UNKNOWN;
}

/** As V8 does a value whose expression it cannot tell. */
function describedValue(value: unknown): string {
  if (typeof value === 'string') return `string ${stringify(value)}`;
  if (typeof value === 'object') return '#<Object>';
  return `${typeof value} ${stringOf(value)}`;
}
