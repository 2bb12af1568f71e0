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

/** Every message of a page that is about neither the flow of blocks nor its keys. */
export type PanelRequest = Exclude<FromPanel, { type: 'ready' | 'credit' | 'focus' }>;

/** What a page lives in. */
export type PageView = Pick<vscode.WebviewPanel, 'webview' | 'viewColumn' | 'active'>;

/** The page that asks. */
export interface PageInfo {
  /** The trace that it shows. */
  readonly source: TraceSource | null;
  /** The group of editors that it is in; undefined: not known. */
  readonly column: vscode.ViewColumn | undefined;
}

export interface PageLinkEvents {
  onRequest(request: PanelRequest, page: PageInfo): void;
  /** @param inPicture its picture has the focus */
  onFocus(link: PageLink, inPicture: boolean): void;
}

export class PageLink {
  readonly #view: PageView;
  readonly #events: PageLinkEvents;
  readonly #messageListener: vscode.Disposable;
  #opening = 0;
  #isReady = false;
  #ownsKeys = true;
  #source: TraceSource | null = null;
  #pump: Pump | null = null;
  #subscription: Subscription | null = null;
  /** Asked for before the page was ready. Only the last one is kept. */
  #pendingReveal: ToPanel | null = null;

  constructor(view: PageView, events: PageLinkEvents) {
    this.#view = view;
    this.#events = events;
    this.#messageListener = view.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
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

  /** It is in the active editor. */
  get isActive(): boolean {
    return this.#view.active;
  }

  /** @param own whether the page answers its keys itself */
  setOwnKeys(own: boolean): void {
    this.#ownsKeys = own;
    if (this.#isReady) this.#post({ type: 'keys', own });
  }

  /** A page that is hidden is not there, and has nothing to do. */
  runAction(action: PanelAction): void {
    if (this.#isReady) this.#post({ type: 'action', action });
  }

  /** What it shows lies there; undefined: on no disk, or nowhere. */
  get path(): string | undefined {
    return this.#source?.path;
  }

  /** Where the debugger stands; null: it has left the recording. */
  showMoment(timeNs: number | null, task: string | null): void {
    if (this.#isReady) this.#post({ type: 'moment', timeNs, task });
  }

  revealLine(file: string, line: number): void {
    const message = { type: 'reveal', file, line } as const;
    if (this.#isReady) this.#post(message);
    else this.#pendingReveal = message;
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
      this.#post({ type: 'keys', own: this.#ownsKeys });
      this.#subscribe();
      if (this.#pendingReveal !== null) this.#post(this.#pendingReveal);
      this.#pendingReveal = null;
    } else if (message.type === 'credit') {
      this.#pump?.addCredit(message.opening, message.bytes);
    } else if (message.type === 'focus') {
      this.#events.onFocus(this, message.inPicture);
    } else {
      this.#events.onRequest(message, { source: this.#source, column: this.#view.viewColumn });
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
    this.#post({
      type: 'open',
      opening,
      name: printable(source.name),
      mode,
      recording,
      canAdd: source.path !== undefined,
    });
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
    void Promise.resolve(this.#view.webview.postMessage(message)).catch(() => undefined);
  }
}
