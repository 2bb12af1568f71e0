/**
 * Code that the program compiles by itself, through `node:vm`, under the name of one of the user's
 * files: test runners load everything that way (jest, vitest). It is instrumented like a file, and
 * the realm in which it runs is given the probes.
 *
 * Left alone: code without a file's name, and code that comes with a code cache, which holds what
 * V8 made of the original text.
 */
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { type FileScope } from './file-scope.ts';
import { namesLibrary } from './library.ts';
import { noteNamedModules } from './named-modules.ts';
import { type TextOffset } from './text-offset.ts';
import { type TextKind, type Translator } from './translate.ts';

type Callable = (...args: never[]) => unknown;
type Args = unknown[];
interface CompileOptions {
  readonly filename?: unknown;
  readonly identifier?: unknown;
  readonly lineOffset?: unknown;
  readonly columnOffset?: unknown;
  readonly cachedData?: unknown;
  readonly produceCachedData?: unknown;
  readonly parsingContext?: object;
  readonly context?: object;
}

export interface VmHooksParts {
  readonly translator: Translator;
  readonly scope: FileScope;
  /** Gives a realm the probes, if it does not have them. */
  readonly publish: (context: object) => void;
  /** Called before a text is compiled that names the library. */
  readonly onLibraryNamed: () => void;
}

/** @returns what restores the built-ins */
export function installVmHooks({ translator, scope, publish, onLibraryNamed }: VmHooksParts): () => void {
  /** Scripts whose realm must have the probes when they run. */
  const emittedScripts = new WeakSet();

  function emit(code: unknown, given: unknown, kind: TextKind): string | null {
    const options = optionsOf(given);
    if (typeof code !== 'string' || options.cachedData !== undefined || options.produceCachedData === true)
      return null;
    noteNamedModules(code);
    if (namesLibrary(code)) onLibraryNamed();
    const path = fileNamed(options.filename ?? options.identifier);
    if (path === null) return null;
    if (!scope(path)) {
      if (path.includes('node_modules')) translator.reportForeign(path);
      return null;
    }
    const offset: TextOffset = { line: wholeOf(options.lineOffset), column: wholeOf(options.columnOffset) };
    return translator.instrument(path, code, kind, offset);
  }

  /** A call or construction with its first argument, the code, exchanged. */
  function withCode(args: Args, code: string): Args {
    return [code, ...args.slice(1)];
  }

  function watchCall(name: string, optionsAt: number, kind: TextKind): () => void {
    return replaceBuiltin(
      vm,
      name,
      (original) =>
        new Proxy(original, {
          apply(target, self, args: Args) {
            const code = emit(args[0], args[optionsAt], kind);
            if (code === null) return builtIns.apply(target, self, args as never);
            const { parsingContext } = optionsOf(args[optionsAt]);
            // What runs in a context goes through a script's `runInContext`, which is watched.
            if (parsingContext !== undefined) publish(parsingContext);
            isEmitting = name === 'runInContext' || name === 'runInNewContext';
            try {
              return builtIns.apply(target, self, withCode(args, code) as never);
            } finally {
              isEmitting = false;
            }
          },
        }),
    );
  }

  /** A `vm` function is running emitted code: the script that it makes is not seen by us. */
  let isEmitting = false;
  function watchRun(name: 'runInContext'): () => void {
    return replaceBuiltin(vm.Script.prototype, name, (original) => {
      return new Proxy(original, {
        apply(target, script: object, args: Args) {
          if (isEmitting || emittedScripts.has(script)) {
            isEmitting = false;
            if (vm.isContext(args[0] as vm.Context)) publish(args[0] as object);
          }
          return builtIns.apply(target, script, args as never);
        },
      });
    });
  }

  function watchClass(name: 'Script' | 'SourceTextModule', kind: TextKind): () => void {
    const original = (vm as unknown as Record<string, unknown>)[name];
    if (typeof original !== 'function') return () => {};
    const watched: object = new Proxy(original, {
      construct(target, args: Args, newTarget) {
        const made = newTarget === watched ? target : newTarget;
        const code = emit(args[0], args[1], kind);
        if (code === null) return construct(target, args, made) as object;
        const { context } = optionsOf(args[1]);
        if (context !== undefined) publish(context);
        const script = construct(target, withCode(args, code), made) as object;
        emittedScripts.add(script);
        return script;
      },
    });
    const undo = [
      replaceBuiltin(vm, name, () => watched as Callable),
      // `made.constructor === vm.Script`, as untraced.
      replaceValue((original as { prototype: object }).prototype, 'constructor', watched),
    ];
    return () => undo.forEach((restore) => restore());
  }

  const undo = [
    watchRun('runInContext'),
    watchClass('Script', 'script'),
    watchClass('SourceTextModule', 'module'),
    watchCall('runInThisContext', 1, 'script'),
    watchCall('runInContext', 2, 'script'),
    watchCall('runInNewContext', 2, 'script'),
    watchCall('compileFunction', 2, 'function'),
  ];
  return () => undo.forEach((restore) => restore());
}

/** Puts a value in the place of a property's, with its attributes. */
function replaceValue(host: object, name: string, value: unknown): () => void {
  const former = Object.getOwnPropertyDescriptor(host, name);
  if (former?.configurable !== true) return () => {};
  Object.defineProperty(host, name, { ...former, value });
  return () => Object.defineProperty(host, name, former);
}

const { construct } = Reflect;

function optionsOf(given: unknown): CompileOptions {
  if (typeof given === 'string') return { filename: given };
  return typeof given === 'object' && given !== null ? given : {};
}

/** The file of the user's that a name of code means; null: it means none. */
function fileNamed(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  try {
    const path = name.startsWith('file:') ? fileURLToPath(name) : name;
    return isAbsolute(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
  } catch {
    return null;
  }
}

function wholeOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}
