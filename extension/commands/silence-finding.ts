/**
 * Writes a comment that silences a finding at its line, with the reason that the user gives. The
 * language server says where. In a document that has changed meanwhile nothing is written.
 */
import * as vscode from 'vscode';
import { readSilenceRequest } from '../../runtime/trace/messages/server.ts';
import type { CommandFactory } from './context.ts';

export const silenceFinding: CommandFactory = (context) => async (argument) => {
  const request = readSilenceRequest(argument);
  if (request === null) {
    return context.showError(vscode.l10n.t('Silence a finding by its quick fix in the list of problems.'));
  }
  const { uri, version, line, indent, rule } = request;
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t('Silence {0} at this line', rule),
    prompt: vscode.l10n.t('Why it is right as it is: this stands in the comment'),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('This takes a reason.') : null),
  });
  if (reason === undefined || reason.trim() === '') return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  const edit = new vscode.WorkspaceEdit();
  const newline = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const mark = document.languageId === 'python' ? '#' : '//';
  const comment = `${indent}${mark} simul-ignore ${rule}: ${oneLine(reason)}${newline}`;
  edit.insert(document.uri, new vscode.Position(line, 0), comment);
  const isSame = document.version === version && line < document.lineCount;
  if (!isSame || !(await vscode.workspace.applyEdit(edit))) {
    return context.showError(vscode.l10n.t('The file has changed meanwhile, so nothing was written.'));
  }
};

/** A line break would end the comment. */
const oneLine = (text: string): string => text.trim().split(/\s+/).join(' ');
