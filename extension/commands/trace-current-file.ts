/**
 * Runs a file under trace: a program by itself, tests by their runner where one is found. It
 * refuses, in one sentence, what it cannot run or may not.
 */
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { isTraceableFile } from '../../runtime/launch/runnable-files.ts';
import type { CommandContext, CommandFactory } from './context.ts';
import type { ProgramSession } from '../session/program-session.ts';
import { needsRunner } from '../session/needs-runner.ts';
import { findsRunner, startTests } from '../session/start-tests.ts';
import { startTraced } from '../session/start-traced.ts';
import { targetFile } from './target-file.ts';

export const traceCurrentFile: CommandFactory = (context) => async (argument) => {
  const uri = targetFile(argument);
  if (uri !== undefined) {
    const session = await traceFile(context, uri);
    void session?.ended.then(() => context.markDone('traced'));
    return;
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Open a TypeScript, JavaScript or Python file first: Simul traces the file in the editor.'),
  );
};

/** @returns null when nothing was run, which was said */
export async function traceFile(context: CommandContext, uri: vscode.Uri): Promise<ProgramSession | null> {
  const refuse = (words: string): null => {
    context.showError(words);
    return null;
  };
  if (!vscode.workspace.isTrusted) {
    context.refuseUntrusted();
    return null;
  }
  const file = uri.scheme === 'file' ? uri.fsPath : null;
  if (file === null || !isTraceableFile(file)) {
    return refuse(
      vscode.l10n.t(
        'Simul traces TypeScript, JavaScript and Python files on disk; {0} is not one.',
        basename(uri.path),
      ),
    );
  }
  if (!(await saveIfDirty(uri))) {
    return refuse(vscode.l10n.t('{0} could not be saved, so it was not run.', basename(file)));
  }
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  if (needsRunner(file, text) && (await findsRunner(context, uri, text)))
    return startTests(context, { uri, tests: [] });
  return startTraced(
    context,
    {
      name: basename(file),
      file: uri,
      shown: file,
      args: [file],
      folders: [dirname(file)],
      cwd: workingFolder(uri),
    },
    uri,
  );
}

/** What runs is what the editor shows. @returns false when the file could not be saved */
export async function saveIfDirty(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find(
    (candidate) => candidate.uri.toString() === uri.toString(),
  );
  return document === undefined || !document.isDirty || (await document.save());
}

/**
 * The program's working folder: the workspace folder that holds the file, else the file's own.
 * In a window without a folder it is the home folder: VS Code starts terminals only there, and a
 * remote window refuses any other.
 */
export function workingFolder(uri: vscode.Uri): string {
  if (!vscode.workspace.workspaceFolders?.length) return homedir();
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath);
}
