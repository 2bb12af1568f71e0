/**
 * Replaces a program's own words by numbered ones, each by the same everywhere: `loadUser` becomes
 * `n4` in the name of a task, in an awaited text and in a path. Words of the language, of the
 * modules of Node and Python and of Simul's sentences stay, so that
 * `await Promise.all(n1.map(n2))` can still be read. What is not known to be such a word is
 * replaced.
 */
import { createRequire } from 'node:module';
import * as enumerations from '../trace/format/enumerations.ts';

const KEYWORDS = `abstract as async await break case catch class const constructor continue def del delete do elif else
  enum except export extends false finally for from function get global if import in instanceof is lambda let new
  None nonlocal not null of or pass private public raise return self set static super switch this throw true True
  False try type typeof undefined var void while with yield anonymous default`;
/** Of names that agents give: "worker#1", "a request to the HTTP server". */
const OWN_WORDS = `the to on at by with and its is HTTP server client connection response answer child input output
  data message messages event file end begin worker request handler callback main thread process pool timer module body lane stdin stdout
  stderr node python ns us ms min task job jobs queue lock mutex js ts mjs cjs mts cts jsx tsx py simul node_modules`;
const PYTHON_WORDS = `asyncio threading multiprocessing concurrent futures gather sleep create_task wait_for wait
  TaskGroup Queue Lock RLock Semaphore BoundedSemaphore Event Condition Barrier Thread MainThread Process Pool
  Executor ThreadPoolExecutor ProcessPoolExecutor submit result run put get join acquire release to_thread
  run_in_executor aiter anext open read write close`;
/** Modules whose loading has no effect that a person could see. */
const MODULES = `assert async_hooks buffer child_process cluster crypto dgram dns events fs http http2 https net os
  path perf_hooks readline stream string_decoder timers tls url util v8 vm worker_threads zlib`;

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

let platformWords: ReadonlySet<string> | null = null;

export class NameMask {
  readonly #masked = new Map<string, string>();

  /** The text with its own words replaced; a word of one letter tells nothing and stays. */
  mask(text: string): string {
    platformWords ??= readPlatformWords();
    const kept = platformWords;
    return text.replace(WORD, (word) => (word.length === 1 || kept.has(word) ? word : this.#numberOf(word)));
  }

  #numberOf(word: string): string {
    let masked = this.#masked.get(word);
    if (masked === undefined) this.#masked.set(word, (masked = `n${this.#masked.size + 1}`));
    return masked;
  }
}

function readPlatformWords(): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of [KEYWORDS, OWN_WORDS, PYTHON_WORDS, MODULES])
    for (const word of text.split(/\s+/)) words.add(word);
  for (const list of Object.values(enumerations) as readonly unknown[])
    if (Array.isArray(list))
      for (const name of list as readonly unknown[])
        for (const word of String(name).split('-')) words.add(word);
  const require = createRequire(import.meta.url);
  addNames(words, globalThis, 2);
  for (const name of MODULES.split(/\s+/)) addNames(words, require(`node:${name}`) as object, 2);
  return words;
}

/** The names of its properties, of their prototypes, and so on `depth` levels down. */
function addNames(words: Set<string>, of: object, depth: number): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of)) as readonly [
    string,
    { value?: unknown },
  ][]) {
    // Its names are the person's.
    if (name === 'env') continue;
    words.add(name);
    if (depth === 0 || value === null) continue;
    if (typeof value !== 'object' && typeof value !== 'function') continue;
    addNames(words, value as object, depth - 1);
    const prototype = (value as { prototype?: unknown }).prototype;
    if (typeof prototype === 'object' && prototype !== null)
      for (const member of Object.getOwnPropertyNames(prototype)) words.add(member);
  }
}
