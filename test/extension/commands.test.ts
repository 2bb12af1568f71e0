/**
 * The table of commands, its files, the manifest and the titles say the same. The table is read as
 * text: it imports vscode, which only the extension host has.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { CONTEXT_KEYS, WALKTHROUGH_KEYS } from '../../extension/context-keys.ts';
import { PANEL_FOCUS_KEY } from '../../extension/panel/panel-focus-key.ts';
import { PANEL_COMMANDS } from '../../runtime/trace/messages/panel.ts';
import { TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
import { tree } from '../machine/tree.ts';
import { clausesOf, manifest, titles } from './manifest.ts';

const folder = join(tree, 'extension/commands');
const table = readFileSync(join(folder, 'commands.ts'), 'utf8');
const rows = [...table.matchAll(/^ {2}'simul\.(\w+)': (\w+),$/gm)].map(([, name, factory]) => ({
  name: name!,
  factory: factory!,
}));
const { commands, menus } = manifest.contributes;
const ids = commands.map(({ command }) => command);
/** Those of the panel's keys are a list of their own. */
const own = commands.filter(({ command }) => !command.startsWith('simul.panel.'));
const fileOf = (factory: string): string =>
  `${factory.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;

describe('the commands', () => {
  it('stand in the manifest, each row of the table and no other', () => {
    assert.notEqual(rows.length, 0);
    assert.deepEqual(
      rows.map(({ name }) => `simul.${name}`).sort(),
      own.map(({ command }) => command).sort(),
    );
  });

  it('have a file each, which exports the factory of the same name', () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['commands.ts', 'context.ts', 'target-file.ts', ...rows.map(({ factory }) => fileOf(factory))].sort(),
    );
    for (const { name, factory } of rows) {
      assert.equal(factory, name, 'a command is named after its factory');
      const source = readFileSync(join(folder, fileOf(factory)), 'utf8');
      assert.match(source, new RegExp(`^export const ${factory}: CommandFactory = `, 'm'));
    }
  });

  it('have a title each, under the name of the command', () => {
    for (const { command, title } of commands) {
      const key = command.replace(/^simul\./, 'command.');
      assert.equal(title, `%${key}%`);
      assert.ok(titles[key], key);
    }
    const keys = Object.keys(titles).filter((key) => key.startsWith('command.'));
    assert.equal(keys.length, commands.length);
  });

  it('have a category and an icon each', () => {
    for (const { command, category, icon } of own) {
      assert.equal(category, 'Simul', command);
      assert.match(icon ?? '', /^\$\([\w-]+\)$/, command);
    }
  });

  it('include those that the panel and the lenses ask for', () => {
    for (const id of [TRACE_COMMAND, ...PANEL_COMMANDS.map((name) => `simul.${name}`)])
      assert.ok(ids.includes(id), id);
  });

  it('are the only ones in the menus', () => {
    for (const items of Object.values(menus))
      for (const { command } of items) assert.ok(ids.includes(command), command);
  });

  it('are hidden from the palette while they are disabled', () => {
    const hidden = new Map(menus['commandPalette']?.map(({ command, when }) => [command, when]));
    for (const { command, enablement } of commands) {
      const when = hidden.get(command) ?? '';
      assert.ok(when.includes(enablement ?? ''), `${command}: "${when}" lacks "${enablement}"`);
    }
  });

  it('are enabled by context keys that the extension sets, each of them used', () => {
    const used = clausesOf(manifest).flatMap((clause) => clause.match(/(?<!['.])\bsimul\.\w+/g) ?? []);
    const set = [...Object.values({ ...CONTEXT_KEYS, ...WALKTHROUGH_KEYS }), PANEL_FOCUS_KEY];
    assert.deepEqual([...new Set(used)].sort(), set.sort());
  });
});
