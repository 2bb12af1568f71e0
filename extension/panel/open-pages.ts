/**
 * The pages that are open, and the one that keys and commands mean: the one in the active editor,
 * else the one that was active last.
 */
import * as vscode from 'vscode';
import type { PanelAction } from '../../runtime/trace/messages/panel.ts';
import { PANEL_FOCUS_KEY } from './panel-focus-key.ts';
import type { PageLink } from './page-link.ts';

export class OpenPages {
  readonly #pages = new Set<PageLink>();
  readonly #listener: vscode.Disposable;
  #last: PageLink | null = null;
  #focused: PageLink | null = null;

  constructor() {
    this.#listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(KEY_BINDINGS)) return;
      for (const page of this.#pages) page.setOwnKeys(ownsKeys());
    });
  }

  add(page: PageLink): void {
    this.#pages.add(page);
    this.#last = page;
    page.setOwnKeys(ownsKeys());
  }

  remove(page: PageLink): void {
    this.#pages.delete(page);
    if (this.#last === page) this.#last = null;
    this.setFocus(page, false);
  }

  /** @param isInPicture the keys of the page's picture are meant */
  setFocus(page: PageLink, isInPicture: boolean): void {
    if (isInPicture) this.#last = this.#focused = page;
    else if (this.#focused === page) this.#focused = null;
    void vscode.commands.executeCommand('setContext', PANEL_FOCUS_KEY, this.#focused !== null);
  }

  /** Shows where the debugger stands, in each page of this recording or file. */
  showMoment(path: string, timeNs: number | null, task: string | null): void {
    for (const page of this.#pages) if (page.path === path) page.showMoment(timeNs, task);
  }

  runAction(action: PanelAction): void {
    const active = [...this.#pages].find((page) => page.isActive);
    (active ?? this.#last)?.runAction(action);
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

const KEY_BINDINGS = 'simul.panel.keybindings';

/** Whether the page answers its keys itself, and at once; else VS Code's key bindings decide. */
const ownsKeys = (): boolean => !vscode.workspace.getConfiguration().get(KEY_BINDINGS, false);
