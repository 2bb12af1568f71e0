/**
 * The explicit door for functions that cannot be found by themselves: those of a bundle, those that
 * a call made, those that a test runner compiled in its own way. The caller says which file exports
 * them. The file is not loaded here; the worker imports it.
 */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnyFunction, setReference } from './function-reference.ts';
import { pathOfUrl } from './locate-function.ts';

/** The functions that a module exports, for a Pool, a Thread or a Process. */
export type WorkerModule<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: M[K];
};

/** The extension of a source file, for that of the file that a compiler would make of it. */
const SOURCE_EXTENSIONS: Readonly<Record<string, string>> = { js: 'ts', mjs: 'mts', cjs: 'cts', jsx: 'tsx' };

/**
 * Names the module whose exports a worker is to call: for functions that are not found by
 * themselves, as in a bundle, where the module has to be an entry of its own. Its members are the
 * module's functions, to be given to `pool.apply`, `pool.map`, a Thread or a Process. To call them
 * here, import the module.
 *
 * @param url of the module, as a URL or as its text, or the absolute path of its file. TypeScript
 *   counts as what it compiles to: `jobs.js` means `jobs.ts` where only that is there.
 * @throws TypeError for anything else; Error at once when there is no such file.
 *
 * @example
 * import { writeFile } from 'node:fs/promises';
 * const file = new URL('./hash-jobs.mjs', import.meta.url);
 * await writeFile(file, 'const salt = 7; export const hash = (n) => n * salt;');
 * const jobs = workerModule(file);
 * const pool = new Pool({ size: 1 });
 * await pool.map(jobs.hash, [1, 2]); // → [7, 14]
 * pool.close();
 */
export function workerModule<M extends object = Record<string, AnyFunction>>(
  url: URL | string,
): WorkerModule<M> {
  const href = existing(toUrl(url));
  const members = new Map<string, Function>();
  return new Proxy(Object.create(null) as WorkerModule<M>, {
    get(_target, name) {
      // Asked of whatever is awaited.
      if (typeof name !== 'string' || name === 'then') return undefined;
      let member = members.get(name);
      if (member === undefined) members.set(name, (member = createMember(href, name)));
      return member;
    },
    has: (_target, name) => typeof name === 'string' && name !== 'then',
  });
}

function createMember(url: string, name: string): Function {
  const member = (): never => {
    throw new TypeError(
      `${name}() of workerModule() runs in a Pool, a Thread or a Process; to call it here, import ${url}`,
    );
  };
  Object.defineProperty(member, 'name', { value: name });
  setReference(member, { url, name, text: '' });
  return member;
}

function toUrl(given: unknown): URL {
  if (given instanceof URL) return given;
  if (typeof given === 'string') {
    if (isAbsolute(given)) return pathToFileURL(given);
    if (URL.canParse(given)) return new URL(given);
  }
  // A URL of another realm, as in jest.
  const href = (given as { href?: unknown } | null)?.href;
  if (typeof href === 'string' && URL.canParse(href)) return new URL(href);
  throw new TypeError(
    "workerModule() needs a URL, as new URL('./jobs.js', import.meta.url), or an absolute path, " +
      `not ${typeof given === 'string' ? JSON.stringify(given) : typeof given}`,
  );
}

/** @throws Error when the URL is that of a file, and there is none. */
function existing(url: URL): string {
  const path = pathOfUrl(url.href);
  if (path === null || existsSync(path)) return url.href;
  const [whole, extension] = /\.([cm]?jsx?)$/.exec(path) ?? ['', ''];
  const source = SOURCE_EXTENSIONS[extension];
  if (source !== undefined && existsSync(`${path.slice(0, -whole.length)}.${source}`)) {
    const compiled = new URL(url);
    compiled.pathname = `${url.pathname.slice(0, -whole.length)}.${source}`;
    return compiled.href;
  }
  throw new Error(
    `workerModule(): there is no file ${path}; in a bundle, make the module an entry of its own, ` +
      'and give the URL of what the bundler writes',
  );
}
