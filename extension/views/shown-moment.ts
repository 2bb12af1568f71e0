/**
 * The moment that the views show: the one that is replayed while a recording is debugged, else the
 * present of the newest recording. It asks for it anew when there is another, at most so often, and
 * only while somebody looks.
 */
import * as vscode from 'vscode';
import type { MomentNotice, MomentView } from '../../runtime/trace/messages/moment.ts';
import type { LivePause } from '../debug/live-sessions.ts';
import type { MomentTracker } from '../debug/moment-tracker.ts';
import type { LanguageServerClient } from '../language-client/language-server-client.ts';
import { pausedWords } from './paused-words.ts';

export type ShownMode = 'none' | 'replayed' | 'paused' | 'live' | 'ended';

/** Stepping by a held key gives thirty moments a second: the last one is shown. */
const MIN_INTERVAL_MS = 120;

export class ShownMoment {
  readonly #server: LanguageServerClient;
  readonly #tracker: MomentTracker;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: readonly vscode.Disposable[];
  readonly #watchers = new Set<string>();
  #view: MomentView | null = null;
  #mode: ShownMode = 'none';
  /** The current recording has come to its end. */
  #isOver = false;
  /** How the live debugger stands; null: nothing is paused. */
  #pause: LivePause | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStale = false;
  #lastMs = 0;

  constructor(server: LanguageServerClient, tracker: MomentTracker) {
    this.#server = server;
    this.#tracker = tracker;
    this.#listeners = [
      server.onDidRead(({ isOver }) => {
        this.#isOver = isOver;
        if (tracker.current === null) this.#refreshSoon();
      }),
      tracker.onDidChange(() => this.#refreshSoon()),
    ];
  }

  get view(): MomentView | null {
    return this.#view;
  }

  get mode(): ShownMode {
    return this.#mode;
  }

  get pausedWords(): string | null {
    return this.#pause === null ? null : pausedWords(this.#pause, this.#view);
  }

  /** Where the replayed moment is; null: nothing is replayed. */
  get notice(): MomentNotice | null {
    return this.#tracker.current?.notice ?? null;
  }

  /** A view is seen, or no longer. */
  setWatched(view: string, isSeen: boolean): void {
    if (isSeen) this.#watchers.add(view);
    else this.#watchers.delete(view);
    if (isSeen && this.#isStale) this.#refreshSoon();
  }

  /** @param pause null: the program goes on */
  setPaused(pause: LivePause | null): void {
    if (this.#pause === pause) return;
    this.#pause = pause;
    this.#refreshSoon();
  }

  /** Another recording is the newest. */
  reset(): void {
    this.#isOver = false;
    this.#refreshSoon();
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #refreshSoon(): void {
    this.#isStale = true;
    if (this.#watchers.size === 0 || this.#timer !== null) return;
    const inMs = Math.max(0, this.#lastMs + MIN_INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => void this.#refresh(), inMs);
  }

  async #refresh(): Promise<void> {
    this.#isStale = false;
    this.#lastMs = performance.now();
    const replayed = this.#tracker.current;
    let view: MomentView | null = null;
    try {
      view = replayed === null ? await this.#server.present() : await replayed.view();
    } catch {
      // The session or the server ended meanwhile: another moment comes, or none.
    }
    this.#timer = null;
    this.#view = view;
    this.#mode = this.#modeOf(replayed !== null, view);
    this.#changed.fire();
    if (this.#isStale) this.#refreshSoon();
  }

  #modeOf(isReplayed: boolean, view: MomentView | null): ShownMode {
    if (view === null) return 'none';
    if (isReplayed) return 'replayed';
    if (this.#pause !== null) return 'paused';
    return this.#isOver ? 'ended' : 'live';
  }
}
