/** Ways into a trace besides the file in the editor. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { nextProgramEnd } from './program.ts';
import { until } from './until.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-ways-')));

async function open(name: string, text: string): Promise<vscode.TextDocument> {
  writeFileSync(join(folder, name), text);
  const document = await vscode.workspace.openTextDocument(join(folder, name));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

function lensesOf(document: vscode.TextDocument, title: string, count: number): Promise<vscode.CodeLens[]> {
  return until(`${count} lenses "${title}"`, async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      count,
    );
    const own = lenses.filter(({ command }) => command?.title === title);
    return own.length === count ? own : null;
  });
}

const press = ({ command }: vscode.CodeLens): Thenable<unknown> =>
  vscode.commands.executeCommand(command!.command, ...((command!.arguments ?? []) as unknown[]));

/**
 * The hint of a wait that is over: hints come from the trace of the run, also while it runs, when
 * the wait may still be "1 waiting now".
 */
async function hasWaited(document: vscode.TextDocument, line: number): Promise<void> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  await until(`the hint of a wait that is over, on line ${line}`, async () => {
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    );
    const hint = hints.find(({ position }) => position.line + 1 === line);
    return hint !== undefined && String(hint.label).startsWith('waited') ? true : null;
  });
}

describe('ways into a trace', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('lead from a script of package.json, by its lens', async () => {
    const program = await open(
      'work.mjs',
      `import { setTimeout as sleep } from 'node:timers/promises';\nawait sleep(20);\nprocess.exit(3);\n`,
    );
    const manifest = await open(
      'package.json',
      `{\n  "scripts": {\n    "work": "node work.mjs",\n    "other": "node -v"\n  }\n}\n`,
    );
    const lenses = await lensesOf(manifest, '▷ Trace with Simul', 2);
    assert.deepEqual(
      lenses.map(({ range }) => range.start.line),
      [2, 3],
    );
    const ended = nextProgramEnd();
    await press(lenses[0]!);
    assert.equal(await ended, 3);
    await hasWaited(program, 2);
  });

  it('lead from a test, by its lens: it alone is run', async () => {
    const tests = await open(
      'a.test.mjs',
      [
        `import test from 'node:test';`,
        `import { setTimeout as sleep } from 'node:timers/promises';`,
        `test('fails', async () => {`,
        `  throw new Error('it should not run');`,
        `});`,
        `test('waits (a bit)', async () => {`,
        `  await sleep(20);`,
        `});`,
        ``,
      ].join('\n'),
    );
    const lenses = await lensesOf(tests, '▷ Trace this test', 2);
    const ended = nextProgramEnd();
    await press(lenses[1]!);
    assert.equal(await ended, 0);
    await hasWaited(tests, 7);
    const all = await lensesOf(tests, '▷ Trace all tests of the file', 1);
    const allEnded = nextProgramEnd();
    await press(all[0]!);
    assert.equal(await allEnded, 1);
  });

  it('lead from a file of tests as from a program: by its runner', async () => {
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    // The bundle of the suites stands above node_modules.
    const mocha = dirname(createRequire(__filename).resolve('mocha/package.json'));
    symlinkSync(mocha, join(folder, 'node_modules/mocha'));
    const tests = await open(
      'mocha.test.mjs',
      [
        `import { describe, it } from 'mocha';`,
        `import { setTimeout as sleep } from 'node:timers/promises';`,
        `describe('orders', () => {`,
        `  it('are sent', async () => {`,
        `    await sleep(20);`,
        `  });`,
        `});`,
        ``,
      ].join('\n'),
    );
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand('simul.traceCurrentFile');
    assert.equal(await ended, 0);
    await hasWaited(tests, 5);
  });

  it('lead from the tests that failed: they alone are run again, until none fails', async () => {
    const tests = await open(
      'b.test.mjs',
      [
        `import test from 'node:test';`,
        `import { appendFileSync, existsSync } from 'node:fs';`,
        `const say = (name) => appendFileSync(new URL('ran.txt', import.meta.url), name + ' ');`,
        `test('adds', () => say('adds'));`,
        `test('is late', () => {`,
        `  say('late');`,
        `  if (!existsSync(new URL('mended', import.meta.url))) throw new Error('no');`,
        `});`,
        ``,
      ].join('\n'),
    );
    const ran = (): string => readFileSync(join(folder, 'ran.txt'), 'utf8');
    const run = async (way: () => Thenable<unknown>): Promise<number | undefined> => {
      const ended = nextProgramEnd();
      await way();
      return await ended;
    };
    const again = (): Thenable<unknown> => vscode.commands.executeCommand('simul.traceFailedTests');
    const [all] = await lensesOf(tests, '▷ Trace all tests of the file', 1);
    assert.equal(await run(() => press(all!)), 1);
    assert.equal(ran(), 'adds late ');
    assert.equal(await run(again), 1);
    writeFileSync(join(folder, 'mended'), '');
    assert.equal(await run(again), 0);
    assert.equal(ran(), 'adds late late late ');
    // Nothing is left to run, which is said. A task is listed for a while after its program's end.
    const tasks = () => vscode.tasks.taskExecutions.filter(({ task }) => task.source === 'Simul');
    await until('the end of the task', () => (tasks().length === 0 ? true : null));
    await again();
    assert.equal(tasks().length, 0);
    assert.equal(ran(), 'adds late late late ');
  });

  it('lead from a test of Python, by its lens, and from those that failed', async () => {
    const tests = await open(
      'test_orders.py',
      [
        `import asyncio`,
        `import unittest`,
        `import pytest`,
        `def say(name):`,
        `    with open('ran-python.txt', 'a') as file: file.write(name)`,
        `def test_fails():`,
        `    say('fails ')`,
        `    raise Exception('no')`,
        `class TestOrders(unittest.IsolatedAsyncioTestCase):`,
        `    async def test_waits(self):`,
        `        await asyncio.sleep(0.02)`,
        `        say('waits ')`,
        ``,
      ].join('\n'),
    );
    const lenses = await lensesOf(tests, '▷ Trace this test', 2);
    const ended = nextProgramEnd();
    await press(lenses[1]!);
    assert.equal(await ended, 0);
    await hasWaited(tests, 11);
    const [all] = await lensesOf(tests, '▷ Trace all tests of the file', 1);
    const allEnded = nextProgramEnd();
    await press(all!);
    assert.equal(await allEnded, 1);
    await hasWaited(tests, 11);
    const failedEnded = nextProgramEnd();
    await vscode.commands.executeCommand('simul.traceFailedTests');
    assert.equal(await failedEnded, 1);
    assert.equal(readFileSync(join(folder, 'ran-python.txt'), 'utf8'), 'waits fails waits fails ');
  });

  it('lead from a terminal in which all is traced, and simul is a command', async () => {
    const program = await open(
      'typed.mjs',
      `import { setTimeout as sleep } from 'node:timers/promises';\nawait sleep(20);\n`,
    );
    const opened = new Promise<vscode.Terminal>((resolve) => {
      const listener = vscode.window.onDidOpenTerminal((terminal) => {
        if (!terminal.name.startsWith('Simul: traced')) return;
        listener.dispose();
        resolve(terminal);
      });
    });
    await vscode.commands.executeCommand('simul.tracedTerminal');
    const terminal = await opened;
    terminal.sendText(`cd '${folder}' && simul --version > version.txt; node typed.mjs`);
    await hasWaited(program, 2);
    const version = await until('a version', async () => {
      const text = await vscode.workspace.fs.readFile(vscode.Uri.file(join(folder, 'version.txt'))).then(
        (bytes) => Buffer.from(bytes).toString(),
        () => '',
      );
      return text === '' ? null : text;
    });
    assert.match(version, /^\d+\.\d+\.\d+/);
    terminal.dispose();
  });
});
