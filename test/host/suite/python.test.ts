/** Python in the editor. A stand-in exports the Python extension's published interface. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { nextProgramEnd, openProgram, ruleOf } from './program.ts';
import { until } from './until.ts';

const PROGRAM = [
  'import asyncio, sys',
  '',
  'async def main():',
  '    for i in range(5):',
  '        await asyncio.sleep(0.02)',
  '    for i in range(2):',
  '        answer = asyncio.get_running_loop().create_future()',
  '        asyncio.get_running_loop().call_later(0.02, answer.set_result, 1)',
  '        await answer',
  '    with open(sys.argv[0] + ".prefix", "w") as file:',
  '        file.write(sys.prefix)',
  '',
  'if __name__ == "__main__":',
  '    asyncio.run(main())',
];

interface Environments {
  updateActiveEnvironmentPath(path: string | undefined, resource?: vscode.Uri): Promise<void>;
}

/** Chooses an interpreter as a person does in the Python extension; undefined: none. */
async function choose(path: string | undefined): Promise<void> {
  const extension = vscode.extensions.getExtension<{ environments: Environments }>('ms-python.python');
  assert.ok(extension, 'the stand-in for the Python extension is there');
  await (await extension.activate()).environments.updateActiveEnvironmentPath(path);
}

const trace = async (): Promise<number | undefined> => {
  const ended = nextProgramEnd();
  await vscode.commands.executeCommand('simul.traceCurrentFile');
  return await ended;
};

const prefixOf = (document: vscode.TextDocument): string =>
  realpathSync(readFileSync(`${document.fileName}.prefix`, 'utf8'));

function makeEnvironment(folder: string): string {
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
  return realpathSync(folder);
}

const scratch = (): string => mkdtempSync(join(tmpdir(), 'simul-host-python-'));

/** Hints come while the program runs, too: so many waits are over at its end. */
async function hintAt(document: vscode.TextDocument, line: number, waits: number): Promise<string | null> {
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
  const hint = hints.find(
    ({ position, label }) => position.line === line && String(label).startsWith(`waited ${waits}×`),
  );
  return hint === undefined ? null : String(hint.label);
}

async function hoverAt(document: vscode.TextDocument, line: number, column: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    new vscode.Position(line, column),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .map((text) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))))
    .filter((text) => text.includes('Simul'))
    .join('\n');
}

describe('Python in the editor', () => {
  afterEach(() => choose(undefined));
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('runs a file by the lens at its guard, and says beside each await how long it waited', async () => {
    const document = await openProgram('waits.py', PROGRAM);
    const lens = await until('a lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return lenses.find(({ command }) => command?.title === '▷ Trace with Simul');
    });
    assert.equal(lens.range.start.line, 12);
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand(lens.command!.command, ...(lens.command!.arguments ?? []));
    assert.equal(await ended, 0);
    const label = await until('a hint on line 5', () => hintAt(document, 4, 5));
    assert.match(label, /^waited 5× · median \d+ ms · worst \d+ ms$/);
    await until('a hint on line 9', () => hintAt(document, 8, 2));
  });

  it('says on hover for what, in the words of Python', async () => {
    const document = vscode.window.activeTextEditor!.document;
    assert.match(
      await hoverAt(document, 4, 9),
      /await asyncio\.sleep\(0\.02\) waited 5 times.*\nThe longest:/s,
    );
    const hover = await hoverAt(document, 8, 10);
    assert.match(hover, /await answer waited 2 times/);
    assert.match(hover, /Waited for: future\./);
    assert.doesNotMatch(hover, /promise/i);
  });

  it('runs the interpreter that was chosen in the Python extension: an environment, by its folder', async () => {
    const chosen = makeEnvironment(join(scratch(), 'chosen'));
    const document = await openProgram('chosen.py', PROGRAM);
    makeEnvironment(join(dirname(document.fileName), '.venv'));
    await choose(chosen);
    assert.equal(await trace(), 0);
    assert.equal(prefixOf(document), chosen);
  });

  it('runs in the virtual environment beside the file where none was chosen', async () => {
    const document = await openProgram('beside.py', PROGRAM);
    const beside = makeEnvironment(join(dirname(document.fileName), '.venv'));
    assert.equal(await trace(), 0);
    assert.equal(prefixOf(document), beside);
  });

  it('runs the interpreter of the setting before that', async () => {
    const document = await openProgram('setting.py', PROGRAM);
    makeEnvironment(join(dirname(document.fileName), '.venv'));
    const set = makeEnvironment(join(scratch(), 'set'));
    const settings = vscode.workspace.getConfiguration('simul');
    await settings.update('pythonPath', join(set, 'bin/python'), vscode.ConfigurationTarget.Global);
    try {
      assert.equal(await trace(), 0);
    } finally {
      await settings.update('pythonPath', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.equal(prefixOf(document), set);
  });

  it('tells of a finding in the list of problems', async () => {
    const document = await openProgram('forgets.py', [
      'import asyncio',
      '',
      'async def save():',
      '    await asyncio.sleep(0)',
      '',
      'async def main():',
      '    save()',
      '    await asyncio.sleep(0.01)',
      '',
      'asyncio.run(main())',
    ]);
    assert.equal(await trace(), 0);
    const problem = await until('a problem', () =>
      vscode.languages.getDiagnostics(document.uri).find((each) => ruleOf(each) === 'never-awaited'),
    );
    assert.equal(problem.range.start.line, 6);
    assert.match(problem.message, /coroutine/);
    assert.doesNotMatch(problem.message, /promise/i);
  });

  it('tells without a run what the language refuses, and after a run that nothing of it ran', async () => {
    const document = await openProgram('refused.py', ['def load():', '    await get()', '', 'load()']);
    const problem = await until('a problem', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === 'await-outside-async'),
    );
    assert.equal(problem.range.start.line, 1);
    assert.equal(await trace(), 1);
    await until('the finding beside it', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      const isBoth = found.some(({ code }) => code === 'await-outside-async');
      return isBoth && found.find(({ message }) => /not valid Python.*Nothing of it ran/s.test(message));
    });
  });

  it('debugs a file with the trace beside it: a breakpoint and the waits in one run', async () => {
    const document = await openProgram('debugged.py', PROGRAM);
    const breakpoint = new vscode.SourceBreakpoint(
      new vscode.Location(document.uri, new vscode.Position(4, 0)),
    );
    vscode.debug.addBreakpoints([breakpoint]);
    let stops = 0;
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: ({ event, body }: { event?: string; body?: { threadId?: number } }) => {
          if (event !== 'stopped') return;
          stops++;
          void session.customRequest('continue', { threadId: body?.threadId });
        },
      }),
    });
    const ended = new Promise<void>((resolve) => {
      const listener = vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.type !== 'debugpy') return;
        listener.dispose();
        resolve();
      });
    });
    try {
      await vscode.commands.executeCommand('simul.debugCurrentFile');
      await ended;
    } finally {
      tracker.dispose();
      vscode.debug.removeBreakpoints([breakpoint]);
    }
    assert.equal(stops, 5, 'each turn of the loop');
    await until('a hint of five waits on line 5', () => hintAt(document, 4, 5));
  });
});
