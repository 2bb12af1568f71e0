/**
 * Messages to and from the host, and what VS Code saves for the page. Where the page stands alone
 * there is no host: then nothing is sent and nothing is saved.
 */
import { readToPanel, type FromPanel, type ToPanel } from '../../runtime/trace/messages/panel.ts';
import type { SavedView } from '../messages.ts';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code keeps it while the webview is hidden, and over a restart of the window. */
export interface SavedState {
  /** The trace that `view` belongs to. */
  readonly name: string;
  readonly view: SavedView | null;
  readonly treePx: number;
  readonly detailsPx: number;
}

const api: VsCodeApi | null = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : null;

export const sendToHost = (message: FromPanel): void => api?.postMessage(message);

export function listenToHost(receive: (message: ToPanel) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readToPanel(event.data);
    if (message) receive(message);
  });
}

let saved = readSavedState(api?.getState());
export const getSavedState = (): SavedState => saved;
export function saveState(change: Partial<SavedState>): void {
  saved = { ...saved, ...change };
  api?.setState(saved);
}

/** An older version of the page may have written it: whatever does not fit is left out. */
function readSavedState(value: unknown): SavedState {
  const fields = isObject(value) ? value : {};
  const number = (key: string, fallback: number): number => {
    const field = fields[key];
    return typeof field === 'number' && Number.isFinite(field) ? field : fallback;
  };
  const { name, view } = fields;
  return {
    name: typeof name === 'string' ? name : '',
    view: isSavedView(view) ? view : null,
    treePx: number('treePx', 280),
    detailsPx: number('detailsPx', 132),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isSavedView(value: unknown): value is SavedView {
  return (
    isObject(value) &&
    Number.isFinite(value['startNs']) &&
    Number.isFinite(value['endNs']) &&
    typeof value['following'] === 'boolean' &&
    Number.isFinite(value['rowPx'])
  );
}
