/**
 * The panel's worker with a trace in it, outside a browser: it draws to canvases that keep nothing,
 * and is asked for all that a page asks for. What it sends to the page is checked.
 */
import { ACTION_HANDLERS } from '../../media/worker/actions.ts';
import type { Clock } from '../../media/worker/clock.ts';
import { handleMessage, type PanelMessage } from '../../media/worker/message-handlers.ts';
import { PanelController } from '../../media/worker/panel-controller.ts';
import { describeSelection } from '../../media/worker/words/selection-details.ts';
import { TABLE_SORTS, type Action, type FromWorker, type Theme } from '../../media/messages.ts';
import { fakeCanvas } from './fake-canvas.ts';

const [WIDTH, HEIGHT] = [120, 72];
const MAX_ROWS = 24;
const MAX_SPANS = 6;
const MAX_FRAMES = 8;
const THEME: Theme = {
  background: '#000',
  foreground: '#fff',
  muted: '#888',
  run: '#0f0',
  ready: '#ff0',
  blocked: '#f00',
  idle: '#333',
  error: '#f0f',
  wake: '#0ff',
  focus: '#00f',
  guide: '#444',
  hover: '#555',
  fontFamily: 'mono',
  fontPx: 12,
  highContrast: false,
};

/** Time stands still; what was asked for runs when `runDue` is called. */
class StillClock implements Clock {
  #ms = 0;
  #due: (() => void)[] = [];

  now(): number {
    return this.#ms;
  }
  atNextFrame(run: () => void): void {
    this.#due.push(run);
  }
  after(_ms: number, run: () => void): () => void {
    this.#due.push(run);
    return () => {
      this.#due = this.#due.filter((other) => other !== run);
    };
  }
  /** @returns whether anything was due */
  runDue(): boolean {
    this.#ms += 300;
    const due = this.#due.splice(0);
    for (const run of due) run();
    return due.length > 0;
  }
}

export function readInPanel(
  blocks: readonly { readonly part: number; readonly records: Uint8Array }[],
  check: (where: string, text: string) => void,
  isThorough: boolean,
): void {
  const clock = new StillClock();
  const checkAll = (where: string, value: unknown, key = ''): void => {
    if (typeof value === 'string') {
      // The path of a file is no text: it is there to be opened.
      if (key !== 'file' && key !== 'key') check(where, value);
    } else if (typeof value === 'number') check(`${where} ${key}`, String(value));
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) checkAll(where, member, name);
  };
  const panel = new PanelController(
    (message: FromWorker) => checkAll(`the panel's ${message.type}`, message),
    clock,
  );
  const send = (message: PanelMessage): void => handleMessage(panel, message);
  const draw = (): void => {
    for (let frame = 0; frame < MAX_FRAMES && clock.runDue(); frame++);
  };
  for (const name of ['lanes', 'minimap', 'ruler'] as const) {
    send({ type: 'canvas', name, canvas: fakeCanvas(1, 1) });
    send({ type: 'size', name, width: WIDTH, height: HEIGHT, ratio: 1 });
  }
  send({ type: 'theme', theme: THEME });
  send({ type: 'open', opening: 1, mode: 'file', view: null });
  send({ type: 'visibility', visible: true });
  const { session } = panel;
  for (const { part, records } of blocks) session.feed(part, records);
  draw();
  panel.endTrace();
  session.updateFindings();
  panel.redraw();
  draw();
  if (!isThorough) return;
  lookAtRows(panel, checkAll);
  for (let x = 0; x < WIDTH; x += 29) {
    for (let y = 0; y < HEIGHT; y += 23) send({ type: 'hover', x, y });
    send({ type: 'click', x, y: x % HEIGHT, focusEditor: false });
    draw();
  }
  Object.keys(ACTION_HANDLERS).forEach((action, i) => {
    send({ type: 'action', action: action as Action });
    if (i % 3 === 0) draw();
  });
  for (const sort of TABLE_SORTS) send({ type: 'requestTable', sort, descending: true });
  send({ type: 'search', text: 'f', step: 1 });
  send({ type: 'showRange', fromShare: 0.2, toShare: 0.2 });
  draw();
  for (const factor of [1e-9, 1e12]) {
    send({ type: 'zoom', px: WIDTH, factor });
    draw();
  }
}

function lookAtRows(panel: PanelController, check: (where: string, value: unknown) => void): void {
  const { session } = panel;
  for (const { kind, index: row, key } of session.tree.list.slice(0, MAX_ROWS)) {
    for (let index = -1; index < MAX_SPANS; index++) {
      const selected = { kind, row, index, key };
      if (index >= 0 && kind !== 'resource' && session.spanOf(selected) === null) break;
      check('a selection', describeSelection(session, selected));
    }
  }
}
