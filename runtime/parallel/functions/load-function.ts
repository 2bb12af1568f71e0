/** The worker's end of `name-function`: the function that a name stands for, imported or compiled once. */
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { importing } from './in-worker.ts';
import type { ExportedFunction, FunctionReference, InlineFunction } from './function-reference.ts';

export type Loaded = (...args: unknown[]) => unknown;

export async function loadFunction(name: FunctionReference): Promise<Loaded> {
  return 'url' in name ? await imported(name) : compiled(name);
}

async function imported({ url, name, text }: ExportedFunction): Promise<Loaded> {
  importing.what = `a worker imports ${url} to find ${name}()`;
  let module: Record<string, unknown>;
  try {
    module = (await import(url)) as Record<string, unknown>;
  } finally {
    importing.what = null;
  }
  const commonJs = module['default'] as Record<string, unknown> | undefined;
  const candidates = [module[name], commonJs?.[name], name === 'module.exports' ? commonJs : undefined];
  const found = candidates.find(
    (value): value is Loaded => typeof value === 'function' && String(value) === text,
  );
  if (found !== undefined) return found;
  throw new Error(
    `${url} has no export ${name} here that is the function it is there; is it exported only in the main thread?`,
  );
}

function compiled(name: InlineFunction): Loaded {
  const { text, prelude, label, file, line, column } = name;
  // One line before its first, so that its lines and columns are those of its file.
  const head = `${prelude} return {${JSON.stringify(label)}: (`;
  const make = compileFunction(
    `${head}\n${' '.repeat(column)}${text}\n)}[${JSON.stringify(label)}]`,
    ['require'],
    {
      filename: file === '' ? `simul:${label || 'function'}` : file,
      lineOffset: line - 1,
    },
  );
  const require = createRequire(file === '' ? `${process.cwd()}/` : file);
  return (make as (require: unknown) => Loaded)(require);
}
