/** The keys of the picture, their commands and the key bindings of these say the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KEYS } from '../../media/page/keys.ts';
import { PANEL_ACTIONS } from '../../runtime/trace/messages/panel.ts';
import { manifest, titles } from './manifest.ts';

const { commands, keybindings, menus } = manifest.contributes;
const ofPanel = commands.filter(({ command }) => command.startsWith('simul.panel.'));

/** A key as VS Code writes it. */
function bindingOf(key: string): string {
  const named: Readonly<Record<string, string>> = {
    ...{ ' ': 'space', '?': 'shift+/', '{': 'shift+[', '}': 'shift+]', '+': 'shift+=' },
    ...{ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' },
  };
  return named[key] ?? (/^[A-Z]$/.test(key) ? `shift+${key.toLowerCase()}` : key.toLowerCase());
}

describe('the keys of the panel', () => {
  it('have a command each, with a title', () => {
    assert.deepEqual(
      ofPanel.map(({ command }) => command),
      PANEL_ACTIONS.map((action) => `simul.panel.${action}`),
    );
    for (const { command, title } of ofPanel) {
      assert.equal(title, `%command.${command.slice('simul.'.length)}%`);
      assert.ok(titles[title.slice(1, -1)], title);
    }
    const actions: readonly string[] = PANEL_ACTIONS;
    for (const { action } of KEYS) assert.ok(actions.includes(action), action);
  });

  it('have the key that the page answers as the key of their command', () => {
    for (const { action, keys } of KEYS) {
      const bound = keybindings.filter(({ command }) => command === `simul.panel.${action}`);
      const expected = keys.map(bindingOf).filter((key) => key !== 'shift+=');
      assert.deepEqual(bound.map(({ key }) => key).sort(), expected.sort(), action);
    }
  });

  it('are bound only while the picture has the focus, and the page leaves them to VS Code', () => {
    const clause = 'simul.panelFocus && config.simul.panel.keybindings';
    const ofKeys = keybindings.filter(({ command }) => command.startsWith('simul.panel.'));
    for (const { command, when } of ofKeys) assert.equal(when, clause, command);
  });

  it('stand in the palette beside the panel alone', () => {
    const shown = new Map(menus['commandPalette']!.map(({ command, when }) => [command, when]));
    for (const { command } of ofPanel) assert.match(shown.get(command) ?? '', /^activeWebviewPanelId/);
  });
});
