/**
 * One webview and what is played to it. A page says `ready` whenever it is born (a hidden
 * webview is destroyed and comes back later), and is then sent everything again: no state is kept here
 * but what is being played. Messages from the page are hostile until `readFromPanel` has seen them.
 */
import type * as vscode from 'vscode';
import type { FromPanel, ToPanel } from '../../runtime/trace/messages/panel.ts';
import { readFromPanel } from '../../runtime/trace/messages/panel.ts';
import type { TraceSource, Subscription } from './trace-source.ts';
import { Pump } from './pump.ts';

export interface PageLinkEvents {
  /** Everything that is not about the flow itself. */
  asked(message: Exclude<FromPanel, { type: 'ready' | 'credit' }>, played: TraceSource | null): void;
  /** A block was sent; for tests and the output channel. */
  sent?(message: ToPanel): void;
}

export class PageLink {
  readonly #webview: vscode.Webview;
  readonly #events: PageLinkEvents;
  readonly #listening: vscode.Disposable;
  #opening = 0;
  #ready = false;
  #played: TraceSource | null = null;
  #pump: Pump | null = null;
  #playing: Subscription | null = null;
  /** Asked for before the page was ready to hear it; the last one counts. */
  #awaited: ToPanel | null = null;

  constructor(webview: vscode.Webview, events: PageLinkEvents) {
    this.#webview = webview;
    this.#events = events;
    this.#listening = webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
  }

  get played(): TraceSource | null {
    return this.#played;
  }

  /** Shows this instead of what was shown. */
  play(played: TraceSource): void {
    this.#played = played;
    if (this.#ready) this.#start();
  }

  /** The webview is hidden and its page gone: stop reading for it; it will say `ready` when it is back. */
  sleep(): void {
    this.#ready = false;
    this.#stop();
  }

  reveal(file: string, line: number): void {
    const message = { type: 'reveal', file, line } as const;
    if (this.#ready) this.#post(message);
    else this.#awaited = message;
  }

  dispose(): void {
    this.#stop();
    this.#listening.dispose();
  }

  #receive(value: unknown): void {
    const message = readFromPanel(value);
    if (message === null) return;
    if (message.type === 'ready') {
      this.#ready = true;
      this.#start();
      if (this.#awaited !== null) this.#post(this.#awaited);
      this.#awaited = null;
    } else if (message.type === 'credit') {
      this.#pump?.credit(message.opening, message.bytes);
    } else {
      this.#events.asked(message, this.#played);
    }
  }

  #start(): void {
    this.#stop();
    const played = this.#played;
    if (played === null) return;
    const opening = ++this.#opening;
    const pump = new Pump({
      opening,
      post: (message) => this.#post(message),
      onRoom: () => this.#playing?.resume(),
    });
    this.#pump = pump;
    this.#post({ type: 'open', opening, name: played.name, mode: played.mode });
    this.#playing = played.subscribe({
      give: (part, records) => pump.give(part, records),
      giveBlock: (part, block) => pump.giveBlock(part, block),
      trouble: (words) => this.#post({ type: 'trouble', opening, words }),
      end: (words, stopped = false) => this.#post({ type: 'end', opening, words, stopped }),
    });
  }

  #stop(): void {
    this.#pump?.stop();
    this.#pump = null;
    this.#playing?.stop();
    this.#playing = null;
  }

  #post(message: ToPanel): void {
    this.#events.sent?.(message);
    // `false` means that the page is gone; it will ask again. Nothing is owed.
    void Promise.resolve(this.#webview.postMessage(message)).catch(() => undefined);
  }
}
