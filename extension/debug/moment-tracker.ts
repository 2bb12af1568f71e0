/**
 * Listens to what the adapters for recordings tell: to which moment a session went. Of several
 * sessions the one that moved last counts.
 */
import * as vscode from 'vscode';
import { MOMENT_EVENT, type MomentNotice, type MomentView } from '../../runtime/trace/messages/moment.ts';
import { DEBUG_TYPE } from './debug-type.ts';

export interface ReplayedMoment {
  readonly session: vscode.DebugSession;
  readonly notice: MomentNotice;
  /** What every task does then. */
  view(): Promise<MomentView>;
}

export class MomentTracker implements vscode.DebugAdapterTrackerFactory {
  readonly #changed = new vscode.EventEmitter<ReplayedMoment | null>();
  readonly onDidChange = this.#changed.event;
  readonly #moments = new Map<string, ReplayedMoment>();
  #current: ReplayedMoment | null = null;

  /** Null: nothing is replayed. */
  get current(): ReplayedMoment | null {
    return this.#current;
  }

  register(): vscode.Disposable[] {
    return [this.#changed, vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, this)];
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    return {
      onDidSendMessage: (message: unknown) => {
        const notice = readMomentEvent(message);
        if (notice !== null) this.#set(session, notice);
      },
      onExit: () => this.#forget(session),
      onWillStopSession: () => this.#forget(session),
    };
  }

  #set(session: vscode.DebugSession, notice: MomentNotice): void {
    const view = async (): Promise<MomentView> => (await session.customRequest('view')) as MomentView;
    const moment = { session, notice, view };
    this.#moments.delete(session.id);
    this.#moments.set(session.id, moment);
    this.#current = moment;
    this.#changed.fire(moment);
  }

  #forget(session: vscode.DebugSession): void {
    if (!this.#moments.delete(session.id)) return;
    this.#current = [...this.#moments.values()].at(-1) ?? null;
    this.#changed.fire(this.#current);
  }
}

/** Our own adapter's event; null: another message. */
function readMomentEvent(message: unknown): MomentNotice | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, event, body } = message as Record<string, unknown>;
  return type === 'event' && event === MOMENT_EVENT ? (body as MomentNotice) : null;
}
