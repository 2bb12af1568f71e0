/**
 * Plays the host for a page that stands alone (`simul report`): it gives the panel the trace that
 * is written into the page, and answers what the panel asks for. Nothing is fetched, and nothing
 * leaves the page but what its reader copies or saves.
 *
 *   <script type="application/octet-stream" id="trace" data-name="…">*.simul as base64</script>
 */
import { pageBlocks } from '../../runtime/trace/format/page-blocks.ts';
import { readTraceFile } from '../../runtime/trace/format/trace-file.ts';
import {
  BLOCK_MAX_BYTES,
  type FromPanel,
  PANEL_WINDOW_BYTES,
  type ToPanel,
} from '../../runtime/trace/messages/panel.ts';
import { inflateBlock } from './inflate-block.ts';
import { showNote } from './note.ts';

const OPENING = 1;

const element = document.getElementById('trace')!;
const name = element.dataset['name'] ?? 'trace';
const file = decodeBase64(element.textContent ?? '');
element.remove();

let inFlightBytes = 0;
let onRoom: (() => void) | null = null;

function receiveFromPanel(message: FromPanel): void {
  switch (message.type) {
    case 'ready':
      void sendTrace();
      return;
    case 'credit':
      inFlightBytes = Math.max(0, inFlightBytes - message.bytes);
      onRoom?.();
      return;
    case 'source':
      // There is no editor; while the selection moves, the details name the line.
      if (!message.preview) void copy(`${message.file}:${message.line}:${message.column}`);
      return;
    case 'copy':
      void copy(message.text);
      return;
    case 'command':
      if (message.command === 'saveTrace') saveTrace();
      return;
    case 'fault':
      console.error(message.words);
      return;
    case 'moment':
    case 'focus':
      return;
  }
}

async function sendTrace(): Promise<void> {
  post({ type: 'keys', own: true });
  post({ type: 'open', opening: OPENING, name, mode: 'file', recording: name });
  const contents = readTraceFile(file);
  if (typeof contents === 'string') return endWith(`${name} cannot be opened: ${contents}.`);
  for (const block of contents.blocks) {
    const pieces = pageBlocks(block, await inflateBlock(block), BLOCK_MAX_BYTES);
    if (typeof pieces === 'string') addTrouble(`${name}: ${pieces}.`);
    else for (const piece of pieces) await sendBlock(block.part, new Uint8Array(piece).buffer);
  }
  endWith(contents.trouble === null ? null : `${name}: ${contents.trouble}.`);
}

async function sendBlock(part: number, bytes: ArrayBuffer): Promise<void> {
  while (inFlightBytes > PANEL_WINDOW_BYTES - BLOCK_MAX_BYTES)
    await new Promise<void>((resolve) => (onRoom = resolve));
  inFlightBytes += bytes.byteLength;
  post({ type: 'block', opening: OPENING, part, bytes }, [bytes]);
}

function endWith(trouble: string | null): void {
  if (trouble !== null) addTrouble(trouble);
  post({ type: 'end', opening: OPENING, words: '', stopped: false });
}

const addTrouble = (words: string): void => post({ type: 'trouble', opening: OPENING, words });

function post(message: ToPanel, transfer: Transferable[] = []): void {
  window.postMessage(message, '*', transfer);
}

async function copy(text: string): Promise<void> {
  const isShort = text.length < 200 && !text.includes('\n');
  try {
    await navigator.clipboard.writeText(text);
    showNote(isShort ? `Copied: ${text}` : 'Copied');
  } catch {
    showNote(isShort ? text : 'The browser does not let this page copy.');
  }
}

/** The trace as a file, for VS Code and the command line. */
function saveTrace(): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([new Uint8Array(file)], { type: 'application/octet-stream' }));
  link.download = `${name.replace(/\.simul$/, '')}.simul`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function decodeBase64(text: string): Uint8Array {
  const signs = atob(text.trim());
  const bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i++) bytes[i] = signs.charCodeAt(i);
  return bytes;
}

/** The classes that VS Code gives to a webview's body, after the reader's system. */
function followScheme(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    document.body.classList.toggle('vscode-light', light.matches);
    document.body.classList.toggle('vscode-dark', !light.matches);
  };
  apply();
  light.addEventListener('change', apply);
}

/** What was seen is kept over a reload of the page. */
function setState(state: unknown): void {
  try {
    history.replaceState({ simul: state }, '');
  } catch {
    // A browser may refuse it for files.
  }
}

followScheme();
const getState = (): unknown => (history.state as { simul?: unknown } | null)?.simul;
const api = { postMessage: receiveFromPanel, getState, setState };
Object.defineProperty(globalThis, 'acquireVsCodeApi', { value: () => api });
