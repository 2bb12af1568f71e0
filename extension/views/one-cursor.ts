/**
 * One moment for panel and debugger: stepping moves the panel's line, and who points at a time in
 * the panel takes the debugger there. A person who drags asks often: at most ten times a second,
 * and the last one counts.
 */
import type * as vscode from 'vscode';
import type { MomentTracker, ReplayedMoment } from '../debug/moment-tracker.ts';
import type { PanelRequests, ShownMomentRequest } from '../panel/panel-requests.ts';

const MIN_INTERVAL_MS = 100;

export class OneCursor {
  readonly #tracker: MomentTracker;
  readonly #requests: PanelRequests;
  #asked: ShownMomentRequest | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** What pages show the debugger's moment. */
  #shownIn: string | null = null;

  constructor(tracker: MomentTracker, requests: PanelRequests) {
    this.#tracker = tracker;
    this.#requests = requests;
  }

  register(): vscode.Disposable[] {
    return [
      this.#tracker.onDidChange((moment) => this.#showInPages(moment)),
      this.#requests.onDidGoToMoment((request) => this.#ask(request)),
      { dispose: () => (this.#timer === null ? undefined : clearTimeout(this.#timer)) },
    ];
  }

  #showInPages(moment: ReplayedMoment | null): void {
    const path = moment === null ? null : recordingOf(moment.session);
    if (this.#shownIn !== null && this.#shownIn !== path)
      this.#requests.pages.showMoment(this.#shownIn, null, null);
    this.#shownIn = path;
    this.#requests.replayedPath = path;
    if (moment === null || path === null) return;
    const { timeNs, task } = moment.notice;
    this.#requests.pages.showMoment(path, timeNs, task);
  }

  #ask(request: ShownMomentRequest): void {
    this.#asked = request;
    if (this.#timer !== null) return;
    this.#send();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#asked !== null) this.#ask(this.#asked);
    }, MIN_INTERVAL_MS);
  }

  #send(): void {
    const request = this.#asked;
    this.#asked = null;
    const session = this.#tracker.current?.session;
    if (request === null || session === undefined || recordingOf(session) !== request.path) return;
    const { timeNs, task } = request;
    const args = { time: String(timeNs), preserveFocus: true, ...(task === null ? {} : { task }) };
    // A session that ends meanwhile goes nowhere any more.
    void Promise.resolve(session.customRequest('goToMoment', args)).catch(() => undefined);
  }
}

function recordingOf({ configuration }: vscode.DebugSession): string | null {
  const recording: unknown = configuration['recording'];
  return typeof recording === 'string' ? recording : null;
}
