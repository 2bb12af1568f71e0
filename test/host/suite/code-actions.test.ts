import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { nextProgramEnd, openProgram, ruleOf } from './program.ts';
import { until } from './until.ts';

const PROGRAM = [
  `import { setTimeout as sleep } from 'node:timers/promises';`,
  `const load = async (key: string, ms: number): Promise<string> => {`,
  `  await sleep(ms);`,
  `  return key;`,
  `};`,
  `async function page(): Promise<string> {`,
  `  const user = await load('user', 90);`,
  `  const news = await load('news', 80);`,
  `  return user + news;`,
  `}`,
  `console.log(await page());`,
];

/** The list of a run that still goes on may hold others first. */
const oneByOneIn = (uri: vscode.Uri): vscode.Diagnostic | undefined =>
  problemsOf(uri).find((problem) => ruleOf(problem) === 'one-by-one');

const problemsOf = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'simul');

async function trace(): Promise<void> {
  const ended = nextProgramEnd();
  await vscode.commands.executeCommand('simul.traceCurrentFile');
  assert.equal(await ended, 0);
}

async function actionsAt(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ title }) => title.startsWith('Simul:'));
}

describe('a finding in the list of problems', function () {
  // Two programs are traced, one after the other.
  this.timeout(180_000);

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('stands at its line with the other lines of its proof, and its fix mends it', async () => {
    const { uri } = await openProgram('page.mts', PROGRAM);
    await trace();
    const problem = await until('the problem', () => oneByOneIn(uri));
    assert.equal(problem.range.start.line, 6);
    assert.deepEqual(
      problem.relatedInformation?.map(({ location, message }) => [location.range.start.line, message]),
      [[7, "`await load('news', 80)`"]],
    );
    const actions = await actionsAt(uri, problem.range);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Simul: Await these 2 together: `Promise.all`', 'Simul: Silence one-by-one at this line…'],
    );
    assert.equal(await vscode.workspace.applyEdit(actions[0]!.edit!), true);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(
      document.lineAt(6).text,
      "  const [user, news] = await Promise.all([load('user', 90), load('news', 80)]);",
    );
    await until('the problem is gone with its line', () => (problemsOf(uri).length === 0 ? true : null));
    await trace();
    // The hint of a wait that is over tells that the second run was read so far; the finding is not
    // there again.
    await until('the hint of the new line', async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
      return hints.find(({ position, label }) => position.line === 6 && String(label).startsWith('waited'));
    });
    assert.deepEqual(problemsOf(uri), []);
  });

  it('has no fix in a file that has changed since the trace', async () => {
    const { uri } = await openProgram('page.mts', PROGRAM);
    await trace();
    await until('the problem', () => oneByOneIn(uri));
    await vscode.window.activeTextEditor!.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    const range = new vscode.Range(7, 0, 7, 10);
    const actions = await until('the actions of the moved line', async () => {
      const found = await actionsAt(uri, range);
      return found.length > 0 ? found : null;
    });
    assert.deepEqual(
      actions.map(({ command, edit }) => edit ?? command?.command),
      ['simul.traceCurrentFile', 'simul.silenceFinding'],
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('refuses to be silenced by anything but a request of the server', async () => {
    const { uri } = await openProgram('untouched.mts', PROGRAM);
    for (const argument of [
      undefined,
      7,
      { uri: uri.toString(), version: 1, line: 0, indent: 'rm', rule: 'x' },
    ])
      await vscode.commands.executeCommand('simul.silenceFinding', argument);
    assert.equal(vscode.window.activeTextEditor!.document.isDirty, false);
  });
});
