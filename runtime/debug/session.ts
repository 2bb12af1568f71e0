/**
 * A debug session over a recording, in the Debug Adapter Protocol: messages in, messages out. What
 * cannot be answered is answered with an error, in one sentence; nothing that comes from outside
 * ends the session but a request to.
 *
 * It holds no state of the program: the model and the queries are asked, at the place where the
 * session stands.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { LIVE_STOPS_EVENT } from '../trace/format/stop-events.ts';
import { duration } from '../trace/words/duration.ts';
import { MOMENT_EVENT } from '../trace/messages/moment.ts';
import { parseTime } from '../trace/queries/parse-time.ts';
import { Arguments, isRecord } from './arguments.ts';
import { Breakpoints } from './breakpoints.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { DebugHost, OpenedRecording } from './debug-host.ts';
import { Inspection } from './inspection.ts';
import { momentNotice, replayedView } from './moment-view.ts';
import { Places } from './places.ts';
import { processesOf, type SessionProcess } from './processes.ts';
import { ProgressReport } from './progress-report.ts';
import { EditorLink, shorten } from './editor-link.ts';
import { type LaunchArguments, readLaunchArguments } from './launch-arguments.ts';
import { DebugRecording } from './recording.ts';
import { Replay, type Stop } from './replay.ts';
import { RequestError } from './request-error.ts';
import { RunControl, type StopReport } from './run-control.ts';
import { BreakpointRequests } from './set-breakpoints.ts';
import { STEP } from './step-log.ts';
import { STEP_REQUESTS, type StepRequest } from './step-requests.ts';
import { threadIdOf } from './thread-list.ts';

type Body = object | undefined;
type Handler = (args: Arguments) => Body;

/** What a session is about, once its recording is open. */
interface Opened {
  readonly recording: DebugRecording;
  readonly replay: Replay;
  readonly places: Places;
  readonly breakpoints: Breakpoints;
  readonly requests: BreakpointRequests;
  readonly inspection: Inspection;
  readonly control: RunControl;
}

/** More sessions than a person looks at; the other processes are named in the console. */
const MAX_CHILD_SESSIONS = 8;
/** What log points say between two stops. */
const MAX_LOG_LINES = 1000;

export class DebugSession {
  readonly #host: DebugHost;
  readonly #editor: EditorLink;
  readonly #onEnd: () => void;
  readonly #tellsMoments: boolean;
  /** The stop that is told next leaves the editor's focus where it is. */
  #keepsFocus = false;
  #client: Arguments = new Arguments('initialize', {});
  #launch: LaunchArguments | null = null;
  /** The request that is answered when the recording is open. */
  #launchRequest: DebugProtocol.Request | null = null;
  #opening: OpenedRecording | null = null;
  #opened: Opened | null = null;
  #isConfigured = false;
  /** There is no moment to stop at yet: the first that is recorded is it. */
  #entersLater = false;
  #hasEnded = false;
  #lastStop: StopReport | null = null;
  #logLines = 0;
  readonly #told = new Set<number>();
  #troublesTold = 0;
  /** What is done once the response is sent: the editor expects that before any event. */
  #later: (() => void)[] = [];
  readonly #handlers: Readonly<Record<string, Handler>> = this.#makeHandlers();

  /**
   * @param onEnd the editor has asked to disconnect, and was answered
   * @param tellsMoments each moment is told by an event of ours, too, which only our editor knows
   */
  constructor(
    host: DebugHost,
    send: (message: DebugProtocol.ProtocolMessage) => void,
    onEnd: () => void,
    tellsMoments = false,
  ) {
    this.#host = host;
    this.#tellsMoments = tellsMoments;
    this.#editor = new EditorLink(send);
    this.#onEnd = onEnd;
  }

  /** Takes a message of the editor, of any shape. */
  receive(message: unknown): void {
    if (!isRecord(message) || message['type'] !== 'request') return;
    const { seq, command } = message;
    if (typeof seq !== 'number' || typeof command !== 'string') return;
    const request: DebugProtocol.Request = { seq, type: 'request', command };
    this.#later = [];
    try {
      const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
      if (handler === undefined) throw new RequestError(`there is no request "${shorten(command)}"`);
      if (command === 'launch' || command === 'attach') this.#launchRequest = request;
      this.#opened?.replay.timeline.update();
      const body = handler(new Arguments(command, message['arguments']));
      if (this.#launchRequest !== request) this.#editor.respond(request, body);
    } catch (error) {
      if (this.#launchRequest === request) this.#launchRequest = null;
      this.#later = [];
      this.#editor.respondError(request, error);
    }
    for (const act of this.#later) act();
  }

  /** Reads nothing more. */
  dispose(): void {
    this.#hasEnded = true;
    this.#opening?.stop();
    this.#opening = null;
  }

  // ── requests ───────────────────────────────────────────────────────────────────────

  #makeHandlers(): Record<string, Handler> {
    const look =
      (handler: (opened: Opened, args: Arguments) => Body): Handler =>
      (args) =>
        handler(this.#need(), args);
    const live = (set: (requests: BreakpointRequests, args: Arguments) => Body): Handler =>
      look(({ requests }, args) => {
        if (this.#tellsMoments) this.#then(() => this.#editor.event(LIVE_STOPS_EVENT, requests.liveStops));
        return set(requests, args);
      });
    const step = ({ way, find }: StepRequest): Handler =>
      look((opened, args) => {
        const { replay, inspection, control } = opened;
        const row = inspection.rowOf(args.integer('threadId'));
        const id = args.optionalInteger('targetId');
        const target = id === undefined ? null : inspection.registry.stepInTargets.get(id);
        this.#then(() => this.#move(opened, row, () => control.step(() => find(replay, row, target), way)));
        return {};
      });
    const steps = Object.entries(STEP_REQUESTS).map(([name, request]) => [name, step(request)] as const);
    return {
      initialize: (args) => {
        this.#client = args;
        return CAPABILITIES;
      },
      launch: (args) => this.#open(args),
      attach: (args) => this.#open(args),
      configurationDone: look((opened) => {
        if (!this.#isConfigured) this.#then(() => this.#enter(opened));
        this.#isConfigured = true;
        return undefined;
      }),
      disconnect: () => {
        this.dispose();
        this.#then(() => this.#onEnd());
        return undefined;
      },
      terminate: () => {
        this.#opening?.stop();
        this.#then(() => this.#editor.event('terminated'));
        return undefined;
      },
      restart: look((opened) => {
        this.#then(() => this.#enter(opened));
        return undefined;
      }),
      setBreakpoints: look(({ requests }, args) => requests.setBreakpoints(args)),
      breakpointLocations: look(({ requests }, args) => requests.breakpointLocations(args)),
      setFunctionBreakpoints: look(({ requests }, args) => requests.setFunctionBreakpoints(args)),
      setDataBreakpoints: live((requests, args) => requests.setDataBreakpoints(args)),
      setExceptionBreakpoints: live((requests, args) => requests.setExceptionBreakpoints(args)),
      breakOn: look(({ requests }, args) => requests.breakOn(args)),
      dataBreakpointInfo: look(({ requests, inspection }, args) => {
        const list = args.optionalInteger('variablesReference') ?? 0;
        const name = args.text('name');
        return requests.dataBreakpointInfo(name, list > 0 ? inspection.dataIdOf(list, name) : undefined);
      }),
      threads: () => this.#opened?.inspection.threads() ?? { threads: [] },
      stackTrace: look(({ inspection }, args) => inspection.stackTrace(args)),
      scopes: look(({ inspection }, args) => inspection.scopes(args)),
      variables: look(({ inspection }, args) => inspection.variables(args)),
      locations: look(({ inspection }, args) => inspection.locations(args)),
      source: look(({ inspection }, args) => inspection.source(args)),
      loadedSources: look(({ inspection }) => inspection.loadedSources()),
      gotoTargets: look(({ inspection }, args) => inspection.gotoTargets(args)),
      stepInTargets: look(({ inspection }, args) => inspection.stepInTargets(args)),
      evaluate: look((opened, args) => {
        const { body, goTo } = opened.inspection.evaluate(args);
        if (goTo !== undefined) this.#then(() => this.#goToTime(opened, goTo));
        return body;
      }),
      exceptionInfo: look((_, args) => this.#exceptionInfo(args)),
      continue: look((opened, args) => {
        opened.inspection.rowOf(args.integer('threadId'));
        this.#then(() => this.#move(opened, opened.replay.row, () => opened.control.run('up')));
        return { allThreadsContinued: true };
      }),
      reverseContinue: look((opened, args) => {
        opened.inspection.rowOf(args.integer('threadId'));
        this.#then(() => this.#move(opened, opened.replay.row, () => opened.control.run('down')));
        return {};
      }),
      pause: look((opened) => {
        this.#entersLater = false;
        this.#then(() => this.#stop(opened, opened.control.pause()));
        return undefined;
      }),
      ...Object.fromEntries(steps),
      goto: look((opened, args) => {
        opened.inspection.rowOf(args.integer('threadId'));
        const stop = opened.inspection.registry.gotoTargets.get(args.integer('targetId'));
        return this.#jump(opened, stop, 'goto');
      }),
      restartFrame: look((opened, args) => {
        const { task } = opened.inspection.registry.frames.get(args.integer('frameId'));
        if (task < 0) throw new RequestError('a label has no beginning to go to');
        const { replay } = opened;
        const { log } = replay;
        const isBegin = (step: number): boolean => log.task[step] === task && replay.isStop(step);
        const begin = replay.find('up', (step) => isBegin(step) && log.kind[step] !== STEP.call, -1);
        return this.#jump(opened, begin, 'restart');
      }),
      // What the protocol has no request for; the extension gives them keys.
      toWaker: look((opened, args) => {
        const row = opened.inspection.rowOf(args.integer('threadId'));
        const stop = opened.replay.wakerOf(row);
        if (stop === null) throw new RequestError('no waker was recorded for this wait');
        return this.#jump(opened, stop, 'goto');
      }),
      /** Where the session stands: time in ns, and task as "process:number". */
      moment: look(({ replay: { t: timeNs, row, trace } }) => {
        return { timeNs, task: row < 0 ? null : trace.idOf(row) };
      }),
      /** To a time, as a `task` sees it ("process:number"), else as whoever did something last. */
      goToMoment: look((opened, args) => {
        const t = parseTime(args.text('time'));
        if (t === null) throw new RequestError('a time is ns, or a number with us, ms or s');
        const id = args.optionalText('task');
        const task = id === undefined ? -1 : opened.replay.rowOfId(id);
        if (task < 0 && id !== undefined) throw new RequestError(`there is no task "${shorten(id)}"`);
        this.#then(() => this.#goToTime(opened, t, task, args.flag('preserveFocus') === true));
        return undefined;
      }),
      /** What every task does and who has what, at this moment: a `MomentView`. */
      view: look(({ replay }) => replayedView(replay)),
    };
  }

  #need(): Opened {
    if (this.#opened === null) throw new RequestError('no recording is open yet');
    return this.#opened;
  }

  // ── opening ────────────────────────────────────────────────────────────────────────

  #open(args: Arguments): undefined {
    if (this.#launch !== null) throw new RequestError('a recording is open already');
    this.#launch = readLaunchArguments(args);
    this.#follow(this.#launch);
    return undefined;
  }

  #follow(launch: LaunchArguments): void {
    const recording = new DebugRecording();
    const progress = new ProgressReport(
      this.#client.flag('supportsProgressReporting') === true,
      this.#host.nowMs,
      (event, body) => this.#editor.event(event, body),
    );
    this.#opening = this.#host.open(launch.recording, recording, {
      onProgress: (share) => progress.advance(share),
      onUpdate: () => {
        progress.end();
        if (this.#hasEnded) return;
        if (this.#opened?.recording !== recording) this.#begin(recording, launch);
        else this.#update(this.#opened);
      },
      onLetGo: () => {
        if (this.#hasEnded) return;
        this.#editor.output('The oldest records were let go of: the recording is read anew.');
        this.#opening?.stop();
        this.#follow(launch);
      },
      onRefusal: (words) => {
        progress.end();
        const request = this.#launchRequest;
        this.#launchRequest = null;
        this.#launch = null;
        if (request === null) this.#editor.output(words);
        else this.#editor.respondError(request, new RequestError(words));
      },
    });
  }

  /** The recording was read for the first time, or anew. */
  #begin(recording: DebugRecording, launch: LaunchArguments): void {
    const before = this.#opened;
    const own = this.#ownProcess(recording, launch);
    const replay = new Replay(recording, own);
    replay.timeline.update();
    const places = new Places(recording.trace, this.#host.files(launch.folders));
    const breakpoints = new Breakpoints(replay);
    this.#opened = {
      recording,
      replay,
      places,
      breakpoints,
      requests: new BreakpointRequests(replay, places, breakpoints),
      inspection: new Inspection(replay, places, breakpoints),
      control: new RunControl(replay, breakpoints, (words) => this.#log(words), this.#host.nowMs),
    };
    const request = this.#launchRequest;
    this.#launchRequest = null;
    if (request !== null) this.#editor.respond(request, undefined);
    this.#tellTroubles(recording);
    // The editor sends its breakpoints again: those of a recording that was let go of are gone.
    this.#editor.event('initialized');
    if (before !== null) this.#goToTime(this.#opened, before.replay.t);
    this.#startOthers(this.#opened);
  }

  #update(opened: Opened): void {
    opened.replay.timeline.update();
    this.#tellTroubles(opened.recording);
    this.#startOthers(opened);
    if (this.#entersLater) return this.#enter(opened);
    const report = opened.control.update();
    if (report !== null) this.#stop(opened, report);
  }

  /** Null: all processes are in this session, since the editor starts none for the others. */
  #ownProcess({ trace }: DebugRecording, { process }: LaunchArguments): number | null {
    if (process !== null || this.#client.flag('supportsStartDebuggingRequest') !== true) return process;
    return processesOf(trace)[0]?.index ?? null;
  }

  /** A session for each other process, started by the editor. */
  #startOthers({ recording, replay }: Opened): void {
    const launch = this.#launch;
    if (launch === null || launch.process !== null || replay.timeline.process === null) return;
    const others = processesOf(recording.trace).filter(
      ({ index }) => index !== replay.timeline.process && !this.#told.has(index),
    );
    for (const other of others) {
      this.#told.add(other.index);
      if (this.#told.size <= MAX_CHILD_SESSIONS) this.#startOther(other, launch);
      else
        this.#editor.output(`${other.name} is not shown: at most ${MAX_CHILD_SESSIONS} other processes are.`);
    }
  }

  #startOther({ index, name }: SessionProcess, { recording, at, folders }: LaunchArguments): void {
    const time = typeof at === 'number' ? String(at) : at;
    const configuration = { type: 'simul', name, recording, at: time, folders, process: index };
    this.#editor.request('startDebugging', { configuration, request: 'launch' });
  }

  #enter(opened: Opened): void {
    const { replay, control } = opened;
    const at = this.#launch?.at ?? 'start';
    const stop =
      at === 'end' ? replay.lastStop() : at === 'start' ? replay.firstStop() : replay.stopAtTime(at);
    const wasLater = this.#entersLater;
    this.#entersLater = stop === null && !replay.trace.isOver;
    if (!this.#entersLater) this.#stop(opened, control.goTo(stop, 'entry', 'Nothing is recorded'));
    else if (!wasLater) this.#editor.output('Nothing is recorded yet: it begins with the first that is.');
  }

  #tellTroubles({ troubles }: DebugRecording): void {
    for (; this.#troublesTold < troubles.length; this.#troublesTold++)
      this.#editor.output(troubles[this.#troublesTold]!);
  }

  // ── moving ─────────────────────────────────────────────────────────────────────────

  #jump(opened: Opened, stop: Stop | null, reason: string): Body {
    if (stop === null) throw new RequestError('there is no such moment');
    this.#then(() => this.#move(opened, opened.replay.row, () => opened.control.goTo(stop, reason)));
    return {};
  }

  /** @param row whose moment it is; −1: of whoever did something last */
  #goToTime(opened: Opened, t: number, row = -1, keepsFocus = false): void {
    const { replay, control } = opened;
    const stop = replay.momentOf(t, row);
    const words = `nothing happened up to ${duration(t)}`;
    this.#keepsFocus = keepsFocus;
    this.#move(opened, replay.row, () => control.goTo(stop, 'goto', words));
    this.#keepsFocus = false;
  }

  #move({ inspection, ...opened }: Opened, row: number, move: () => StopReport | null): void {
    inspection.threadList.leave(row);
    this.#logLines = 0;
    const report = move();
    if (report !== null) this.#stop({ inspection, ...opened }, report);
  }

  #stop({ inspection, replay, places }: Opened, report: StopReport): void {
    inspection.registry.clear();
    this.#lastStop = report;
    this.#editor.event('stopped', {
      reason: report.reason,
      description: report.description,
      text: report.text,
      threadId: report.row < 0 ? threadIdOf(Math.max(0, replay.row)) : threadIdOf(report.row),
      allThreadsStopped: true,
      ...(this.#keepsFocus ? { preserveFocusHint: true } : {}),
      ...(report.hit === null || report.hit.ids.length === 0
        ? {}
        : { hitBreakpointIds: [...report.hit.ids] }),
    });
    if (this.#tellsMoments) this.#editor.event(MOMENT_EVENT, momentNotice(replay, places));
  }

  #exceptionInfo(args: Arguments): Body {
    args.integer('threadId');
    const hit = this.#lastStop?.hit;
    if (hit?.kind !== 'exception') throw new RequestError('this stop is at no finding or event');
    const description = this.#lastStop!.text;
    const proof = hit.finding?.proof ?? [];
    return {
      exceptionId: hit.name,
      description,
      breakMode: 'always',
      details: {
        message: description,
        typeName: hit.name,
        ...(proof.length === 0 ? {} : { stackTrace: `proven by the records ${proof.join(', ')}` }),
      },
    };
  }

  #log(words: string): void {
    this.#logLines++;
    if (this.#logLines < MAX_LOG_LINES) this.#editor.output(words, 'stdout');
    else if (this.#logLines === MAX_LOG_LINES)
      this.#editor.output('… more log points were passed, and are left out.');
  }

  // ── messages ───────────────────────────────────────────────────────────────────────

  #then(act: () => void): void {
    this.#later.push(act);
  }
}
