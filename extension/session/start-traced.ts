/** Starts something under trace in a recording of its own, or says in a sentence why not. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { newRecording } from '../../runtime/launch/recordings.ts';
import { interpreterFor, type ProgramInterpreter } from './program-interpreter.ts';
import type { ProgramLaunch, ProgramSession } from './program-session.ts';

/** What is run: a file, or any command. */
export type TraceTarget = Pick<ProgramLaunch, 'name' | 'shown' | 'args' | 'folders' | 'cwd'> & {
  /** The file that is run, if it is one: it says which interpreter runs it. */
  readonly file?: vscode.Uri;
  /** What runs the tracer and the program, where that was looked for already. */
  readonly interpreter?: ProgramInterpreter;
};

/** What starting needs of a command's context. */
export interface TraceStarter {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  mayRunAnother(name: string): Promise<'no' | 'apart' | { readonly recording: string }>;
  runProgram(launch: ProgramLaunch): Promise<ProgramSession>;
  refuseUntrusted(): void;
  showError(words: string): void;
}

/**
 * @param scope whose settings hold; absent: the window's
 * @returns null when nothing was run, which was said
 */
export async function startTraced(
  starter: TraceStarter,
  target: TraceTarget,
  scope?: vscode.Uri,
): Promise<ProgramSession | null> {
  const refuse = (words: string): null => {
    starter.showError(words);
    return null;
  };
  if (!vscode.workspace.isTrusted) {
    starter.refuseUntrusted();
    return null;
  }
  const settings = vscode.workspace.getConfiguration('simul', scope);
  // Of a command only its tracer is looked for: the command finds its own interpreter.
  const interpreter =
    target.interpreter ??
    (await interpreterFor(target.file ?? null, scope, (words) => starter.log.warn(words)));
  if (typeof interpreter === 'string') return refuse(interpreter);
  const choice = await starter.mayRunAnother(target.name);
  if (choice === 'no') return null;
  const { extension, log } = starter;
  const isTogether = typeof choice === 'object';
  const made = isTogether
    ? { folder: choice.recording, warning: null }
    : newRecording(recordingsOf(extension));
  if ('trouble' in made) return refuse(vscode.l10n.t('Nothing was run: {0}.', made.trouble));
  if (made.warning !== null) log.warn(made.warning);
  log.info(`${interpreter.words} traces ${target.shown} into ${made.folder}`);
  const { name, shown, args, folders, cwd } = target;
  return await starter.runProgram({
    ...{ name, shown, args, folders, cwd },
    node: interpreter.node,
    env: interpreter.env,
    cli: cliOf(extension),
    recording: made.folder,
    options: [
      ...(isTogether ? ['--join'] : []),
      ...(settings.get('generators', false) ? ['--generators'] : []),
      ...(settings.get('cpu', false) && interpreter.python === null ? ['--cpu'] : []),
      ...(settings.get('values', false) ? ['--values'] : []),
      ...(interpreter.python === null ? [] : ['--python', interpreter.python]),
    ],
  });
}

/** Where this window's recordings are. */
export const recordingsOf = ({ storageUri, globalStorageUri }: vscode.ExtensionContext): string =>
  join((storageUri ?? globalStorageUri).fsPath, 'recordings');

export const cliOf = ({ extensionUri }: vscode.ExtensionContext): string =>
  vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
