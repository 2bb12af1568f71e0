import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { until } from './until.ts';

const PROGRAM = [
  `import { setTimeout as sleep } from 'node:timers/promises';`,
  `async function inner() {`,
  `  await sleep(2);`,
  `  return 1;`,
  `}`,
  `async function outer() {`,
  `  let sum = 0;`,
  `  for (let i = 0; i < 3; i++)`,
  `    sum += await inner();`,
  `  return sum;`,
  `}`,
  `await outer();`,
];
/** The module's body begins, calls outer, that calls inner, … */
const LINES = [1, 12, 6, 9, 2, 3, 3, 4, 9, 9, 2, 3, 3, 4, 9];

describe('the debugger for recordings', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-debugger-')));
  const program = join(folder, 'program.mjs');
  const trace = join(folder, 'program.simul');
  const launch = { type: 'simul', request: 'launch', name: 'replay', recording: trace, folders: [folder] };

  function traceTo(saved: string, path: string): void {
    const extension = vscode.extensions.getExtension('simul.simul')!;
    const cli = vscode.Uri.joinPath(extension.extensionUri, 'dist/cli.js').fsPath;
    // The extension host's own Node stands for the user's.
    execFileSync(process.execPath, [cli, 'trace', '--quiet', '--out', saved, path], {
      stdio: 'ignore',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', SIMUL_RECORDINGS: join(folder, 'recordings') },
    });
  }

  before(() => {
    writeFileSync(program, `${PROGRAM.join('\n')}\n`);
    traceTo(trace, program);
  });
  after(async () => {
    await vscode.debug.stopDebugging();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  const lineInEditor = (of: string): number | null => {
    const editor = vscode.window.activeTextEditor;
    return editor !== undefined && editor.document.uri.fsPath === of
      ? editor.selection.active.line + 1
      : null;
  };

  /** What the adapter of each session sends, as it comes. */
  const stops: { readonly session: vscode.DebugSession; readonly threadId: number }[] = [];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('simul', {
    createDebugAdapterTracker: (session) => ({
      onDidSendMessage: (message: { event?: string; body?: { threadId: number } }) => {
        if (message.event === 'stopped') stops.push({ session, threadId: message.body!.threadId });
      },
    }),
  });
  after(() => tracker.dispose());

  /** Waits until a session has stopped anew, and the editor shows its line. */
  async function nextStop(isAfter: number): Promise<{ session: vscode.DebugSession; line: number }> {
    const { session, threadId } = await until('a stop', () => stops[isAfter]);
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as {
      stackFrames: { line: number }[];
    };
    const { line } = stackFrames[0]!;
    await until(`line ${line}`, () => (lineInEditor(program) === line ? line : null));
    return { session, line };
  }

  async function step(command: string): Promise<number> {
    const known = stops.length;
    await vscode.commands.executeCommand(`workbench.action.debug.${command}`);
    return (await nextStop(known)).line;
  }

  async function start(): Promise<vscode.DebugSession> {
    const known = stops.length;
    assert.ok(await vscode.debug.startDebugging(undefined, launch));
    return (await nextStop(known)).session;
  }

  const running = new Set<string>();
  const listeners = [
    vscode.debug.onDidStartDebugSession(({ id }) => void running.add(id)),
    vscode.debug.onDidTerminateDebugSession(({ id }) => void running.delete(id)),
  ];
  after(() => listeners.forEach((listener) => listener.dispose()));

  async function stop(session: vscode.DebugSession): Promise<void> {
    await vscode.debug.stopDebugging(session);
    await until(`the end of ${session.name}`, () => (running.has(session.id) ? null : true));
  }

  it('shows in the editor each line of the recording, forwards and backwards', async () => {
    const session = await start();
    const forwards = [1];
    for (let i = 1; i < LINES.length; i++) forwards.push(await step('stepOver'));
    assert.deepEqual(forwards, LINES);
    const backwards = [forwards.at(-1)!];
    for (let i = 1; i < LINES.length; i++) backwards.push(await step('stepBack'));
    assert.deepEqual(backwards.reverse(), LINES);
    await stop(session);
  });

  it('stops at breakpoints of the editor, and goes back to the beginning', async () => {
    const breakpoint = new vscode.SourceBreakpoint(
      new vscode.Location(vscode.Uri.file(program), new vscode.Position(3, 0)),
    );
    vscode.debug.addBreakpoints([breakpoint]);
    try {
      const session = await start();
      assert.equal(await step('continue'), 4);
      assert.equal(await step('continue'), 4);
      assert.equal(await step('reverseContinue'), 4);
      assert.equal(await step('reverseContinue'), 1);
      await stop(session);
    } finally {
      vscode.debug.removeBreakpoints([breakpoint]);
    }
  });

  it('opens a session for each process of the program', async () => {
    const parent = join(folder, 'parent.mjs');
    const lines = [
      `import { fork } from 'node:child_process';`,
      `async function child() {`,
      `  await new Promise((go) => process.once('message', go));`,
      `  process.disconnect();`,
      `}`,
      `if (process.send) await child();`,
      `else fork(import.meta.filename ?? process.argv[1]).send('go');`,
    ];
    const saved = join(folder, 'parent.simul');
    writeFileSync(parent, `${lines.join('\n')}\n`);
    traceTo(saved, parent);
    const known = stops.length;
    const configuration = { ...launch, recording: saved };
    assert.ok(await vscode.debug.startDebugging(undefined, configuration));
    const sessions = await until('two sessions that have stopped', () => {
      const own = [...new Set(stops.slice(known).map(({ session }) => session))];
      return own.length === 2 ? own : null;
    });
    const child = sessions.find(({ parentSession }) => parentSession !== undefined)!;
    const parentOfIt = sessions.find((other) => other !== child)!;
    assert.equal(child.parentSession!.id, parentOfIt.id);
    assert.match(child.name, /^parent\.mjs \(\d+\)$/);
    await stop(parentOfIt);
    await until('the end of its child', () => (running.has(child.id) ? null : true));
  });

  it('opens a trace by the command, and shows what was recorded of files outside the workspace', async () => {
    await vscode.commands.executeCommand('simul.debugRecording', vscode.Uri.file(trace));
    const { document } = await until('the recorded source', () =>
      vscode.window.visibleTextEditors.find(({ document: { uri } }) => uri.scheme === 'debug'),
    ).catch((error: unknown) => {
      const shown = vscode.window.visibleTextEditors.map(({ document: { uri } }) => uri.toString());
      throw new Error(`${shown.join(', ')} in the editors; ${stops.length} stops; ${running.size} sessions`, {
        cause: error,
      });
    });
    assert.match(document.getText(), /outer\(\)/);
    assert.match(document.getText(), /lies outside the folders that may be opened/);
    // VS Code opens the source before it turns to the session.
    const session = await until('the session', () => vscode.debug.activeDebugSession);
    assert.equal(session.configuration['recording'], trace);
    await vscode.debug.stopDebugging();
  });
});
