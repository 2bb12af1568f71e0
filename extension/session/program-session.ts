/**
 * One run of the user's program under trace, in a terminal of VS Code: standard input, output and
 * Ctrl-C are the user's. It is started as a task with a process of its own. There is no shell, so
 * nothing has to be quoted, and the terminal stays open when the program has ended.
 */
import * as vscode from 'vscode';
import { endProcess } from './end-process.ts';

export interface ProgramLaunch {
  readonly node: string;
  /** dist/cli.js */
  readonly cli: string;
  readonly recording: string;
  /** What it is called: of a file its own name. */
  readonly name: string;
  /** What is run, as a list of programs shows it: the path of a file, a command line. */
  readonly shown: string;
  /** What is run, as `simul trace` takes it: a file, or `--` and a command. */
  readonly args: readonly string[];
  /** Folders whose files the trace may open without asking. */
  readonly folders: readonly string[];
  readonly cwd: string;
  /** Options of `simul trace`: `--generators`, `--cpu`, `--values`, `--join`, `--python PATH`. */
  readonly options: readonly string[];
  /** Variables that are added to those of the terminal. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProgramEnd {
  /** undefined: the program was ended from outside, or VS Code does not know. */
  readonly exitCode: number | undefined;
  readonly words: string;
}

/** Programs that this window has started. */
let runs = 0;

const GRACE_MS = 3000;
/** The end of a task may be reported before the end of its process, which has the exit code. */
const MAX_EXIT_DELAY_MS = 500;

export class ProgramSession {
  readonly launch: ProgramLaunch;
  readonly name: string;
  /** Resolves when the program has ended, in whatever way. */
  readonly ended: Promise<ProgramEnd>;
  /** Resolves when the program's process exists, or when it is known that it never will. */
  readonly started: Promise<void>;
  #resolveEnded!: (end: ProgramEnd) => void;
  #resolveStarted!: () => void;
  #execution: vscode.TaskExecution | null = null;
  #pid: number | null = null;
  #hasEnded = false;
  #stopRequested = false;
  readonly #listeners: vscode.Disposable[] = [];

  constructor(launch: ProgramLaunch) {
    this.launch = launch;
    this.name = launch.name;
    this.started = new Promise((resolve) => (this.#resolveStarted = resolve));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  get isRunning(): boolean {
    return !this.#hasEnded;
  }

  /** The user stopped the program: it did not end by itself. */
  get wasStopped(): boolean {
    return this.#stopRequested;
  }

  /** Folders whose files the trace may open without asking. */
  get folders(): readonly string[] {
    return this.launch.folders;
  }

  async start(): Promise<void> {
    const { node, cli, recording, args, cwd, options, env } = this.launch;
    const run = ++runs;
    const task = new vscode.Task(
      // No two runs have the same definition: VS Code would ask whether to restart the first. Of a
      // type that the manifest contributes only the properties named there would count.
      { type: 'simul-run', recording, run },
      vscode.workspace.workspaceFolders?.length ? vscode.TaskScope.Workspace : vscode.TaskScope.Global,
      this.name,
      'Simul',
      new vscode.ProcessExecution(
        node,
        [cli, 'trace', '--in-panel', '--recording', recording, ...options, ...args],
        { cwd, env: { ...env } },
      ),
      [],
    );
    task.isBackground = false;
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Always,
      panel: vscode.TaskPanelKind.Shared,
      focus: false,
      echo: false,
      clear: true,
      showReuseMessage: false,
    };
    const isOwn = (execution: vscode.TaskExecution): boolean =>
      (execution.task.definition['recording'] === recording && execution.task.definition['run'] === run) ||
      execution === this.#execution;
    this.#listeners.push(
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (!isOwn(event.execution)) return;
        this.#pid = event.processId;
        this.#resolveStarted();
        if (this.#stopRequested) void this.stop();
      }),
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (isOwn(event.execution)) this.#markEnded(event.exitCode);
      }),
      vscode.tasks.onDidEndTask((event) => {
        // A task whose process never started ends without the event above.
        if (!isOwn(event.execution)) return;
        setTimeout(() => this.#markEnded(undefined), MAX_EXIT_DELAY_MS);
      }),
    );
    try {
      this.#execution = await vscode.tasks.executeTask(task);
    } catch (error) {
      this.#markEnded(undefined);
      throw error;
    }
  }

  /** Ends the program: it is asked first, and killed after a grace. */
  async stop(): Promise<void> {
    this.#stopRequested = true;
    if (this.#hasEnded || this.#pid === null) return;
    await endProcess({
      pid: this.#pid,
      graceMs: GRACE_MS,
      ended: this.ended,
      terminate: () => this.#execution?.terminate(),
    });
    await this.ended;
  }

  /** Stops listening. A window that closes takes the terminal, and the program with it. */
  dispose(): void {
    for (const listener of this.#listeners.splice(0)) listener.dispose();
  }

  #markEnded(exitCode: number | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.dispose();
    this.#resolveStarted();
    this.#resolveEnded({ exitCode, words: this.#describeEnd(exitCode) });
  }

  /** Without the duration: the trace knows it better, as here the terminal's start counts too. */
  #describeEnd(exitCode: number | undefined): string {
    if (this.#stopRequested) return vscode.l10n.t('{0} was stopped.', this.name);
    if (this.#pid === null) return vscode.l10n.t('{0} was not started; the terminal says why.', this.name);
    if (exitCode === undefined) return vscode.l10n.t('{0} ended.', this.name);
    return vscode.l10n.t('{0} ended with exit code {1}.', this.name, exitCode);
  }
}
