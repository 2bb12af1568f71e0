/**
 * Which files Simul runs: the one list of their extensions, for the command line, the commands of
 * the extension and the lenses. The manifest's `when` clauses and the agent's file scope cannot
 * import it; test/launch/runnable-files.test.ts compares both with it.
 */
import { extname } from 'node:path';

export const RUNNABLE_EXTENSIONS: readonly string[] = [
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
];

/** Whether a file holds types or JSX, which V8 does not know. */
export function needsCompiling(file: string): boolean {
  return /\.(?:[mc]?tsx?|jsx)$/.test(file);
}

/** @param file a path or the text of a URI; only its ending is read, case and all. */
export function isRunnableFile(file: string): boolean {
  return RUNNABLE_EXTENSIONS.includes(extname(file));
}

export const PYTHON_EXTENSIONS: readonly string[] = ['.py', '.pyw'];

/** Whether a file is a program that Python runs. */
export function isPythonFile(file: string): boolean {
  return PYTHON_EXTENSIONS.includes(extname(file));
}

/** Whether a file can be run under trace, by Node or by Python. */
export function isTraceableFile(file: string): boolean {
  return isRunnableFile(file) || isPythonFile(file);
}
