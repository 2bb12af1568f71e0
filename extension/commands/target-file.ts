/** The file that a command is meant for. Its argument comes from anywhere and is checked first. */
import * as vscode from 'vscode';

/** The file that the argument names, else the one in the editor; undefined: neither is there. */
export function targetFile(argument: unknown): vscode.Uri | undefined {
  return fileArgument(argument) ?? currentEditor()?.document.uri;
}

/** The active editor; when the panel has the focus, the editor beside it. */
export function currentEditor(): vscode.TextEditor | undefined {
  return (
    vscode.window.activeTextEditor ??
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'file')
  );
}

/** The ids of a task of the view *Tasks*; null for anything else. */
export function taskOf(argument: unknown): { readonly task: string; readonly frame: string | null } | null {
  if (typeof argument !== 'object' || argument === null) return null;
  const { task, frame } = argument as { readonly task?: unknown; readonly frame?: unknown };
  if (typeof task !== 'string') return null;
  return { task, frame: typeof frame === 'string' ? frame : null };
}

/** The folder of an item of the view *Recordings*; undefined for anything else. */
export function folderOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('folder' in argument)) return undefined;
  return typeof argument.folder === 'string' ? argument.folder : undefined;
}

/** A URI as menus give it, or the text of one as lenses do; undefined for anything else. */
export function fileArgument(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== 'string' || !argument.startsWith('file:')) return undefined;
  return vscode.Uri.parse(argument, true);
}
