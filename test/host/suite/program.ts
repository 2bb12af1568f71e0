/** Programs to trace inside the extension host, and their ends. */
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Writes a program into a folder of its own and shows it in an editor. */
export async function show(name: string, lines: readonly string[]): Promise<vscode.TextDocument> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-program-')));
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const document = await vscode.workspace.openTextDocument(path);
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Resolves with the exit code of the next program that ends. Ask before it is started. */
export function nextEnd(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const listening = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.source !== 'Simul') return;
      listening.dispose();
      resolve(event.exitCode);
    });
  });
}
