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
  /** The recording that `view` belongs to: a file that runs again has another one. */
  readonly recording: string;
  readonly view: SavedView | null;
  /** null: it was never set by hand. */
  readonly treePx: number | null;
  readonly detailsPx: number;
  readonly openTab: string;
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
  const { recording, view, treePx, detailsPx, openTab } = fields;
  return {
    recording: typeof recording === 'string' ? recording : '',
    view: isObject(view) ? readSavedView(view) : null,
    treePx: isNumber(treePx) ? treePx : null,
    detailsPx: isNumber(detailsPx) ? detailsPx : 180,
    openTab: typeof openTab === 'string' ? openTab : '',
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readSavedView(fields: Record<string, unknown>): SavedView | null {
  const { startNs, endNs, following, rowPx, topPx, marks, selected, toggled } = fields;
  if (!isNumber(startNs) || !isNumber(endNs) || typeof following !== 'boolean' || !isNumber(rowPx))
    return null;
  return {
    startNs,
    endNs,
    following,
    rowPx,
    topPx: isNumber(topPx) ? topPx : 0,
    marks: Array.isArray(marks) ? marks.filter(isNumber) : [],
    selected: isObject(selected) ? readSavedSelection(selected) : null,
    toggled: Array.isArray(toggled) ? toggled.filter((key) => typeof key === 'string') : [],
  };
}

function readSavedSelection({ key, atNs }: Record<string, unknown>): SavedView['selected'] {
  return typeof key === 'string' && (atNs === null || isNumber(atNs)) ? { key, atNs } : null;
}
