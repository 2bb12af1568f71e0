/**
 * Brings the trace into programs that the built-in JavaScript debugger or Python's starts: with
 * `"simul": true` a configuration of their types gets our environment, and is else left as it is.
 * There is no debugger of ours: breakpoints and steps stay the editor's.
 */
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { needsCompiling } from '../../runtime/launch/runnable-files.ts';
import { newRecording } from '../../runtime/launch/recordings.ts';
import { makeTraceEnv } from '../../runtime/launch/trace-env.ts';
import type { StopEvent } from '../../runtime/trace/format/stop-events.ts';

/** Types of debuggers whose programs can be traced. */
const LIVE_TYPES = ['node', 'pwa-node', 'node-terminal', 'debugpy', 'python'] as const;
/** Those of the Python debugger, which is an extension of its own. */
const PYTHON_TYPES: ReadonlySet<string> = new Set(['debugpy', 'python']);
/** In a configuration that was resolved: the folder of its recording. */
export const RECORDING = '__simulRecording';

export const isPythonSession = ({ type }: { readonly type: string }): boolean => PYTHON_TYPES.has(type);

export interface LiveRecordingInfo {
  readonly folder: string;
  readonly name: string;
  readonly folders: readonly string[];
}

export interface LiveLaunchOptions {
  readonly extensionUri: vscode.Uri;
  /** Where this window's recordings are. */
  readonly storage: string;
  stopAt(): readonly StopEvent[];
  /** One sentence for the person. */
  onTrouble(words: string): void;
}

/** The folder that a session's program records into; null: it is not traced. */
export function liveRecordingOf(session: vscode.DebugSession): string | null {
  for (let own: vscode.DebugSession | undefined = session; own !== undefined; own = own.parentSession) {
    const folder: unknown = own.configuration[RECORDING];
    if (typeof folder === 'string') return folder;
  }
  return null;
}

export class LiveLaunch implements vscode.DebugConfigurationProvider {
  readonly #options: LiveLaunchOptions;
  readonly #started = new vscode.EventEmitter<LiveRecordingInfo>();
  /** A program is about to be started under the debugger and the trace. */
  readonly onWillStart = this.#started.event;

  constructor(options: LiveLaunchOptions) {
    this.#options = options;
  }

  register(): vscode.Disposable[] {
    return [
      this.#started,
      ...LIVE_TYPES.map((type) => vscode.debug.registerDebugConfigurationProvider(type, this)),
    ];
  }

  resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const { simul, ...own } = configuration;
    if (simul !== true || configuration[RECORDING] !== undefined) return configuration;
    if (!vscode.workspace.isTrusted) return own as vscode.DebugConfiguration;
    const isPython = isPythonSession(configuration);
    if (isPython && configuration.request !== 'launch') {
      this.#options.onTrouble(
        vscode.l10n.t(
          'The program is not traced: the instrument comes in only where the debugger starts it.',
        ),
      );
      return own as vscode.DebugConfiguration;
    }
    const made = newRecording(join(this.#options.storage, 'recordings'));
    if ('trouble' in made) {
      this.#options.onTrouble(vscode.l10n.t('The program runs untraced: {0}.', made.trouble));
      return own as vscode.DebugConfiguration;
    }
    const program: unknown = configuration['program'];
    const file = typeof program === 'string' ? program : null;
    const given: unknown = configuration['env'];
    const skipped: unknown = configuration['skipFiles'];
    const env = {
      ...(typeof given === 'object' && given !== null ? (given as Record<string, string>) : {}),
    };
    this.#started.fire({
      folder: made.folder,
      name: file === null ? configuration.name : basename(file),
      folders: file === null ? [] : [dirname(file)],
    });
    const variables = this.#variables(made.folder, env, isPython ? null : file);
    if (isPython) return { ...configuration, env: { ...env, ...variables }, [RECORDING]: made.folder };
    return {
      ...configuration,
      env: { ...env, ...variables },
      // One step out of our stop then leads to the user's line.
      skipFiles: [
        ...(Array.isArray(skipped) ? (skipped as unknown[]) : []),
        `${this.#options.extensionUri.fsPath}/dist/**`,
        '**/node_modules/simul/**',
      ],
      [RECORDING]: made.folder,
    };
  }

  /** Our variables alone: the rest of the environment is the debugger's to make. */
  #variables(
    recording: string,
    env: Readonly<Record<string, string>>,
    file: string | null,
  ): Record<string, string> {
    const { extensionUri, stopAt } = this.#options;
    const agent = pathToFileURL(vscode.Uri.joinPath(extensionUri, 'dist', 'agent', 'preload.cjs').fsPath);
    const settings = vscode.workspace.getConfiguration('simul', file === null ? null : vscode.Uri.file(file));
    const all = makeTraceEnv({
      recording,
      agent,
      generators: settings.get('generators', false),
      values: settings.get('values', false),
      debug: { stopAt: stopAt() },
      compiles: file !== null && needsCompiling(file),
      env: { ...process.env, ...env },
    });
    const isOwn = (name: string): boolean =>
      name === 'NODE_OPTIONS' || name === 'PYTHONPATH' || name.startsWith('SIMUL_');
    const own = Object.entries(all).filter(([name]) => isOwn(name));
    return Object.fromEntries(own) as Record<string, string>;
  }
}
