import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { nextProgramEnd, openProgram } from './program.ts';
import { until } from './until.ts';

const whole = (document: vscode.TextDocument): vscode.Range => new vscode.Range(0, 0, document.lineCount, 0);

async function hintsOf(document: vscode.TextDocument): Promise<Map<number, string>> {
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole(document),
  );
  return new Map(
    hints
      .map(({ position, label }) => [position.line + 1, String(label)] as const)
      .filter(([, label]) => label.startsWith('waited')),
  );
}

describe('tracing the file in the editor', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('runs it and says beside each await how often and how long it waited', async () => {
    const document = await openProgram('waits.ts', [
      `import { setTimeout as sleep } from 'node:timers/promises';`,
      `const unused: number = 1;`,
      `for (let i = 0; i < 5; i++) {`,
      `  await sleep(20);`,
      `}`,
      `console.log('ended');`,
    ]);
    const ended = nextProgramEnd();
    const startMs = performance.now();
    await vscode.commands.executeCommand('simul.traceCurrentFile');
    assert.equal(await ended, 0);
    const runMs = performance.now() - startMs;
    // Hints come while the program runs, too.
    const label = await until('a hint of five waits on line 4', async () => {
      const hint = (await hintsOf(document)).get(4);
      return hint?.startsWith('waited 5×') ? hint : null;
    });
    const [, median, worst] = /^waited 5× · median (\d+) ms · worst (\d+) ms$/.exec(label) ?? [];
    assert.ok(Number(median) >= 19 && Number(median) <= Number(worst), label);
    assert.ok(2 * Number(median) + Number(worst) < runMs, `${label}, in a run of ${runMs} ms`);
  });

  it('says on hover for what and who ended it', async () => {
    const document = vscode.window.activeTextEditor!.document;
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(3, 5),
    );
    const texts = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      // The server escapes every character that could be markup.
      .map((text) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))));
    const hover = texts.find((text) => text.includes('Simul'));
    assert.match(hover ?? texts.join('\n'), /sleep\(20\).* waited 5 times/);
    assert.match(hover ?? '', /Waited for: timer/);
  });

  it('keeps a hint on its line when lines are inserted above, and drops it when the line is edited', async () => {
    const editor = vscode.window.activeTextEditor!;
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '\n\n'));
    await until('the hint on line 6', async () => (await hintsOf(editor.document)).get(6));
    await editor.edit((edit) => edit.replace(new vscode.Range(5, 0, 5, 100), '  await sleep(30);'));
    await until('no hint', async () => ((await hintsOf(editor.document)).size === 0 ? true : null));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('offers to trace a file that can be run', async () => {
    const document = await openProgram('runs.js', ['main();', 'async function main() {}']);
    const lens = await until('a lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return lenses.find(({ command }) => command?.title === '▷ Trace with Simul');
    });
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand(lens.command!.command, ...(lens.command!.arguments ?? []));
    assert.equal(await ended, 0, 'the lens runs the file');
  });

  it('saves the file first: what runs is what the editor shows', async () => {
    const document = await openProgram('saved.mjs', ['process.exitCode = 1;']);
    const editor = vscode.window.activeTextEditor!;
    await editor.edit((edit) => edit.replace(whole(document), 'process.exitCode = 7;\n'));
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand('simul.traceCurrentFile');
    assert.equal(await ended, 7);
    assert.equal(readFileSync(document.fileName, 'utf8'), 'process.exitCode = 7;\n');
  });

  it('runs a program outside the workspace in its own folder, in a terminal', async () => {
    const document = await openProgram('folder.mjs', [
      `import { writeFileSync } from 'node:fs';`,
      `writeFileSync(new URL('./here.txt', import.meta.url), process.cwd() + (process.stdin.isTTY ? ' tty' : ''));`,
    ]);
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand('simul.traceCurrentFile');
    assert.equal(await ended, 0);
    const folder = dirname(document.fileName);
    assert.equal(readFileSync(join(folder, 'here.txt'), 'utf8'), `${folder} tty`);
  });
});

describe('stopping a program', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** Starts a program that never ends by itself. Resolves when it runs. */
  async function startEndless(name: string, extra: readonly string[]): Promise<{ pid: number }> {
    const document = await openProgram(name, [
      ...extra,
      `import { writeFileSync } from 'node:fs';`,
      `setInterval(() => {}, 1000);`,
      `writeFileSync(new URL('./pid', import.meta.url), String(process.pid));`,
    ]);
    await vscode.commands.executeCommand('simul.traceCurrentFile');
    const path = join(dirname(document.fileName), 'pid');
    const text = await until('the program runs', () =>
      existsSync(path) && readFileSync(path, 'utf8') !== '' ? readFileSync(path, 'utf8') : null,
    );
    return { pid: Number(text) };
  }

  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('ends it, and a second stop does no harm', async () => {
    const { pid } = await startEndless('endless.mjs', []);
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand('simul.stop');
    await ended;
    assert.equal(isAlive(pid), false);
    await vscode.commands.executeCommand('simul.stop');
  });

  it('ends a program that ignores SIGTERM', async () => {
    const { pid } = await startEndless('stubborn.mjs', [`process.on('SIGTERM', () => {});`]);
    const ended = nextProgramEnd();
    await vscode.commands.executeCommand('simul.stop');
    await until('the program is gone', () => (isAlive(pid) ? null : true));
    // Else the next test would take it for the end of its own.
    await ended;
  });
});
