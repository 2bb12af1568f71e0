/**
 * Rides on the built-in debugger's sessions of traced programs. At a stop in our own function it
 * steps out until the user's line is reached; at every other it asks which task has the thread, and
 * tells the program when it goes on, so that the time between is nobody's.
 */
import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import * as vscode from 'vscode';
import { resumeFileOf, STOP_FUNCTION } from '../../runtime/trace/format/stop-events.ts';
import type { EventStops } from './event-stops.ts';
import { isPythonSession, liveRecordingOf, RECORDING } from './live-launch.ts';
import type { RecordingStops } from './recording-stops.ts';

/** More frames of ours and of the library's than ever stand above the user's. */
const MAX_STEPS_OUT = 20;
/** Pressed again before the task has stopped, the key waits for that. */
const MAX_STEP_MS = 5000;
const LIBRARY = `${sep}node_modules${sep}simul${sep}`;
/** Requests after which a thread runs. */
const RESUMING = new Set(['continue', 'next', 'stepIn', 'stepOut', 'restartFrame', 'goto', 'disconnect']);

export interface LivePause {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
  readonly pid: number;
  /** The number of the task in its process; 0: none that was recorded has the thread. */
  readonly task: number;
  /** The event that was stopped at; '': another reason. */
  readonly event: string;
}

interface LiveSession {
  readonly session: vscode.DebugSession;
  readonly recording: string;
  pid: number;
  /** While a stop of ours is left: how often it was stepped out; 0: none is. */
  stepsOut: number;
  pause: LivePause | null;
}

export class LiveSessions implements vscode.DebugAdapterTrackerFactory {
  readonly #ownFolder: string;
  readonly #stops: EventStops;
  readonly #recordingStops: RecordingStops;
  readonly #sessions = new Map<string, LiveSession>();
  readonly #changed = new vscode.EventEmitter<LivePause | null>();
  /** A traced program stands, or goes on. */
  readonly onDidChangePause = this.#changed.event;
  #pause: LivePause | null = null;
  /** The session in which a step over an await goes on. */
  #stepping: string | null = null;
  /** By task: the numbers that were frozen for it. */
  readonly #frozen = new Map<string, readonly number[]>();
  #only: string | null = null;
  readonly #heldChanged = new vscode.EventEmitter<void>();
  /** Tasks were frozen or thawed. */
  readonly onDidChangeHeld = this.#heldChanged.event;

  constructor(extensionPath: string, stops: EventStops, recordingStops: RecordingStops) {
    this.#recordingStops = recordingStops;
    this.#ownFolder = join(extensionPath, 'dist', sep);
    this.#stops = stops;
  }

  /** A traced program is debugged. */
  get isLive(): boolean {
    return this.#sessions.size > 0;
  }

  /** The person has frozen this task, "PROCESS:NUMBER". */
  isFrozen(task: string): boolean {
    return this.#frozen.has(task) || (this.#only !== null && this.#only !== task);
  }

  /** The task alone that may run; null: there is no such choice. */
  get only(): string | null {
    return this.#only;
  }

  /** It gets what it awaits next only when it is thawed. @param frame its deepest activation */
  async freeze(task: string, frame: string | null): Promise<void> {
    const ids = [task, ...(frame === null ? [] : [frame])].map(numberOf);
    this.#frozen.set(task, ids);
    await this.#hold(`freeze([${ids.join()}])`);
  }

  async thaw(task: string): Promise<void> {
    const ids = this.#frozen.get(task) ?? [numberOf(task)];
    this.#frozen.delete(task);
    if (this.#only !== null) await this.runOnly(null, null);
    await this.#hold(`thaw([${ids.join()}])`);
  }

  /** @param task null: all may run */
  async runOnly(task: string | null, frame: string | null): Promise<void> {
    this.#only = task;
    const ids = [task, frame].flatMap((id) => (id === null ? [] : [numberOf(id)]));
    await this.#hold(`runOnly([${ids.join()}])`);
  }

  /** The pause that came last; null: nothing stands. */
  get pause(): LivePause | null {
    return this.#pause;
  }

  register(): vscode.Disposable[] {
    return [
      this.#changed,
      this.#heldChanged,
      vscode.debug.registerDebugAdapterTrackerFactory('*', this),
      this.#stops.onDidChange(() => this.#armAll()),
      this.#recordingStops.onDidChange(() => this.#armAll()),
    ];
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    const recording = liveRecordingOf(session);
    // At a stop of debugpy nothing is asked: it evaluates Python.
    if (recording === null || isPythonSession(session)) return undefined;
    const live: LiveSession = { session, recording, pid: 0, stepsOut: 0, pause: null };
    this.#sessions.set(session.id, live);
    return {
      onDidSendMessage: (message: unknown) => this.#receive(live, message),
      onWillReceiveMessage: (message: unknown) => {
        const { type, command } = fieldsOf(message);
        if (type === 'request' && RESUMING.has(String(command))) this.#goOn(live);
      },
      onWillStopSession: () => this.#forget(live),
      onExit: () => this.#forget(live),
    };
  }

  /** Resolves when the program that records there is debugged no more. */
  endOf(recording: string): Promise<void> {
    return new Promise((resolve) => {
      const listener = vscode.debug.onDidTerminateDebugSession((session) => {
        // Processes and workers have sessions of their own, below the first.
        if (session.configuration[RECORDING] !== recording || isBelowAnother(session)) return;
        listener.dispose();
        resolve();
      });
    });
  }

  /** The task of the pause stops again where it goes on after its next await. */
  async stepTask(pause: LivePause): Promise<void> {
    await evaluate(pause.session, `simulBridge$.stops.stepTask(${pause.task})`);
    this.#stepping = pause.session.id;
    await pause.session.customRequest('continue', { threadId: pause.threadId });
  }

  /** A step over an await was begun, and its task has not stopped again. */
  get isStepping(): boolean {
    return this.#stepping !== null;
  }

  /** The pause that there is, or that a step leads to; null: none within some seconds. */
  async pauseOfStep(): Promise<LivePause | null> {
    if (this.#pause !== null || !this.isStepping) return this.#pause;
    let stopListening = (): void => {};
    const next = new Promise<LivePause | null>((resolve) => {
      const listener = this.onDidChangePause((pause) => {
        if (pause !== null || !this.isStepping) resolve(pause);
      });
      const timer = setTimeout(resolve, MAX_STEP_MS, null);
      stopListening = () => {
        listener.dispose();
        clearTimeout(timer);
      };
    });
    return next.finally(stopListening);
  }

  #receive(live: LiveSession, message: unknown): void {
    const { type, event, body } = fieldsOf(message);
    if (type !== 'event') return;
    if (event === 'stopped') {
      const { threadId } = fieldsOf(body);
      const atNs = process.hrtime.bigint();
      if (typeof threadId === 'number')
        void this.#stopped(live, threadId, atNs).catch(() => {
          // It went on, or ended, meanwhile.
        });
    } else if (event === 'continued') this.#setPause(live, null);
  }

  async #stopped(live: LiveSession, threadId: number, atNs: bigint): Promise<void> {
    const { session } = live;
    const stack = fieldsOf(await session.customRequest('stackTrace', { threadId, startFrame: 0, levels: 1 }));
    const [top] = Array.isArray(stack['stackFrames']) ? (stack['stackFrames'] as unknown[]) : [];
    if (top === undefined) return;
    if (this.#stepsOut(live, top)) {
      await session.customRequest('stepOut', { threadId });
      return;
    }
    live.stepsOut = 0;
    const told = await evaluate(session, STANDS(atNs), frameId(top));
    const { pid, task, event } = fieldsOf(told === null ? null : JSON.parse(told));
    if (typeof pid !== 'number') return;
    live.pid = pid;
    const pause = { session, threadId, pid, task: Number(task ?? 0), event: String(event ?? '') };
    this.#setPause(live, pause);
  }

  /** Whether the frame is the agent's or the library's, above the user's, and to be left. */
  #stepsOut(live: LiveSession, frame: unknown): boolean {
    const { name, source } = fieldsOf(frame);
    const { path, presentationHint } = fieldsOf(source);
    const isStop = String(name).includes(STOP_FUNCTION);
    if (isStop) live.stepsOut = 1;
    if (live.stepsOut === 0 || live.stepsOut > MAX_STEPS_OUT) return false;
    live.stepsOut++;
    // What is skipped, or is no file, is nobody's line.
    if (isStop || typeof path !== 'string' || presentationHint === 'deemphasize') return true;
    return path.startsWith(this.#ownFolder) || path.includes(LIBRARY) || path.startsWith('<');
  }

  #goOn(live: LiveSession): void {
    if (live.pid !== 0) {
      try {
        writeFileSync(join(live.recording, resumeFileOf(live.pid)), String(process.hrtime.bigint()));
      } catch {
        // The recording is gone: then nobody reads of it either.
      }
    }
    this.#setPause(live, null);
  }

  #setPause(live: LiveSession, pause: LivePause | null): void {
    if (live.pause === null && pause === null) return;
    live.pause = pause;
    if (pause !== null) this.#stepping = null;
    this.#pause =
      pause ?? [...this.#sessions.values()].findLast((other) => other.pause !== null)?.pause ?? null;
    this.#changed.fire(this.#pause);
  }

  async #hold(what: string): Promise<void> {
    this.#heldChanged.fire();
    // The session that only launches has no program of its own.
    const asked = [...this.#sessions.values()].map(({ session }) =>
      evaluate(session, `simulBridge$.stops.held.${what}`).catch(() => undefined),
    );
    await Promise.all(asked);
  }

  #armAll(): void {
    for (const live of this.#sessions.values()) void this.#arm(live);
  }

  async #arm({ session, recording }: LiveSession): Promise<void> {
    const { events, resources } = this.#recordingStops.of(recording);
    const all = JSON.stringify([...new Set([...this.#stops.on, ...events])]);
    // The session that only launches has no program of its own.
    const arm = `simulBridge$.stops.arm(${all},${JSON.stringify(resources)})`;
    await evaluate(session, arm).catch(() => undefined);
  }

  #forget(live: LiveSession): void {
    this.#setPause(live, null);
    this.#sessions.delete(live.session.id);
    if (this.#stepping === live.session.id) {
      this.#stepping = null;
      this.#changed.fire(this.#pause);
    }
    if (this.#sessions.size > 0) return;
    this.#frozen.clear();
    this.#only = null;
    this.#heldChanged.fire();
  }
}

const numberOf = (task: string): number => Number(task.split(':')[1]);

const isBelowAnother = ({ parentSession }: vscode.DebugSession): boolean =>
  parentSession !== undefined && liveRecordingOf(parentSession) !== null;

const STANDS = (atNs: bigint): string =>
  `typeof simulBridge$==='undefined'||!simulBridge$.stops?'null':(simulBridge$.stops.paused("${atNs}"),` +
  `JSON.stringify({pid:process.pid,task:simulBridge$.stops.topTask(),event:simulBridge$.stops.reason()}))`;

/** What the program gives, as text; null: nothing that is one. */
async function evaluate(
  session: vscode.DebugSession,
  expression: string,
  frame?: number,
): Promise<string | null> {
  const args = { expression, context: 'repl', ...(frame === undefined ? {} : { frameId: frame }) };
  const { result } = fieldsOf(await session.customRequest('evaluate', args));
  if (typeof result !== 'string') return null;
  const text = /^(['"`])(.*)\1$/s.exec(result);
  return text === null ? result : text[2]!.replaceAll(`\\${text[1]}`, text[1]!);
}

function frameId(frame: unknown): number | undefined {
  const { id } = fieldsOf(frame);
  return typeof id === 'number' ? id : undefined;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
