/** What commands may use. The controller implements it; a command reaches nothing else. */
import type * as vscode from 'vscode';
import type { LanguageServerClient } from '../language-client/language-server-client.ts';
import type { Panel } from '../panel/panel.ts';
import type { RecordingInfo } from '../session/last-recording.ts';
import type { ProgramLaunch } from '../session/program-session.ts';

export interface CommandContext {
  /** What VS Code gives the extension: its folder, its storage. */
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly panel: Panel;
  readonly server: LanguageServerClient;
  /** The newest recording of this window; null: there is none yet. */
  readonly recording: RecordingInfo | null;
  /** Runs a program under trace and shows it. The program before it must have been stopped. */
  runProgram(launch: ProgramLaunch): Promise<void>;
  /** Resolves when the running program has ended, at once when there is none. */
  stopProgram(): Promise<void>;
  /** Shows a sentence to the user as an error, and logs it. */
  showError(words: string): void;
}

/** Makes the function that VS Code calls for a command. Its argument comes from anywhere. */
export type CommandFactory = (context: CommandContext) => (argument: unknown) => void | Promise<void>;
