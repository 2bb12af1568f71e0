import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { until } from './until.ts';

describe('the editor for saved traces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simul-traces-'));
  const whole = join(folder, 'whole.simul');

  before(() => {
    const program = join(folder, 'program.mjs');
    writeFileSync(program, 'await new Promise((go) => setTimeout(go, 5));\n');
    const extension = vscode.extensions.getExtension('simul.simul')!;
    const cli = vscode.Uri.joinPath(extension.extensionUri, 'dist/cli.js').fsPath;
    // The extension host's own Node stands for the user's.
    execFileSync(process.execPath, [cli, 'trace', '--out', whole, program], {
      stdio: 'ignore',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', SIMUL_RECORDINGS: join(folder, 'recordings') },
    });
    writeFileSync(join(folder, 'empty.simul'), '');
    writeFileSync(join(folder, 'foreign.simul'), '{"traceEvents":[]}');
    writeFileSync(join(folder, 'cut.simul'), readFileSync(whole).subarray(0, -30));
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  for (const name of ['whole', 'empty', 'foreign', 'cut']) {
    it(`opens ${name}.simul`, async () => {
      await vscode.commands.executeCommand('simul.openTrace', vscode.Uri.file(join(folder, `${name}.simul`)));
      const input = await until('its tab', () => {
        const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
        return tab?.label === `${name}.simul` ? tab.input : null;
      });
      assert.ok(input instanceof vscode.TabInputCustom);
      assert.equal(input.viewType, 'simul.trace');
    });
  }

  it('is what VS Code opens such a file with', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(whole));
    const input = await until('its tab', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input);
    assert.ok(input instanceof vscode.TabInputCustom);
  });
});
