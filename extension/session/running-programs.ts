/**
 * The programs that run under trace. None is ended for another without the user's word: before a
 * second one begins the user is asked, and may keep both.
 */
import * as vscode from 'vscode';
import { shownText } from '../panel/shown-text.ts';
import type { ProgramEnd, ProgramSession } from './program-session.ts';

export class RunningPrograms {
  readonly #sessions = new Set<ProgramSession>();
  /** How those ended that recorded into a folder, in this order. */
  readonly #ends = new Map<string, ProgramEnd[]>();
  /** Folders whose programs the user stopped, one of them at least. */
  readonly #stopped = new Set<string>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get names(): readonly string[] {
    return [...this.#sessions].map(({ name }) => name);
  }

  /** What they record into. */
  get folders(): readonly string[] {
    return [...this.#sessions].map(({ launch }) => launch.recording);
  }

  add(session: ProgramSession): void {
    this.#sessions.add(session);
    this.#onChange();
    const { recording } = session.launch;
    void session.ended.then((end) => {
      this.#sessions.delete(session);
      this.#ends.set(recording, [...(this.#ends.get(recording) ?? []), end]);
      if (session.wasStopped) this.#stopped.add(recording);
      this.#onChange();
    });
  }

  /** @returns 'no': the user wants neither; a recording: that of the newest, to record into */
  async mayBegin(name: string): Promise<'no' | 'apart' | { readonly recording: string }> {
    const running = [...this.#sessions];
    if (running.length === 0) return 'apart';
    const isOne = running.length === 1;
    const stop = isOne ? vscode.l10n.t('Stop It First') : vscode.l10n.t('Stop Them First');
    const keep = isOne ? vscode.l10n.t('Keep Both') : vscode.l10n.t('Keep All');
    const together = vscode.l10n.t('Trace Together');
    const [names, next] = [shownText(this.names.join(', ')), shownText(name)];
    const question = isOne
      ? vscode.l10n.t('{0} still runs under trace. Stop it before {1} begins?', names, next)
      : vscode.l10n.t('{0} still run under trace. Stop them before {1} begins?', names, next);
    const detail = vscode.l10n.t(
      'Together, they are in one picture: a server and its client, say. Apart, the panel shows the newest; what the others record is kept.',
    );
    const choices = [together, stop, keep];
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...choices);
    if (answer === together) return { recording: running.at(-1)!.launch.recording };
    if (answer === stop) await stopAll(running);
    return answer === undefined ? 'no' : 'apart';
  }

  /** Resolves when no program records into this folder any more, with how each of them ended. */
  async endOf(folder: string): Promise<Pick<ProgramEnd, 'words'>> {
    for (;;) {
      const own = [...this.#sessions].filter(({ launch }) => launch.recording === folder);
      if (own.length === 0) break;
      await Promise.all(own.map(({ ended }) => ended));
    }
    return { words: (this.#ends.get(folder) ?? []).map(({ words }) => words).join(' ') };
  }

  /** Whether the user stopped one of those that recorded into this folder. */
  wasStopped(folder: string): boolean {
    return this.#stopped.has(folder);
  }

  /** @param recording the folder of one; absent: the only one, or the one that the user chooses */
  async stop(recording?: string): Promise<void> {
    const named = [...this.#sessions].find(({ launch }) => launch.recording === recording);
    if (recording !== undefined && named === undefined) return;
    const chosen = named ?? (await this.#choose());
    if (chosen !== undefined) await stopAll([chosen]);
  }

  dispose(): void {
    for (const session of this.#sessions) session.dispose();
  }

  async #choose(): Promise<ProgramSession | undefined> {
    const running = [...this.#sessions];
    if (running.length < 2) return running[0];
    const items = running.map((session) => ({
      label: shownText(session.name),
      description: shownText(session.launch.shown),
      session,
    }));
    const title = vscode.l10n.t('Stop which program?');
    return (await vscode.window.showQuickPick(items, { title }))?.session;
  }
}

async function stopAll(sessions: readonly ProgramSession[]): Promise<void> {
  const names = shownText(sessions.map(({ name }) => name).join(', '));
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Stopping {0}', names) },
    () => Promise.all(sessions.map((session) => session.stop())),
  );
}
