/**
 * The worker's end of `function-reference`: the function that a reference stands for, imported or
 * compiled. It refuses an export whose text differs from that of the function that was sent.
 */
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { importing } from './in-worker.ts';
import type { ExportedFunction, FunctionReference, InlineFunction } from './function-reference.ts';

export type LoadedFunction = (...args: unknown[]) => unknown;

export async function loadFunction(reference: FunctionReference): Promise<LoadedFunction> {
  return 'url' in reference ? await importFunction(reference) : compileInline(reference);
}

async function importFunction({ url, name, text }: ExportedFunction): Promise<LoadedFunction> {
  importing.activity = `a worker imports ${url} to find ${name}()`;
  let module: Record<string, unknown>;
  try {
    module = (await import(url)) as Record<string, unknown>;
  } finally {
    importing.activity = null;
  }
  const commonJs = module['default'] as Record<string, unknown> | undefined;
  const candidates = [module[name], commonJs?.[name], name === 'module.exports' ? commonJs : undefined];
  const exported = candidates.find(
    (value): value is LoadedFunction => typeof value === 'function' && String(value) === text,
  );
  if (exported !== undefined) return exported;
  throw new Error(
    `${url} has no export ${name} here that is the function it is there; ` +
      'is it exported only in the main thread?',
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
  const require = createRequire(file === '' ? `${process.cwd()}/` : file);
  return (make as (require: unknown) => LoadedFunction)(require);
}
