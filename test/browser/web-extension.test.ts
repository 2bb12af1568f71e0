/**
 * The extension's entry for browsers, in a browser: without Node and without a real VS Code. The
 * test plays the part of the API that the entry asks for.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { tree } from '../machine/tree.ts';
import { recordingIn } from '../launch/export/recording.ts';
import { closeBrowser, newPage } from './harness.ts';

declare global {
  interface Window {
    /** The entry's text as the function that CommonJS makes of it. */
    simulEntry(require: (name: string) => unknown, module: object, exports: object): void;
  }
}

interface Shown {
  readonly html: string;
  readonly messages: readonly { readonly type: string; readonly name?: string; readonly words?: string }[];
}

/** In the page: activates the entry, opens the file, and plays a page that is ready. */
async function openInBrowser(file: number[]): Promise<Shown> {
  const messages: { type: string }[] = [];
  let provider: {
    openCustomDocument(uri: unknown): Promise<unknown>;
    resolveCustomEditor(...args: unknown[]): void;
  };
  let receive: (message: unknown) => void = () => {};
  const disposable = { dispose: () => {} };
  const vscode = {
    Uri: { joinPath: (_base: unknown, ...parts: string[]) => ({ toString: () => parts.join('/') }) },
    env: { language: 'en' },
    l10n: { t: (words: string) => words },
    window: {
      registerCustomEditorProvider: (_type: string, given: typeof provider) => {
        provider = given;
        return disposable;
      },
    },
    workspace: {
      fs: {
        stat: () => Promise.resolve({ size: file.length }),
        readFile: () => Promise.resolve(Uint8Array.from(file)),
      },
    },
  };
  const entry = { exports: {} as { activate(extension: unknown): void } };
  const requires = (name: string): unknown => {
    if (name !== 'vscode') throw new Error(`there is no "${name}" in a browser`);
    return vscode;
  };
  window.simulEntry(requires, entry, entry.exports);
  entry.exports.activate({ extensionUri: {}, subscriptions: [] });
  const document = await provider!.openCustomDocument({ path: '/a/orders.simul', scheme: 'vscode-vfs' });
  const webview = {
    cspSource: 'https://webview.test',
    html: '',
    asWebviewUri: (uri: unknown) => uri,
    postMessage: (message: { type: string }) => Promise.resolve(messages.push(message) > 0),
    onDidReceiveMessage: (listener: typeof receive) => {
      receive = listener;
      return disposable;
    },
  };
  const ended = new Promise<void>((resolve) => {
    const post = webview.postMessage;
    webview.postMessage = (message) => {
      if (message.type === 'end') resolve();
      return post(message);
    };
  });
  const panel = {
    webview,
    onDidChangeViewState: () => disposable,
    onDidDispose: () => disposable,
    visible: true,
  };
  provider!.resolveCustomEditor(
    Object.assign(document as object, { uri: { path: '/a/orders.simul', scheme: 'vscode-vfs' } }),
    panel,
  );
  receive({ type: 'ready' });
  await ended;
  return { html: webview.html, messages: messages.map((message) => ({ ...message })) };
}

describe('the extension in a browser', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'simul-web-'));
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await closeBrowser();
  });

  const open = async (file: Uint8Array): Promise<Shown> => {
    const page = await newPage();
    try {
      const code = readFileSync(join(tree, 'dist/web.cjs'), 'utf8');
      await page.addScriptTag({ content: `window.simulEntry = (require, module, exports) => {${code}\n};` });
      return await page.evaluate(openInBrowser, [...file]);
    } finally {
      await page.close();
    }
  };

  it('opens a saved trace, without Node', async () => {
    const path = join(folder, 'orders.simul');
    assert.ok(typeof saveTrace(recordingIn(folder), path) !== 'string');
    const { html, messages } = await open(readFileSync(path));
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['keys', 'open', 'block', 'end'],
    );
    assert.equal(messages[1]!.name, 'orders.simul');
    assert.match(html, /default-src &#39;none&#39;|default-src 'none'/);
    assert.match(html, /nonce-[0-9a-f]{36}/);
  });

  it('says what is wrong with a file that is none', async () => {
    const { messages } = await open(Buffer.from('no trace'));
    assert.match(messages.find(({ type }) => type === 'trouble')?.words ?? '', /not a Simul trace/);
  });
});
