/**
 * Between host, workers and page: blocks go straight to the decoder, which hands their records to the worker, the worker's
 * answers into signals, and what concerns the editor back to the host. Both are text of this very script, started from a blob,
 * as the content policy wants it.
 */
import decoderText from 'worker:../worker/decoder.ts';
import workerText from 'worker:../worker/main.ts';
import { batch } from '@preact/signals';
import type { ToPanel } from '../../runtime/trace/messages/panel.ts';
import type { Action, CanvasName, FromWorker, ToDecoder, ToWorker } from '../messages.ts';
import { getKept, keep, listenToHost, toHost } from './host.ts';
import * as state from './state.ts';
import { readTheme, watchTheme, applyTheme } from './theme.ts';

const KEEP_EVERY_MS = 500;

let worker: Worker | null = null;
let decoder: Worker | null = null;
let opening = -1;

export function startPanel(): void {
  worker = startWorker(workerText, 'simul');
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => take(event.data));
  decoder = startWorker(decoderText, 'simul decoder');
  const { port1, port2 } = new MessageChannel();
  toWorker({ type: 'decoder', port: port1 }, [port1]);
  toDecoder({ type: 'port', port: port2 }, [port2]);
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

function startWorker(text: string, name: string): Worker {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const started = new Worker(url, { name });
  URL.revokeObjectURL(url);
  started.addEventListener('error', (event) => {
    toHost({ type: 'fault', words: `${name}: ${event.message} (${event.lineno}:${event.colno})` });
  });
  return started;
}

function sendTheme(): void {
  const theme = readTheme();
  applyTheme(theme);
  toWorker({ type: 'theme', theme });
}

/** Messages sent to the worker: as long as it has not told of all of them, something is still to be drawn. */
let sent = 0;

export function toWorker(message: ToWorker, transfer: Transferable[] = []): void {
  if (!worker) return;
  worker.postMessage(message, transfer);
  sent++;
  state.atRest.value = false;
}

function toDecoder(message: ToDecoder, transfer: Transferable[] = []): void {
  decoder?.postMessage(message, transfer);
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
        state.overview.value = state.NO_OVERVIEW;
        state.status.value = null;
      });
      toWorker({ type: 'open', opening, name: message.name, mode: message.mode, view });
      return;
    }
    case 'block':
      if (message.opening === opening) toDecoder(message, [message.bytes]);
      return;
    case 'end':
      if (message.opening !== opening) return;
      state.endWords.value = message.words;
      if (state.phase.value === 'live') state.phase.value = message.stopped ? 'stopped' : 'ended';
      toDecoder({ type: 'end', opening });
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
    case 'rest':
      if (message.taken === sent) state.atRest.value = true;
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
      state.overview.value = message.overview;
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
