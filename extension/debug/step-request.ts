/**
 * Steps that the protocol has no request for: the adapter is asked by one of its own. The thread is
 * that of the frame that the person looks at.
 */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './debug-type.ts';

/** @returns the adapter's own words, where it could not; else undefined */
export async function requestStep(request: string): Promise<string | undefined> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== DEBUG_TYPE) return undefined;
  const item = vscode.debug.activeStackItem;
  const threadId = item?.session === session && item.threadId !== undefined ? item.threadId : 1;
  try {
    await session.customRequest(request, { threadId });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
