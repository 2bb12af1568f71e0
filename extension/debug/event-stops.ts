/**
 * The events at which debuggers stop, as the person has switched them on. They stay with the
 * workspace; each session that begins or runs is told.
 */
import * as vscode from 'vscode';
import { isStopEvent, STOP_EVENTS, type StopEvent } from '../../runtime/trace/format/stop-events.ts';
import { DEBUG_TYPE } from './debug-type.ts';

const KEY = 'simul.stopEvents';

export class EventStops {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #sessions = new Set<vscode.DebugSession>();
  #on: ReadonlySet<StopEvent>;

  constructor(state: vscode.Memento) {
    this.#state = state;
    const stored: unknown = state.get(KEY);
    this.#on = new Set(Array.isArray(stored) ? stored.filter(isStopEvent) : []);
  }

  /** In the order of the list. */
  get on(): readonly StopEvent[] {
    return STOP_EVENTS.filter((event) => this.#on.has(event));
  }

  set(events: Iterable<readonly [StopEvent, boolean]>): void {
    const on = new Set(this.#on);
    for (const [event, isOn] of events) {
      if (isOn) on.add(event);
      else on.delete(event);
    }
    this.#on = on;
    void this.#state.update(KEY, this.on);
    this.#changed.fire();
    for (const session of this.#sessions) void this.#tell(session);
  }

  register(): vscode.Disposable[] {
    return [
      this.#changed,
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type !== DEBUG_TYPE) return;
        this.#sessions.add(session);
        if (this.#on.size > 0) void this.#tell(session);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => this.#sessions.delete(session)),
    ];
  }

  async #tell(session: vscode.DebugSession): Promise<void> {
    try {
      await session.customRequest('breakOn', { filters: this.on });
    } catch {
      // The session has ended meanwhile.
    }
  }
}
