/** The conversation with the host: VS Code's API where there is one, silence where the page stands alone. */
import { readToPanel, type FromPanel, type ToPanel } from '../../runtime/trace/messages/panel.ts';
import type { SavedView } from '../messages.ts';

interface Api {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Api;

/** Kept by VS Code while the webview is hidden and over a restart of the window. */
export interface Kept {
  readonly name: string;
  readonly view: SavedView | null;
  readonly treePx: number;
  readonly detailsPx: number;
}

const api: Api | null = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : null;

export const toHost = (message: FromPanel): void => api?.postMessage(message);

export function listenToHost(take: (message: ToPanel) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readToPanel(event.data);
    if (message) take(message);
  });
}

let kept = readKept(api?.getState());
export const getKept = (): Kept => kept;
export function keep(change: Partial<Kept>): void {
  kept = { ...kept, ...change };
  api?.setState(kept);
}

/** What comes back may have been written by an older version of the page. */
function readKept(value: unknown): Kept {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const number = (key: string, otherwise: number): number => {
    const found = it[key];
    return typeof found === 'number' && Number.isFinite(found) ? found : otherwise;
  };
  const view = it['view'] as Partial<SavedView> | null | undefined;
  const isView =
    typeof view === 'object' &&
    view !== null &&
    Number.isFinite(view.startNs) &&
    Number.isFinite(view.endNs) &&
    typeof view.follow === 'boolean' &&
    Number.isFinite(view.rowPx);
  return {
    name: typeof it['name'] === 'string' ? it['name'] : '',
    view: isView ? (view as SavedView) : null,
    treePx: number('treePx', 280),
    detailsPx: number('detailsPx', 132),
  };
}
