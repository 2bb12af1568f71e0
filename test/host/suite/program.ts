/** Programs that are traced inside the extension host. */
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Writes a program into a folder of its own and opens it in an editor. */
export async function openProgram(name: string, lines: readonly string[]): Promise<vscode.TextDocument> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-program-')));
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const document = await vscode.workspace.openTextDocument(path);
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Resolves with the exit code of the next program that ends. Call it before the start. */
export function nextProgramEnd(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.source !== 'Simul') return;
      listener.dispose();
      resolve(event.exitCode);
    });
  });
}

/** The rule that a problem is about: its code, which may lead to a page. */
export const ruleOf = ({ code }: vscode.Diagnostic): unknown =>
  typeof code === 'object' ? code.value : code;
