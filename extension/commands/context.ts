/** What commands may use. The controller implements it; a command reaches nothing else. */
import type * as vscode from 'vscode';
import type { NodePlace } from '../../runtime/trace/messages/moment.ts';
import type { LiveSessions } from '../debug/live-sessions.ts';
import type { MomentTracker } from '../debug/moment-tracker.ts';
import type { LanguageServerClient } from '../language-client/language-server-client.ts';
import type { Panel } from '../panel/panel.ts';
import type { RecordingInfo } from '../session/last-recording.ts';
import type { MergedTraces } from '../session/merged-traces.ts';
import type { PinnedTasks } from '../views/pinned-tasks.ts';
import type { ProgramLaunch, ProgramSession } from '../session/program-session.ts';

export interface CommandContext {
  /** What VS Code gives the extension: its folder, its storage. */
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly panel: Panel;
  readonly server: LanguageServerClient;
  /** Where the debugger for recordings stands. */
  readonly tracker: MomentTracker;
  readonly pinned: PinnedTasks;
  /** Programs under the built-in debugger and the trace. */
  readonly live: LiveSessions;
  /** Traces that were made of several here. */
  readonly merged: MergedTraces;
  /** The newest recording of this window; null: there is none yet. */
  readonly recording: RecordingInfo | null;
  /** Runs a program under trace and shows it, beside those that run already. */
  runProgram(launch: ProgramLaunch): Promise<ProgramSession>;
  /**
   * Asks what becomes of the programs that run under trace, if any do, before another begins.
   * @returns 'no': the user does not want another after all; a recording: into that one
   */
  mayRunAnother(name: string): Promise<'no' | 'apart' | { readonly recording: string }>;
  /**
   * Stops the program that records into this folder; without one the only program that runs, or
   * the one that the user chooses. Resolves when it has ended, at once when there is none.
   */
  stopProgram(recording?: string): Promise<void>;
  /** Shows a recording that this window did not make. */
  showRecording(recording: RecordingInfo): void;
  /** Shows a recording that is written to until `ended` says how it ended. */
  showLive(recording: RecordingInfo, ended: Promise<string>): void;
  /** Opens a place that the newest recording names, beside the panel. */
  openPlace(place: NodePlace): Promise<void>;
  /** Says that programs run only in a workspace that the user trusts, and how to trust it. */
  refuseUntrusted(): void;
  /** A step of the walkthrough is done. */
  markDone(step: 'tried' | 'traced' | 'read'): void;
  /** Shows a sentence to the user as an error, and logs it. */
  showError(words: string): void;
}

/**
 * Makes the function that VS Code calls for a command. Its arguments come from anywhere; the menu
 * of the explorer gives a list of all files that are selected as the second.
 */
export type CommandFactory = (
  context: CommandContext,
) => (argument: unknown, selected?: unknown) => void | Promise<void>;
