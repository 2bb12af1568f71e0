/** Starts the editor's file under its debugger and the trace, without a launch.json. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isPythonFile, isTraceableFile } from '../../runtime/launch/runnable-files.ts';
import type { CommandContext, CommandFactory } from './context.ts';
import { interpreterFor } from '../session/program-interpreter.ts';
import { targetFile } from './target-file.ts';

export const debugCurrentFile: CommandFactory = (context) => async (argument) => {
  if (!vscode.workspace.isTrusted) {
    context.refuseUntrusted();
    return;
  }
  const uri = targetFile(argument);
  const file = uri?.scheme === 'file' ? uri.fsPath : undefined;
  if (uri === undefined || file === undefined || !isTraceableFile(file)) {
    context.showError(
      vscode.l10n.t(
        'Open a TypeScript, JavaScript or Python file first: Simul debugs the file in the editor.',
      ),
    );
    return;
  }
  if (isPythonFile(file)) return await debugPython(context, uri);
  const node = vscode.workspace.getConfiguration('simul', uri).get('nodePath', '');
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), {
    type: 'node',
    request: 'launch',
    name: basename(file),
    program: file,
    simul: true,
    skipFiles: ['<node_internals>/**', '**/node_modules/**'],
    ...(node === '' ? {} : { runtimeExecutable: node }),
  });
};

const PYTHON_DEBUGGER = 'debugpy';

/** The Python debugger is an extension of its own. */
async function debugPython(context: CommandContext, uri: vscode.Uri): Promise<void> {
  if (!vscode.extensions.all.some(({ packageJSON }) => hasDebugger(packageJSON))) {
    context.showError(
      vscode.l10n.t('Debugging Python needs the extension Python Debugger; tracing works without it.'),
    );
    return;
  }
  const interpreter = await interpreterFor(uri, uri, (words) => context.log.warn(words));
  if (typeof interpreter === 'string') return context.showError(interpreter);
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), {
    type: PYTHON_DEBUGGER,
    request: 'launch',
    name: basename(uri.fsPath),
    program: uri.fsPath,
    python: interpreter.python,
    console: 'integratedTerminal',
    simul: true,
  });
}

function hasDebugger(manifest: unknown): boolean {
  const { contributes } = manifest as {
    readonly contributes?: { readonly debuggers?: readonly { readonly type?: unknown }[] };
  };
  return contributes?.debuggers?.some(({ type }) => type === PYTHON_DEBUGGER) === true;
}
