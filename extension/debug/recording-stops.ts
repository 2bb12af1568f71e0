/**
 * Where the debuggers of recordings that are open stop, for the programs of these recordings that
 * still run: a filter of theirs or a data breakpoint on a queue also stops the live program. The
 * program's own debugger is the built-in one, whose filters nobody else can add to.
 */
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { LIVE_STOPS_EVENT, type LiveStops } from '../../runtime/trace/format/stop-events.ts';
import { DEBUG_TYPE } from './debug-type.ts';

export class RecordingStops implements vscode.DebugAdapterTrackerFactory {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #bySession = new Map<string, { readonly recording: string; readonly stops: LiveStops }>();

  register(): vscode.Disposable[] {
    return [this.#changed, vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, this)];
  }

  /** Of all sessions over this recording. */
  of(recording: string): LiveStops {
    const own = [...this.#bySession.values()].filter((one) => one.recording === resolve(recording));
    return {
      events: [...new Set(own.flatMap(({ stops }) => stops.events))],
      resources: own.flatMap(({ stops }) => stops.resources),
    };
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    const recording: unknown = session.configuration['recording'];
    if (typeof recording !== 'string') return undefined;
    const forget = (): void => {
      if (this.#bySession.delete(session.id)) this.#changed.fire();
    };
    return {
      onDidSendMessage: (message: unknown) => {
        const stops = readLiveStops(message);
        if (stops === null) return;
        this.#bySession.set(session.id, { recording: resolve(recording), stops });
        this.#changed.fire();
      },
      onExit: forget,
      onWillStopSession: forget,
    };
  }
}

/** Our own adapter's event; null: another message. */
function readLiveStops(message: unknown): LiveStops | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, event, body } = message as Record<string, unknown>;
  return type === 'event' && event === LIVE_STOPS_EVENT ? (body as LiveStops) : null;
}
