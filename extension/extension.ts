/**
 * The composition root: what VS Code calls first. It builds the parts, ties them to commands and
 * views, and returns at once; the language server starts afterwards. It traces nothing by itself.
 */
import * as vscode from 'vscode';
import { PANEL_ACTIONS } from '../runtime/trace/messages/panel.ts';
import { inflateBlock } from '../runtime/launch/inflate-block.ts';
import { COMMANDS } from './commands/commands.ts';
import { CONTEXT_KEYS } from './context-keys.ts';
import { Controller } from './controller.ts';
import { EventStops } from './debug/event-stops.ts';
import { LiveLaunch } from './debug/live-launch.ts';
import { LiveSessions } from './debug/live-sessions.ts';
import { MomentTracker } from './debug/moment-tracker.ts';
import { RecordingStops } from './debug/recording-stops.ts';
import { registerDebugger } from './debug/register-debugger.ts';
import { LanguageServerClient } from './language-client/language-server-client.ts';
import { SCRIPT_LANGUAGE_IDS } from './language-client/language-ids.ts';
import { LibraryFix } from './library/library-fix.ts';
import { PanelRequests } from './panel/panel-requests.ts';
import { Panel, PANEL_VIEW } from './panel/panel.ts';
import { TRACE_EDITOR, TraceEditor } from './panel/trace-editor.ts';
import { ScriptLenses } from './session/script-lenses.ts';
import { TracedTasks } from './session/traced-tasks.ts';
import { PinnedTasks } from './views/pinned-tasks.ts';
import { registerViews } from './views/register-views.ts';
import { ShownMoment } from './views/shown-moment.ts';

export function activate(extension: vscode.ExtensionContext): void {
  const { extensionUri } = extension;
  const log = vscode.window.createOutputChannel('Simul', { log: true });
  const server = new LanguageServerClient(extensionUri, log);
  const requests = new PanelRequests(log, () => controller.markDone('read'));
  const panel = new Panel(extensionUri, requests);
  const tracker = new MomentTracker();
  const pinned = new PinnedTasks();
  const stops = new EventStops(extension.workspaceState);
  const moment = new ShownMoment(server, tracker);
  const recordingStops = new RecordingStops();
  const live = new LiveSessions(extensionUri.fsPath, stops, recordingStops);
  const controller: Controller = new Controller(
    { extension, log, panel, server, tracker, pinned, live },
    (place, folders) => requests.openPlace(place, folders),
  );
  const storage = (extension.storageUri ?? extension.globalStorageUri).fsPath;
  const { onDidChangeRunning } = controller;
  const launch = new LiveLaunch({
    extensionUri,
    storage,
    stopAt: () => stops.on,
    onTrouble: (words) => controller.showError(words),
  });
  const scriptLenses = new ScriptLenses();
  extension.subscriptions.push(
    log,
    controller,
    requests,
    ...Object.entries(COMMANDS).map(([id, createCommand]) =>
      vscode.commands.registerCommand(id, createCommand(controller)),
    ),
    ...PANEL_ACTIONS.map((action) =>
      vscode.commands.registerCommand(`simul.panel.${action}`, () => requests.pages.runAction(action)),
    ),
    vscode.languages.registerCodeActionsProvider(
      SCRIPT_LANGUAGE_IDS.map((language) => ({ scheme: 'file', language })),
      new LibraryFix(),
      LibraryFix.kinds,
    ),
    scriptLenses,
    ...new TracedTasks(extension, {
      onStart: (recording, ended) => controller.showLive(recording, ended),
    }).register(),
    vscode.languages.registerCodeLensProvider(ScriptLenses.selector, scriptLenses),
    ...registerDebugger(extensionUri, () => controller.recording),
    ...tracker.register(),
    ...stops.register(),
    ...recordingStops.register(),
    ...live.register(),
    ...launch.register(),
    launch.onWillStart((recording) => controller.showDebugged(recording, live.endOf(recording.folder))),
    live.onDidChangePause((pause) => {
      moment.setPaused(pause);
      void vscode.commands.executeCommand(
        'setContext',
        CONTEXT_KEYS.pausedLive,
        pause !== null || live.isStepping,
      );
    }),
    controller.onDidChangeRecording(() => moment.reset()),
    ...registerViews({
      moment,
      tracker,
      pinned,
      stops,
      live,
      requests,
      recordings: { storage, running: () => controller.runningFolders, onDidChangeRunning },
    }),
    vscode.window.registerWebviewPanelSerializer(PANEL_VIEW, {
      deserializeWebviewPanel: (view) => {
        controller.restorePanel(view);
        return Promise.resolve();
      },
    }),
    vscode.window.registerCustomEditorProvider(
      TRACE_EDITOR,
      new TraceEditor(extensionUri, requests, inflateBlock),
      {
        supportsMultipleEditorsPerDocument: true,
      },
    ),
  );
  // Not even a microtask later: VS Code waits for those, and the client's code is a megabyte.
  const starting = setImmediate(() => void server.start());
  extension.subscriptions.push({ dispose: () => clearImmediate(starting) });
}
