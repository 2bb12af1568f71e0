/**
 * Asks the Python extension which interpreter was chosen for a file, through the interface that it
 * publishes (`@vscode/python-extension`, `environments`). What it answers comes from outside and is
 * checked. Without that extension there is no answer, and the caller looks for itself.
 */
import * as vscode from 'vscode';

const PYTHON_EXTENSION = 'ms-python.python';
/** Its first look for environments may take long; a program should not wait for it for ever. */
const MAX_ANSWER_MS = 15_000;
/** What it names where nothing was chosen. */
const NOTHING_CHOSEN = 'DEFAULT_PYTHON';

export type ChosenInterpreter =
  /** null: none was chosen, or there is nobody to ask */
  | { readonly path: string | null }
  /** An environment was chosen, and it has no interpreter. */
  | { readonly trouble: string };

export async function chosenInterpreter(
  file: vscode.Uri,
  log: (words: string) => void,
): Promise<ChosenInterpreter> {
  const extension = vscode.extensions.getExtension<unknown>(PYTHON_EXTENSION);
  if (extension === undefined) return { path: null };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ChosenInterpreter>((resolve) => {
    timer = setTimeout(() => {
      log(`The Python extension did not answer within ${MAX_ANSWER_MS / 1000} s.`);
      resolve({ path: null });
    }, MAX_ANSWER_MS);
  });
  try {
    return await Promise.race([ask(extension, file), late]);
  } catch (error) {
    log(`The Python extension could not be asked: ${String(error)}`);
    return { path: null };
  } finally {
    clearTimeout(timer);
  }
}

async function ask(extension: vscode.Extension<unknown>, file: vscode.Uri): Promise<ChosenInterpreter> {
  const environments = memberOf(await extension.activate(), 'environments');
  const active = call(environments, 'getActiveEnvironmentPath', file);
  const path = memberOf(active, 'path');
  if (typeof path !== 'string' || path === '' || memberOf(active, 'id') === NOTHING_CHOSEN)
    return { path: null };
  const resolved = await call(environments, 'resolveEnvironment', active);
  if (resolved === undefined || resolved === null) return { path };
  const uri = memberOf(memberOf(resolved, 'executable'), 'uri');
  const executable = memberOf(uri, 'fsPath');
  if (typeof executable === 'string' && executable !== '') return { path: executable };
  return {
    trouble: vscode.l10n.t(
      'The environment {0}, chosen in the Python extension, has no interpreter. Choose another there: Python: Select Interpreter.',
      path,
    ),
  };
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

function call(value: unknown, name: string, argument: unknown): unknown {
  const method = memberOf(value, name);
  if (typeof method !== 'function') throw new Error(`it has no environments.${name}`);
  return (method as (this: unknown, argument: unknown) => unknown).call(value, argument);
}
