/**
 * How TypeScript names the files that it imports, for workers in which Node alone reads it: Node
 * takes each name as it stands, while compilers, and with them vitest, also know
 *
 *   ./jobs.js   for jobs.ts
 *   ./jobs      for jobs.ts, jobs.js or jobs/index.ts
 *
 * Only a name that leads nowhere is looked at, and only in a TypeScript file.
 */
import { existsSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

type Resolve = (specifier: string, context: ResolveContext, next: NextResolve) => Resolved;
type NextResolve = (specifier: string, context: ResolveContext) => Resolved;
interface ResolveContext {
  readonly parentURL?: string | undefined;
}
interface Resolved {
  readonly url: string;
}

/** For each ending those of the sources that a compiler takes for it. */
const SOURCES: readonly (readonly [ending: RegExp, ...sources: string[]])[] = [
  [/\.js$/, '.ts', '.tsx'],
  [/\.jsx$/, '.tsx'],
  [/\.mjs$/, '.mts'],
  [/\.cjs$/, '.cts'],
  [/$/, '.ts', '.tsx', '.mts', '.js', '.mjs', '/index.ts', '/index.tsx', '/index.js'],
];

let isRegistered = false;

/** From the first call on. Node has such hooks from 22.15 on, and reads TypeScript from 22.18. */
export function resolveTypeScriptImports(): void {
  if (isRegistered) return;
  isRegistered = true;
  const register = Reflect.get(nodeModule, 'registerHooks') as
    ((hooks: { readonly resolve: Resolve }) => void) | undefined;
  register?.({ resolve: resolveSource });
}

const resolveSource: Resolve = (specifier, context, next) => {
  try {
    return next(specifier, context);
  } catch (error) {
    const source = findSource(specifier, context.parentURL);
    if (source === null) throw error;
    return next(source, context);
  }
};

/** The URL of the source that is meant by a name in a TypeScript file; null when there is none. */
export function findSource(specifier: string, parentUrl: string | undefined): string | null {
  if (parentUrl === undefined || !/^file:.*\.[cm]?tsx?$/.test(parentUrl)) return null;
  if (!/^\.\.?(\/|$)/.test(specifier)) return null;
  const named = new URL(specifier, parentUrl).href;
  for (const [ending, ...sources] of SOURCES) {
    if (!ending.test(named)) continue;
    for (const source of sources) {
      const url = named.replace(ending, source);
      if (isFile(url)) return url;
    }
  }
  return null;
}

function isFile(url: string): boolean {
  const path = fileURLToPath(url);
  return existsSync(path) && statSync(path).isFile();
}
