/**
 * One webview and the trace that it shows. A page says `ready` whenever it starts (a hidden webview
 * is destroyed and comes back later) and is then sent everything again. No state is kept here but
 * the source. A message from the page is hostile until `readFromPanel` has checked it.
 */
import type * as vscode from 'vscode';
import type { FromPanel, PanelAction, ToPanel } from '../../runtime/trace/messages/panel.ts';
import { readFromPanel } from '../../runtime/trace/messages/panel.ts';
import { printable } from '../../runtime/trace/format/printable.ts';
import { Pump } from './pump.ts';
import type { Subscription, TraceSource } from './trace-source.ts';

/** Every message of a page that is not about the flow of blocks. */
export type PanelRequest = Exclude<FromPanel, { type: 'ready' | 'credit' }>;

export interface PageLinkEvents {
  /** @param source the trace that the page shows */
  onRequest(request: PanelRequest, source: TraceSource | null): void;
}

export class PageLink {
  readonly #webview: vscode.Webview;
  readonly #events: PageLinkEvents;
  readonly #messageListener: vscode.Disposable;
  #opening = 0;
  #isReady = false;
  #source: TraceSource | null = null;
  #pump: Pump | null = null;
  #subscription: Subscription | null = null;
  /** Asked for before the page was ready. Only the last one is kept. */
  #pendingReveal: ToPanel | null = null;

  constructor(webview: vscode.Webview, events: PageLinkEvents) {
    this.#webview = webview;
    this.#events = events;
    this.#messageListener = webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
  }

  /** Shows this source in place of the one before. */
  showSource(source: TraceSource): void {
    this.#source = source;
    if (this.#isReady) this.#subscribe();
  }

  /** The webview is hidden and its page is gone. It says `ready` when it is back. */
  onPageHidden(): void {
    this.#isReady = false;
    this.#unsubscribe();
  }

  revealLine(file: string, line: number): void {
    const message = { type: 'reveal', file, line } as const;
    if (this.#isReady) this.#post(message);
    else this.#pendingReveal = message;
  }

  /** A page that is hidden is not there, and has nothing to do. */
  sendAction(action: PanelAction): void {
    if (this.#isReady) this.#post({ type: 'action', action });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#messageListener.dispose();
  }

  #receive(value: unknown): void {
    const message = readFromPanel(value);
    if (message === null) return;
    if (message.type === 'ready') {
      this.#isReady = true;
      this.#subscribe();
      if (this.#pendingReveal !== null) this.#post(this.#pendingReveal);
      this.#pendingReveal = null;
    } else if (message.type === 'credit') {
      this.#pump?.addCredit(message.opening, message.bytes);
    } else {
      this.#events.onRequest(message, this.#source);
    }
  }

  #subscribe(): void {
    this.#unsubscribe();
    const source = this.#source;
    if (source === null) return;
    const opening = ++this.#opening;
    const pump = new Pump({
      opening,
      post: (message) => this.#post(message),
      onRoom: () => this.#subscription?.resume(),
    });
    this.#pump = pump;
    const { mode, recording } = source;
    this.#post({ type: 'open', opening, name: printable(source.name), mode, recording });
    this.#subscription = source.subscribe({
      onRecords: (part, records) => pump.sendRecords(part, records),
      onBlock: (part, block) => pump.sendBlock(part, block),
      onTrouble: (words) => this.#post({ type: 'trouble', opening, words: printable(words) }),
      onLetGo: () => this.#subscribe(),
      onEnd: (words, stopped = false) => this.#post({ type: 'end', opening, words, stopped }),
    });
  }

  #unsubscribe(): void {
    this.#pump?.stop();
    this.#pump = null;
    this.#subscription?.stop();
    this.#subscription = null;
  }

  #post(message: ToPanel): void {
    // `false` means that the page is gone. It is sent everything again when it comes back.
    void Promise.resolve(this.#webview.postMessage(message)).catch(() => undefined);
  }
}
