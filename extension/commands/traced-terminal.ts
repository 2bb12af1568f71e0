/**
 * Opens a terminal whose programs are all traced, into one recording, and in which `simul` is a
 * command: a server and its client, say, each started by hand, are in one picture.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { newRecording } from '../../runtime/launch/recordings.ts';
import { makeTraceEnv } from '../../runtime/launch/trace-env.ts';
import { findNode } from '../session/find-node.ts';
import { simulScripts } from '../session/simul-scripts.ts';
import { cliOf, recordingsOf } from '../session/start-traced.ts';
import type { CommandFactory } from './context.ts';

/** What the agent reads, and the folder in which commands are looked for. */
const OWN_VARIABLE = /^(?:NODE_OPTIONS|PYTHONPATH|SIMUL_\w+)$/;

export const tracedTerminal: CommandFactory = (context) => async () => {
  if (!vscode.workspace.isTrusted) return context.refuseUntrusted();
  const { extension, log } = context;
  const setting = vscode.workspace.getConfiguration('simul').get('nodePath', '');
  const node = await findNode({ setting, env: process.env, platform: process.platform });
  if (!node.found) return context.showError(node.words);
  const made = newRecording(recordingsOf(extension));
  if ('trouble' in made) return context.showError(vscode.l10n.t('Nothing was opened: {0}.', made.trouble));
  if (made.warning !== null) log.warn(made.warning);
  const bin = vscode.Uri.joinPath(extension.globalStorageUri, 'bin').fsPath;
  await mkdir(bin, { recursive: true });
  for (const { name, text } of simulScripts(node.path, cliOf(extension))) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('Simul: traced'),
    iconPath: new vscode.ThemeIcon('pulse'),
    env: terminalEnv(extension.extensionUri, made.folder, bin),
    message: vscode.l10n.t(
      'Every Node and Python program that you start here is traced; the panel draws them together.',
    ),
    // Its recording ends with it.
    isTransient: true,
  });
  const ended = new Promise<string>((resolve) => {
    const listener = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return;
      listener.dispose();
      resolve(vscode.l10n.t('The traced terminal was closed.'));
    });
  });
  terminal.show();
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  context.showLive({ folder: made.folder, name: terminal.name, folders }, ended);
};

function terminalEnv(extensionUri: vscode.Uri, recording: string, bin: string): Record<string, string> {
  const agent = pathToFileURL(vscode.Uri.joinPath(extensionUri, 'dist', 'agent', 'preload.cjs').fsPath);
  const values = vscode.workspace.getConfiguration('simul').get('values', false);
  const all = makeTraceEnv({ recording, agent, compiles: true, values });
  const own = Object.entries(all).filter(([name]) => OWN_VARIABLE.test(name)) as [string, string][];
  const given = process.env['NODE_OPTIONS'] ?? '';
  return {
    ...Object.fromEntries(own),
    // `simul` itself is not traced, and what it traces gets what was there before.
    SIMUL_OUTER_NODE_OPTIONS: given,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  };
}
