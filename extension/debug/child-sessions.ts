/** A replay has a session for each process. When the first is stopped, the others are, too. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './debug-type.ts';

/** Stops the sessions that an ended one had asked for. */
export function stopWithParent(): vscode.Disposable[] {
  const children = new Set<vscode.DebugSession>();
  return [
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type === DEBUG_TYPE && session.parentSession !== undefined) children.add(session);
    }),
    vscode.debug.onDidTerminateDebugSession((ended) => {
      children.delete(ended);
      for (const child of children)
        if (child.parentSession?.id === ended.id) void vscode.debug.stopDebugging(child);
    }),
  ];
}
