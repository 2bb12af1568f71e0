/** Shows in the panel where the line of the cursor waits. */
import type { CommandFactory } from './context.ts';
import { currentEditor } from './target-file.ts';

export const revealSite: CommandFactory = (context) => () => {
  const editor = currentEditor();
  if (editor) context.panel.revealLine(editor.document.uri.fsPath, editor.selection.active.line + 1);
};
