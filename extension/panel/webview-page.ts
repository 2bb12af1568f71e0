/** Puts the page into a webview. The panel and the editor of saved traces show the same page. */
import * as vscode from 'vscode';
import { pageHtml } from './page.ts';

/** The page may load what is shipped for it, and nothing from the user's folders. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
  };
}

export function fillWebview(webview: vscode.Webview, extensionUri: vscode.Uri, title: string): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = webviewOptions(extensionUri);
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.js')).toString(),
    styleUri: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.css')).toString(),
    nonce: makeNonce(),
    language: vscode.env.language,
    title,
  });
}

/** 144 random bits, as letters and digits; `node:crypto` is not there in a browser. */
const makeNonce = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
