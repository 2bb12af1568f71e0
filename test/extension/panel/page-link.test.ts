import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { PageLink } from '../../../extension/panel/page-link.ts';
import type { TraceReader } from '../../../extension/panel/trace-source.ts';

describe('what a page is sent', () => {
  it('begins anew where records were let go of before the page had read them', () => {
    const sent: string[] = [];
    const readers: TraceReader[] = [];
    let stopped = 0;
    let receive!: (message: unknown) => void;
    const webview = {
      onDidReceiveMessage: (listener: (message: unknown) => void) => {
        receive = listener;
        return { dispose: () => undefined };
      },
      postMessage: ({ type, opening }: { type: string; opening: number }) => {
        sent.push(`${type} ${opening}`);
        return Promise.resolve(true);
      },
    } as unknown as vscode.Webview;
    const link = new PageLink(
      { webview, viewColumn: 1, active: true },
      { onRequest: () => undefined, onFocus: () => undefined },
    );
    link.showSource({
      name: 'server.js',
      mode: 'live',
      recording: 'r',
      folders: [],
      subscribe: (reader) => {
        readers.push(reader);
        return { resume: () => undefined, stop: () => stopped++ };
      },
    });
    receive({ type: 'ready' });
    readers[0]!.onRecords(0, new Uint8Array(32));
    readers[0]!.onLetGo!();
    readers[1]!.onRecords(0, new Uint8Array(32));
    assert.deepEqual(sent, ['keys undefined', 'open 1', 'block 1', 'open 2', 'block 2']);
    assert.equal(stopped, 1);
    link.dispose();
  });
});
