/**
 * Stands before `Module.prototype._compile` and not on the stack: `_compile` runs the module, and a
 * frame of ours below it would take one of ten from each stack trace. So the property is an
 * accessor. Where Node's own handler reads it, the getter gives Node's function bound to the text
 * that is to run; a bound function has no frame. Everybody else gets a function that calls it.
 */
import fs from 'node:fs';
import { extname, isAbsolute } from 'node:path';
import module from 'node:module';
import { builtIns } from '../../../recorder/built-ins.ts';
import { disguiseAs, originalOf } from '../builtins/replace-builtin.ts';
import { keepFrameName } from '../builtins/keep-frame-name.ts';
import { isCalledFrom } from '../stack/user-positions.ts';
import { kindOfPath } from './module-kind.ts';

export interface CommonJs {
  readonly filename?: unknown;
  _compile(this: CommonJs, content: string, path: string, ...rest: unknown[]): unknown;
}
type Compile = (...args: never[]) => unknown;
/** The arguments of `_compile`: a text, its path, and how Node is to take it. */
export type CompileArguments = unknown[];

export interface CompileWatcher {
  /** The arguments with which Node's function is to be called in the place of these. */
  argumentsFor(args: CompileArguments): CompileArguments;
  /** Files of this kind come to `_compile` as Node reads them. */
  isReadByNode(path: string): boolean;
}

const NODES_LOADER = 'node:internal/modules/cjs/loader';
/** The function that asks, the getter, and who reads the property. */
const CALLERS = 3;
const SCRIPTS = new Set(['.js', '.cjs', '']);
const { prototype } = module as unknown as { readonly prototype: CommonJs };
const { bind } = Function.prototype;
const { apply } = Reflect;
const nodesReadFile = fs.readFileSync;

export interface CompileAccessor {
  /** What the program finds in the place of `_compile`, unless it put something there. */
  readonly own: Compile;
  remove(): void;
}

export function watchCompile({ argumentsFor, isReadByNode }: CompileWatcher): CompileAccessor {
  const former = Object.getOwnPropertyDescriptor(prototype, '_compile')!;
  const compile = former.value as Compile;
  const own = disguiseAs(function (this: CommonJs, ...args: unknown[]): unknown {
    return builtIns.apply(compile, this, argumentsFor(args) as never);
  }, compile);
  let current: unknown = own;

  /** Null: somebody else than Node's handler reads, or it is about to compile another text. */
  function boundCompile(loading: CommonJs): unknown {
    const { filename: path } = loading;
    if (typeof path !== 'string' || !isAbsolute(path) || !SCRIPTS.has(extname(path))) return null;
    if (!isReadByNode(path) || originalOf(fs.readFileSync) !== nodesReadFile) return null;
    if (!isCalledFrom(NODES_LOADER, CALLERS)) return null;
    const kind = kindOfPath(path);
    const content = kind === 'module' ? null : readText(path);
    if (content === null) return null;
    const args = [content, path, kind ?? undefined];
    const given = argumentsFor(args);
    return given === args ? compile : apply(bind, compile, [loading, ...given]);
  }

  Object.defineProperty(prototype, '_compile', {
    configurable: true,
    enumerable: former.enumerable ?? true,
    get(this: CommonJs) {
      return current === own ? (boundCompile(this) ?? own) : current;
    },
    set(this: object, value: unknown) {
      if (this === prototype) current = value;
      else {
        const attributes = { writable: true, enumerable: true, configurable: true };
        Object.defineProperty(this, '_compile', { value, ...attributes });
      }
    },
  });
  const forgetName = keepFrameName(prototype, '_compile', compile);
  return {
    own,
    remove() {
      forgetName();
      if (current === own) Object.defineProperty(prototype, '_compile', former);
    },
  };
}

function readText(path: string): string | null {
  try {
    return nodesReadFile(path, 'utf8');
  } catch {
    return null;
  }
}
