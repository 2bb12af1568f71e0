/**
 * The page's link to the host and to its two workers. Blocks go straight to the decoder, which
 * passes their records to the worker. What the worker sends goes into the page's state, and what
 * concerns the editor goes back to the host. Both workers are text of this very script, started
 * from a blob: the content security policy allows no other way.
 */
import decoderText from 'worker:../worker/decoder.ts';
import workerText from 'worker:../worker/main.ts';
import { batch, effect } from '@preact/signals';
import type { PanelAction, ToPanel } from '../../runtime/trace/messages/panel.ts';
import type { Action, CanvasName, FromWorker, SavedView, ToDecoder, ToWorker, TreeRow } from '../messages.ts';
import { BlockBatch } from './block-batch.ts';
import { getSavedState, listenToHost, saveState, sendToHost } from './host.ts';
import * as state from './state.ts';
import { applyTheme, readTheme, watchTheme } from './theme.ts';

const SAVE_EVERY_MS = 500;
const MAX_TROUBLES = 5;

let worker: Worker | null = null;
let decoder: Worker | null = null;
/** Number of the trace that is open; −1: none yet. */
let opening = -1;
const blocks = new BlockBatch((gathered) => {
  const sent = gathered.map(({ part, bytes }) => ({ part, bytes }));
  sendToDecoder(
    { type: 'blocks', opening, blocks: sent },
    sent.map(({ bytes }) => bytes),
  );
});
/**
 * To the worker, straight or through the decoder. Until the worker has reported all of them,
 * something is still to be drawn.
 */
let sentMessages = 0;
/** The newest view, until it is saved. */
let unsavedView: SavedView | null = null;

export function startPanel(): void {
  worker = startWorker(workerText, 'simul');
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
    receiveFromWorker(event.data);
  });
  decoder = startWorker(decoderText, 'simul decoder');
  const { port1, port2 } = new MessageChannel();
  sendToWorker({ type: 'decoderPort', port: port1 }, [port1]);
  sendToDecoder({ type: 'port', port: port2 }, [port2]);
  window.addEventListener('error', (event) => {
    sendToHost({ type: 'fault', words: `page: ${event.message}` });
  });
  sendTheme();
  watchTheme(sendTheme);
  document.addEventListener('visibilitychange', () => {
    saveView();
    sendToWorker({ type: 'visibility', visible: document.visibilityState === 'visible' });
  });
  // VS Code ends a hidden page without a further word.
  window.addEventListener('pagehide', saveView);
  setInterval(saveView, SAVE_EVERY_MS);
  // Whoever comes to the panel comes for the picture: its keys work at once.
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('.lanes')?.focus();
  });
  effect(() => sendToWorker({ type: 'openTab', tab: state.openTab.value }));
  effect(() => sendToWorker({ type: 'treeOptions', options: state.treeOptions.value }));
  listenToHost(receiveFromHost);
}

function startWorker(text: string, name: string): Worker {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const started = new Worker(url, { name });
  URL.revokeObjectURL(url);
  started.addEventListener('error', (event) => {
    const words = `${name}: ${event.message} (${event.lineno}:${event.colno})`;
    sendToHost({ type: 'fault', words });
  });
  return started;
}

function sendTheme(): void {
  const theme = readTheme();
  applyTheme(theme);
  sendToWorker({ type: 'theme', theme });
}

export function sendToWorker(message: ToWorker, transfer: Transferable[] = []): void {
  if (!worker) return;
  worker.postMessage(message, transfer);
  countSent();
}

function sendToDecoder(message: ToDecoder, transfer: Transferable[] = []): void {
  if (!decoder) return;
  decoder.postMessage(message, transfer);
  // It passes on one message for each but the port, which is its own.
  if (message.type !== 'port') countSent();
}

function countSent(): void {
  sentMessages++;
  state.upToDate.value = false;
}

export const sendAction = (action: Action): void => sendToWorker({ type: 'action', action });

/** Hands the canvas over to the worker; possible once for each element. */
export function transferCanvas(name: CanvasName, element: HTMLCanvasElement): void {
  const canvas = element.transferControlToOffscreen();
  sendToWorker({ type: 'canvas', name, canvas }, [canvas]);
}

export function requestTable(): void {
  const { by, descending } = state.tableSort.value;
  sendToWorker({ type: 'requestTable', sort: by, descending });
}

/** What a key does, or a command of VS Code in its place. */
export function runAction(action: PanelAction): void {
  if (action === 'search') state.searchOpen.value = true;
  else if (action === 'help') state.helpOpen.value = true;
  else sendAction(action);
}

function receiveFromHost(message: ToPanel): void {
  switch (message.type) {
    case 'open':
      openTrace(message);
      return;
    case 'block':
      if (message.opening !== opening) return;
      state.upToDate.value = false;
      blocks.push(message);
      if (state.phase.value === 'file') blocks.flush();
      return;
    case 'end':
      if (message.opening !== opening) return;
      state.endWords.value = message.words;
      if (state.phase.value === 'live') state.phase.value = message.stopped ? 'stopped' : 'ended';
      blocks.flush();
      sendToDecoder({ type: 'end', opening });
      return;
    case 'trouble':
      if (message.opening === opening || opening < 0) addTrouble(message.words);
      return;
    case 'reveal':
      sendToWorker({ type: 'revealLine', file: message.file, line: message.line });
      return;
    case 'action':
      runAction(message.action);
      return;
    case 'moment':
      sendToWorker(message);
      return;
    case 'keys':
      state.ownsKeys.value = message.own;
      return;
  }
}

function openTrace(message: Extract<ToPanel, { type: 'open' }>): void {
  const { name, mode, recording, canAdd = false } = message;
  opening = message.opening;
  blocks.clear();
  unsavedView = null;
  const saved = getSavedState();
  const view = saved.recording === recording ? saved.view : null;
  saveState({ recording, view });
  batch(() => {
    state.phase.value = mode === 'live' ? 'live' : 'file';
    state.name.value = name;
    state.canAdd.value = canAdd;
    state.endWords.value = '';
    state.troubles.value = [];
    state.summary.value = [];
    state.overview.value = state.NO_OVERVIEW;
    state.status.value = null;
    state.tooltip.value = null;
    state.selection.value = null;
    state.path.value = null;
    state.graph.value = null;
  });
  sendToWorker({ type: 'open', opening, mode, view });
}

/** The newest few are shown, each once. */
function addTrouble(words: string): void {
  const troubles = state.troubles.value;
  if (troubles.includes(words)) return;
  state.troubles.value = [...troubles.slice(1 - MAX_TROUBLES), words];
}

function receiveFromWorker(message: FromWorker): void {
  switch (message.type) {
    case 'credit':
    case 'fault':
    case 'moment':
      sendToHost(message);
      return;
    case 'upToDate':
      if (message.receivedMessages === sentMessages && blocks.isEmpty) state.upToDate.value = true;
      return;
    case 'status':
      state.status.value = message.status;
      unsavedView = message.status.saved;
      if (isOtherSelection(unsavedView)) saveView();
      return;
    case 'summary':
      state.summary.value = message.words;
      state.overview.value = message.overview;
      return;
    case 'tree':
      state.tree.value = { ...message, rows: keepEqualRows(message.rows) };
      return;
    case 'scrollTo':
      document.querySelector('.rows')?.scrollTo({ top: message.topPx });
      return;
    case 'selection':
      state.selection.value = message.selection;
      return;
    case 'source': {
      const { file, line, column, sinceLine = line } = message.source;
      sendToHost({ type: 'source', file, line, column, sinceLine, preview: message.preview });
      return;
    }
    case 'tooltip':
      state.tooltip.value = message;
      return;
    case 'hideTooltip':
      state.tooltip.value = null;
      return;
    case 'searchResult':
      state.searchResult.value = message;
      return;
    case 'path':
      state.path.value = message.path;
      return;
    case 'graph':
      state.graph.value = message.graph;
      return;
    case 'table':
      state.table.value = message;
      return;
    case 'trouble':
      addTrouble(message.words);
      return;
  }
}

/** A row that says what it said before is the same object: then nothing of it is rendered anew. */
function keepEqualRows(rows: readonly TreeRow[]): readonly TreeRow[] {
  const before = new Map(state.tree.value.rows.map((row) => [row.key, row]));
  return rows.map((row) => {
    const old = before.get(row.key);
    return old !== undefined && isEqual(old, row) ? old : row;
  });
}

function isEqual(a: TreeRow, b: TreeRow): boolean {
  const fields = Object.keys(a) as (keyof TreeRow)[];
  return fields.every((field) => a[field] === b[field]) && fields.length === Object.keys(b).length;
}

/** Who selects something and leaves the panel at once finds it again. */
function isOtherSelection(view: SavedView | null): boolean {
  const before = getSavedState().view?.selected;
  return view !== null && (view.selected?.key !== before?.key || view.selected?.atNs !== before?.atNs);
}

/** Otherwise at most so often: each time, the whole state goes to VS Code. */
function saveView(): void {
  if (unsavedView !== null) saveState({ view: unsavedView });
  unsavedView = null;
}
