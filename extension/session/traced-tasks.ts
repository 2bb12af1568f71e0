/**
 * The task type `simul`: a command in a tasks.json that is traced whenever the task is run. What a
 * task runs is made when it is resolved; its recording is found when its process begins, since
 * `simul trace` names the folder after the process.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { findNode } from './find-node.ts';
import type { RecordingInfo } from './last-recording.ts';
import { shellCommand } from './shell-command.ts';
import { cliOf, recordingsOf } from './start-traced.ts';

export const TASK_TYPE = 'simul';
/** The folder is there at the very start of `simul trace`. */
const [POLL_MS, MAX_POLLS] = [50, 200];

export interface TracedTaskEvents {
  /** A task's program records into this folder. */
  onStart(recording: RecordingInfo, ended: Promise<string>): void;
}

export class TracedTasks implements vscode.TaskProvider {
  readonly #extension: vscode.ExtensionContext;
  readonly #events: TracedTaskEvents;

  constructor(extension: vscode.ExtensionContext, events: TracedTaskEvents) {
    this.#extension = extension;
    this.#events = events;
  }

  register(): vscode.Disposable[] {
    return [
      vscode.tasks.registerTaskProvider(TASK_TYPE, this),
      vscode.tasks.onDidStartTaskProcess(({ execution, processId }) => {
        const command = commandOf(execution.task);
        if (command !== null) void this.#show(execution, processId, command);
      }),
    ];
  }

  /** Tasks are written down in a tasks.json: any command can be traced, so none is proposed. */
  provideTasks(): vscode.Task[] {
    return [];
  }

  /** Undefined: it is none of ours, or no program may be run here. */
  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const command = commandOf(task);
    if (command === null || !vscode.workspace.isTrusted) return undefined;
    const setting = vscode.workspace.getConfiguration('simul').get('nodePath', '');
    const node = await findNode({ setting, env: process.env, platform: process.platform });
    const folder = folderOf(task);
    if (!node.found) return undefined;
    const cwd: unknown = task.definition['cwd'];
    const args = [cliOf(this.#extension), 'trace', '--in-panel', '--', ...shellCommand(command)];
    const execution = new vscode.ProcessExecution(node.path, args, {
      ...(typeof cwd === 'string' ? { cwd } : folder === undefined ? {} : { cwd: folder }),
      env: { SIMUL_RECORDINGS: recordingsOf(this.#extension) },
    });
    // The definition has to be the one that was asked for.
    return new vscode.Task(
      task.definition,
      task.scope ?? vscode.TaskScope.Workspace,
      task.name,
      'simul',
      execution,
      [],
    );
  }

  async #show(execution: vscode.TaskExecution, pid: number, command: string): Promise<void> {
    const ended = endOf(execution, command);
    const folder = await this.#findRecording(pid);
    if (folder === null) return;
    const folders = [folderOf(execution.task) ?? ''].filter((path) => path !== '');
    this.#events.onStart({ folder, name: execution.task.name || command, folders }, ended);
  }

  async #findRecording(pid: number): Promise<string | null> {
    const parent = recordingsOf(this.#extension);
    for (let poll = 0; poll < MAX_POLLS; poll++) {
      const name = namesIn(parent).findLast((folder) => folder.endsWith(`-${pid}`));
      if (name !== undefined) return join(parent, name);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return null;
  }
}

/** The command of a task of this type; null: it is another, or one that a command has started. */
function commandOf({ definition }: vscode.Task): string | null {
  const command: unknown = definition['command'];
  return definition.type === TASK_TYPE && typeof command === 'string' && command !== '' ? command : null;
}

function folderOf({ scope }: vscode.Task): string | undefined {
  const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath;
}

function endOf(execution: vscode.TaskExecution, command: string): Promise<string> {
  return new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution !== execution) return;
      listener.dispose();
      resolve(
        event.exitCode === undefined
          ? vscode.l10n.t('{0} ended.', command)
          : vscode.l10n.t('{0} ended with exit code {1}.', command, event.exitCode),
      );
    });
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
