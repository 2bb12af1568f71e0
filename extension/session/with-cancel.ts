/**
 * Work that may take long, with a notification by which the user can end it. What is over soon
 * shows nothing.
 */
import * as vscode from 'vscode';

const PATIENCE_MS = 300;

export async function withCancel<T>(
  title: string,
  work: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const result = work(source.token);
  const patience = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        await result.catch(() => undefined);
      },
    );
  }, PATIENCE_MS);
  try {
    return await result;
  } finally {
    clearTimeout(patience);
    source.dispose();
  }
}
