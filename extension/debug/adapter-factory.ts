/**
 * Starts the debug adapter: the command line's `simul dap --stdio`, a process of its own. It reads
 * sources in the folders that it is given, and in no others.
 */
import * as vscode from 'vscode';

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #extensionUri: vscode.Uri;
  /** Folders whose files a recording may show, besides those of the workspace. */
  readonly #foldersOf: (recording: string) => readonly string[];

  constructor(extensionUri: vscode.Uri, foldersOf: (recording: string) => readonly string[]) {
    this.#extensionUri = extensionUri;
    this.#foldersOf = foldersOf;
  }

  createDebugAdapterDescriptor({ configuration }: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const cli = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'cli.js').fsPath;
    const workspace = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const recording: unknown = configuration['recording'];
    const own = typeof recording === 'string' ? this.#foldersOf(recording) : [];
    // Without a folder the adapter would take the one that it runs in.
    const folders = [...workspace, ...own];
    const args = (folders.length === 0 ? [''] : folders).flatMap((folder) => ['--folder', folder]);
    // The extension host's own Node: an Electron, which runs as Node only with this variable.
    const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
    return new vscode.DebugAdapterExecutable(
      process.execPath,
      [cli, 'dap', '--stdio', '--moments', ...args],
      { env },
    );
  }
}
