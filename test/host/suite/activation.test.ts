import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the extension in a real VS Code', () => {
  it('is the packaged one, and activates', async () => {
    const extension = vscode.extensions.getExtension('simul.simul');
    assert.ok(extension, 'simul.simul is installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that its manifest shows', async () => {
    const manifest = vscode.extensions.getExtension('simul.simul')?.packageJSON as {
      contributes?: { commands?: readonly { command: string }[] };
    };
    const shown = (manifest.contributes?.commands ?? []).map(({ command }) => command);
    assert.notEqual(shown.length, 0, 'the manifest shows commands');
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      shown.filter((command) => !registered.has(command)),
      [],
    );
  });
});
