/**
 * One run of the user's program under trace, in a terminal of VS Code's: standard input, output
 * and Ctrl-C are the user's. It is started as a task with a process of its own (no shell, so
 * nothing to quote), which also keeps the terminal open when the program has ended.
 */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { endProcess } from './end-process.ts';

export interface ProgramOrder {
  readonly node: string;
  /** dist/cli.js */
  readonly cli: string;
  readonly recording: string;
  readonly file: string;
  readonly cwd: string;
}

export interface ProgramEnd {
  /** undefined: it was ended from outside, or VS Code does not know. */
  readonly exitCode: number | undefined;
  readonly words: string;
}

const GRACE_MS = 3000;

export class ProgramSession {
  readonly order: ProgramOrder;
  readonly name: string;
  /** Resolves when the program has ended, however it did. */
  readonly ended: Promise<ProgramEnd>;
  /** Resolves when its process exists, or never will. */
  readonly started: Promise<void>;
  #tellEnd!: (end: ProgramEnd) => void;
  #tellStart!: () => void;
  #execution: vscode.TaskExecution | null = null;
  #pid: number | null = null;
  #over = false;
  #stopping = false;
  readonly #listening: vscode.Disposable[] = [];

  constructor(order: ProgramOrder) {
    this.order = order;
    this.name = basename(order.file);
    this.started = new Promise((resolve) => (this.#tellStart = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnd = resolve));
  }

  get running(): boolean {
    return !this.#over;
  }

  /** Folders whose files the trace may open unasked. */
  get folders(): readonly string[] {
    return [dirname(this.order.file)];
  }

  async start(): Promise<void> {
    const { node, cli, recording, file, cwd } = this.order;
    const task = new vscode.Task(
      // Never equal to another run's, or VS Code would ask whether to restart that one.
      { type: 'simul', recording },
      vscode.workspace.workspaceFolders?.length ? vscode.TaskScope.Workspace : vscode.TaskScope.Global,
      this.name,
      'Simul',
      new vscode.ProcessExecution(node, [cli, 'trace', '--recording', recording, file], { cwd }),
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
    const mine = (execution: vscode.TaskExecution): boolean =>
      execution.task.definition['recording'] === recording || execution === this.#execution;
    this.#listening.push(
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (!mine(event.execution)) return;
        this.#pid = event.processId;
        this.#tellStart();
        if (this.#stopping) void this.stop();
      }),
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (mine(event.execution)) this.#finish(event.exitCode);
      }),
      vscode.tasks.onDidEndTask((event) => {
        // A task whose process never started ends without a process's end.
        if (mine(event.execution)) setTimeout(() => this.#finish(undefined), 500);
      }),
    );
    try {
      this.#execution = await vscode.tasks.executeTask(task);
    } catch (error) {
      this.#finish(undefined);
      throw error;
    }
  }

  /** Ends the program: asks, and insists after a grace. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#over || this.#pid === null) return;
    await endProcess({
      pid: this.#pid,
      graceMs: GRACE_MS,
      ended: this.ended,
      terminate: () => this.#execution?.terminate(),
    });
    await this.ended;
  }

  /** The window closes: the terminal goes, and the program with it. */
  dispose(): void {
    for (const listener of this.#listening.splice(0)) listener.dispose();
  }

  #finish(exitCode: number | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.dispose();
    this.#tellStart();
    this.#tellEnd({ exitCode, words: this.#endWords(exitCode) });
  }

  /** It was told to end, and did not end by itself. */
  get wasStopped(): boolean {
    return this.#stopping;
  }

  /** No duration: the trace knows the program's own better than we, who also waited for a terminal. */
  #endWords(exitCode: number | undefined): string {
    if (this.#stopping) return vscode.l10n.t('{0} was stopped.', this.name);
    if (this.#pid === null) return vscode.l10n.t('{0} was not started; the terminal says why.', this.name);
    if (exitCode === undefined) return vscode.l10n.t('{0} ended.', this.name);
    return vscode.l10n.t('{0} ended with exit code {1}.', this.name, exitCode);
  }
}
