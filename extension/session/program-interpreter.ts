/**
 * What runs a program and its tracer: Node for both where the program is JavaScript, and an
 * interpreter of Python beside the Node of the tracer where it is Python.
 */
import * as vscode from 'vscode';
import { isPythonFile } from '../../runtime/launch/runnable-files.ts';
import { chosenInterpreter } from './chosen-interpreter.ts';
import { findNode } from './find-node.ts';
import { activationOf, findPython, foldersUpTo } from './find-python.ts';

export interface ProgramInterpreter {
  /** Runs the tracer, and the program where that is JavaScript. */
  readonly node: string;
  /** Runs the program; null: Node does. */
  readonly python: string | null;
  /** Variables that the tracer gets besides those of the terminal. */
  readonly env: Readonly<Record<string, string>>;
  /** For the log. */
  readonly words: string;
}

/** @returns one sentence when there is none that can run the file under trace */
export async function interpreterFor(
  uri: vscode.Uri | null,
  scope: vscode.Uri | undefined,
  log: (words: string) => void,
): Promise<ProgramInterpreter | string> {
  const settings = vscode.workspace.getConfiguration('simul', uri ?? scope);
  const { env, platform } = process;
  const node = await findNode({ setting: settings.get('nodePath', ''), env, platform });
  if (uri === null || !isPythonFile(uri.fsPath)) {
    if (!node.found) return node.words;
    return { node: node.path, python: null, env: {}, words: `${node.path} ${node.version}` };
  }
  const chosen = await chosenInterpreter(uri, log);
  if ('trouble' in chosen) return chosen.trouble;
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? null;
  const python = await findPython({
    chosen: chosen.path,
    setting: settings.get('pythonPath', ''),
    folders: foldersUpTo(uri.fsPath, workspace),
    env,
    platform,
  });
  if (!python.found) return python.words;
  const activation = python.environment === null ? {} : activationOf(python.environment, env, platform);
  return {
    // Somebody who writes Python may have no Node: the editor's own runs the tracer then.
    node: node.found ? node.path : process.execPath,
    python: python.path,
    env: node.found ? activation : { ...activation, ELECTRON_RUN_AS_NODE: '1' },
    words: `${python.path} ${python.version}`,
  };
}
