/**
 * Between host, worker and page: blocks go straight to the worker, its answers into signals, and what concerns the
 * editor back to the host. The worker is text of this very script, started from a blob, as the content policy wants it.
 */
import workerText from 'worker:../worker/main.ts';
import { batch } from '@preact/signals';
import type { ToPanel } from '../../runtime/trace/messages/panel.ts';
import type { Action, CanvasName, FromWorker, ToWorker } from '../messages.ts';
import { getKept, keep, listenToHost, toHost } from './host.ts';
import * as state from './state.ts';
import { readTheme, watchTheme, wearTheme } from './theme.ts';

const KEEP_EVERY_MS = 500;

let worker: Worker | null = null;
let opening = -1;

export function startPanel(): void {
  const url = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }));
  worker = new Worker(url, { name: 'simul' });
  URL.revokeObjectURL(url);
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => take(event.data));
  worker.addEventListener('error', (event) => {
    toHost({ type: 'fault', words: `worker: ${event.message} (${event.lineno}:${event.colno})` });
  });
  window.addEventListener('error', (event) => toHost({ type: 'fault', words: `page: ${event.message}` }));
  sendTheme();
  let asked = false;
  watchTheme(() => {
    // A theme sets hundreds of variables, one by one.
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      sendTheme();
    });
  });
  document.addEventListener('visibilitychange', () => {
    toWorker({ type: 'visible', visible: document.visibilityState === 'visible' });
  });
  listenToHost(fromHost);
}

function sendTheme(): void {
  const theme = readTheme();
  wearTheme(theme);
  toWorker({ type: 'theme', theme });
}

export function toWorker(message: ToWorker, transfer: Transferable[] = []): void {
  worker?.postMessage(message, transfer);
}

export const act = (action: Action): void => toWorker({ type: 'action', action });

export function giveCanvas(canvasName: CanvasName, canvas: HTMLCanvasElement): void {
  const offscreen = canvas.transferControlToOffscreen();
  toWorker({ type: 'canvas', name: canvasName, canvas: offscreen }, [offscreen]);
}

function fromHost(message: ToPanel): void {
  switch (message.type) {
    case 'open': {
      opening = message.opening;
      const kept = getKept();
      const view = kept.name === message.name ? kept.view : null;
      keep({ name: message.name, view });
      batch(() => {
        state.phase.value = message.mode === 'live' ? 'live' : 'file';
        state.name.value = message.name;
        state.endWords.value = '';
        state.troubles.value = [];
        state.summary.value = [];
        state.status.value = null;
      });
      toWorker({ type: 'open', opening, name: message.name, mode: message.mode, view });
      return;
    }
    case 'block':
      if (message.opening === opening) toWorker(message, [message.bytes]);
      return;
    case 'end':
      if (message.opening !== opening) return;
      state.endWords.value = message.words;
      if (state.phase.value === 'live') state.phase.value = 'stopped';
      toWorker({ type: 'end', opening });
      return;
    case 'trouble':
      if (message.opening !== opening && opening >= 0) return;
      addTrouble(message.words);
      return;
    case 'reveal':
      toWorker({ type: 'reveal', file: message.file, line: message.line });
      return;
  }
}

function addTrouble(words: string): void {
  if (!state.troubles.value.includes(words))
    state.troubles.value = [...state.troubles.value.slice(-4), words];
}

let keptAt = 0;

function take(message: FromWorker): void {
  switch (message.type) {
    case 'credit':
      toHost(message);
      return;
    case 'status': {
      const { status } = message;
      state.status.value = status;
      const now = performance.now();
      if (status.events > 0 && now - keptAt > KEEP_EVERY_MS) {
        keptAt = now;
        const { startNs, endNs, follow, rowPx } = status;
        keep({ view: { startNs, endNs, follow, rowPx } });
      }
      return;
    }
    case 'summary':
      state.summary.value = message.words;
      if (state.tab.value === 'table') askTable();
      return;
    case 'tree':
      state.tree.value = message;
      return;
    case 'scrollTo':
      document.querySelector('.rows')?.scrollTo({ top: message.top });
      return;
    case 'selection':
      state.selection.value = message.selection;
      return;
    case 'source': {
      const { file, line, column } = message.source;
      toHost({ type: 'source', file, line, column, preview: message.preview });
      return;
    }
    case 'tip':
      state.tip.value = message;
      return;
    case 'untip':
      state.tip.value = null;
      return;
    case 'found':
      state.found.value = message;
      return;
    case 'table':
      state.table.value = message;
      return;
    case 'trouble':
      addTrouble(message.words);
      return;
    case 'fault':
      toHost(message);
      return;
  }
}

export function askTable(): void {
  const { by, descending } = state.tableSort.value;
  toWorker({ type: 'table', wanted: true, sort: by, descending });
}
