/**
 * The worker's end of `function-reference`: the function that a reference stands for, imported or
 * compiled. An export is taken by its name.
 */
import { extname } from 'node:path';
import { compileFunction } from 'node:vm';
import { WHOLE_MODULE } from './commonjs-export.ts';
import { importing } from './in-worker.ts';
import type { ExportedFunction, FunctionReference, InlineFunction } from './function-reference.ts';
import { registerLoaders } from './inherited-loaders.ts';
import { pathOfUrl } from './locate-function.ts';
import { resolveTypeScriptImports } from './typescript-imports.ts';
import { requireFrom, requireFromHere } from './require-from.ts';

export type LoadedFunction = (...args: unknown[]) => unknown;

export async function loadFunction(reference: FunctionReference): Promise<LoadedFunction> {
  return 'url' in reference ? await importFunction(reference) : compileInline(reference);
}

async function importFunction(reference: ExportedFunction): Promise<LoadedFunction> {
  const { url, name, text } = reference;
  importing.activity = `a worker imports ${url} to find ${name}()`;
  let module: Record<string, unknown>;
  try {
    await registerLoaders();
    if (isTypeScript(url)) resolveTypeScriptImports();
    module = await loadModule(reference);
  } catch (error) {
    throw explainFailure(error, url);
  } finally {
    importing.activity = null;
  }
  const commonJs = module['default'] as Record<string, unknown> | undefined;
  const candidates = [module[name], commonJs?.[name], name === WHOLE_MODULE ? commonJs : undefined].filter(
    (value): value is LoadedFunction => typeof value === 'function',
  );
  // One name can mean two functions where a module has exports of both kinds.
  const exported = candidates.find((value) => String(value) === text) ?? candidates[0];
  if (exported !== undefined) return exported;
  const names = Object.keys(module).concat(
    typeof commonJs === 'object' && commonJs !== null ? Object.keys(commonJs) : [],
  );
  const shown = [...new Set(names)].slice(0, MAX_SHOWN_NAMES).join(', ');
  throw new Error(
    `${url} exports no function ${name} in the worker; it exports ${shown === '' ? 'nothing' : shown}`,
  );
}

const MAX_SHOWN_NAMES = 20;

/**
 * By `require` where that loaded it in the parent, and where only that knows the kind of file:
 * loaders of CommonJS know no other way.
 */
async function loadModule({ url, isCommonJs }: ExportedFunction): Promise<Record<string, unknown>> {
  const path = pathOfUrl(url);
  if (path === null)
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as Record<string, unknown>;
  const require = requireFrom(path);
  const load = (): Record<string, unknown> => ({ default: require(path) as unknown });
  if (isCommonJs === true) return load();
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as Record<string, unknown>;
  } catch (error) {
    // `extensions` is how such loaders are registered, and will not go away.
    const isKnown = extname(path) in (require as unknown as { extensions: object }).extensions;
    if (!isUncompiled(error, url) || !isKnown) throw error;
    return load();
  }
}

/** Whether Node itself had to read a file that is not JavaScript. */
function isUncompiled(error: unknown, url: string): boolean {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  // `require` takes an extension that it does not know for JavaScript.
  if (code === undefined) return name === 'SyntaxError' && isTypeScript(url);
  return code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
}

function isTypeScript(url: string): boolean {
  return /\.[cm]?tsx?(\?|$)/.test(url);
}

/** An error that says what to do, where Node's own speaks of the file alone. */
function explainFailure(error: unknown, url: string): unknown {
  if (!isTypeScript(url) || !isUncompiled(error, url)) return error;
  return new Error(
    `a worker cannot load ${pathOfUrl(url) ?? url}: ${(error as Error).message.replace(/\.$/, '')}. What compiles it in ` +
      'the main thread does not work in other threads. Start the program with node --import tsx (or ' +
      'NODE_OPTIONS="--import=tsx"), or give the compiled file through workerModule()',
    { cause: error },
  );
}

function compileInline(reference: InlineFunction): LoadedFunction {
  const { text, prelude, label, file, line, column } = reference;
  // The head is one line before the function's first line,
  // so that lines and columns in stack traces are those of the user's file.
  const head = `${prelude} return {${JSON.stringify(label)}: (`;
  const make = compileFunction(
    `${head}\n${' '.repeat(column)}${text}\n)}[${JSON.stringify(label)}]`,
    ['require'],
    {
      filename: file === '' ? `simul:${label || 'function'}` : file,
      lineOffset: line - 1,
    },
  );
  const require = file === '' ? requireFromHere() : requireFrom(file);
  return (make as (require: unknown) => LoadedFunction)(require);
}
