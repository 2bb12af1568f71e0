/**
 * What an agent of Node's `http` is called: as the program calls it where it makes it, else by its
 * class. The text of the line is read when the first request has to wait, and of no other agent.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import { sourceLineOf } from '../errors/uncaught-errors.ts';
import type { Place } from '../handles/origins.ts';

const { getPrototypeOf, indexOf, matches, slice } = builtIns;

const MAX_CLASSES = 8;

/** Up to the last `new`: a column may lie behind it, where probes stand before it on the line. */
const BEFORE_NEW = /^(.*)\bnew\s/s;
/** "const agent = ", "this.#agent = ", "agent: http.Agent = ", "httpsAgent: " */
const ASSIGNED = /([\w$]+)\s*(?::\s*[\w$.<>[\]| ]+?)?\s*=\s*$/;
const KEY = /([\w$]+)['"]?\s*:\s*$/;

/** @param origin null: Node itself made it */
export function nameOfAgent(agent: object, origin: Place | undefined | null): string {
  const module = plainProperty(agent, 'protocol') === 'https:' ? 'https' : 'http';
  if (origin === null) return `${module}.globalAgent`;
  const written = origin?.frame == null ? '' : nameAt(origin.frame);
  if (written !== '') return written;
  const type = typeNameOf(agent);
  const name = type !== '' && type !== 'Agent' ? type : `${module}.Agent`;
  const packageName = origin?.packageName ?? '';
  return packageName === '' ? name : `${name} of ${packageName}`;
}

function nameAt({ file, line, column }: { file: string; line: number; column: number }): string {
  const text = sourceLineOf(file, line);
  const before = matches(BEFORE_NEW, slice(text, 0, column + 3))?.[1] ?? slice(text, 0, column - 1);
  return (matches(ASSIGNED, before) ?? matches(KEY, before))?.[1] ?? '';
}

/** Tells the lines of a stack that are of the constructors of its classes: not they make it. */
export function constructorsOf(agent: object): (line: string) => boolean {
  const names: string[] = [];
  for (let at: object | null = agent; at !== null && names.length < MAX_CLASSES; at = getPrototypeOf(at)) {
    const name = typeNameOf(at);
    if (name === '') break;
    names[names.length] = `at new ${name} (`;
  }
  return (line) => {
    for (let i = 0; i < names.length; i++) if (indexOf(line, names[i]!) >= 0) return true;
    return false;
  };
}
