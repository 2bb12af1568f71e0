import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { TRACE_COMMAND } from '../../runtime/trace/messages/server.ts';
import { PANEL_COMMANDS } from '../../runtime/trace/messages/panel.ts';
import { tree } from '../machine/tree.ts';

interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly keywords: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; category: string; icon?: string; title: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly configuration: { properties: Readonly<Record<string, { markdownDescription?: string }>> };
    readonly colors: readonly { defaults: Readonly<Record<string, string>> }[];
    readonly walkthroughs: readonly { steps: readonly { media: { markdown: string } }[] }[];
  };
}
const text = readFileSync(join(tree, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readFileSync(join(tree, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { commands, menus, configuration, colors, walkthroughs } = manifest.contributes;
const ids = commands.map(({ command }) => command);

describe('the manifest', () => {
  it('has a command for each row of the table, and no other', () => {
    const rows = readFileSync(join(tree, 'extension/commands.ts'), 'utf8').match(/id: '(simul\.\w+)'/g) ?? [];
    assert.deepEqual(rows.map((row) => row.slice(5, -1)).sort(), [...ids].sort());
  });

  it('has the commands that the panel and the lenses ask for', () => {
    for (const name of [TRACE_COMMAND, ...PANEL_COMMANDS.map((name) => `simul.${name}`)])
      assert.ok(ids.includes(name), name);
  });

  it('gives every command a category and an icon', () => {
    for (const { command, category, icon } of commands) {
      assert.equal(category, 'Simul', command);
      assert.match(icon ?? '', /^\$\([\w-]+\)$/, command);
    }
  });

  it('names in its menus only commands that exist', () => {
    for (const rows of Object.values(menus))
      for (const { command } of rows) assert.ok(ids.includes(command), command);
  });

  it('has words for every %key%, and no others', () => {
    const used = [...new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!))];
    assert.deepEqual(used.sort(), Object.keys(words).sort());
  });

  it('describes every setting', () => {
    for (const [name, { markdownDescription }] of Object.entries(configuration.properties)) {
      assert.ok(markdownDescription, name);
    }
  });

  it('has a colour for each kind of theme', () => {
    for (const { defaults } of colors) {
      assert.deepEqual(Object.keys(defaults).sort(), ['dark', 'highContrast', 'highContrastLight', 'light']);
    }
  });

  it('names pictures and pages that are there', () => {
    const pages = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown));
    for (const path of [manifest.icon, ...pages]) assert.ok(existsSync(join(tree, path)), path);
  });

  it('starts for what it serves, never for everything, and has five keywords at most', () => {
    assert.ok(!manifest.activationEvents.some((event) => event === '*' || event === 'onStartupFinished'));
    assert.ok(manifest.keywords.length <= 5);
  });
});
