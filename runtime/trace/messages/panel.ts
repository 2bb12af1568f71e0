/**
 * What the extension host and the panel's page say to each other. Only events travel,
 * never state: a panel that comes back says `ready` and is sent everything again.
 *
 * Blocks flow on credit: the page grants bytes, the host never has more than
 * `PANEL_WINDOW_BYTES` unacknowledged, and skips nothing: the files are the queue.
 */
export const PANEL_WINDOW_BYTES = 8 * 1024 * 1024;
export const BLOCK_MAX_BYTES = 1024 * 1024;

export type ToPanel =
  /**
   * A recording or file begins; what came before is forgotten. Later messages carry its number.
   * `recording` tells it from others of its name, also after a restart: what was seen of it is
   * restored.
   */
  | {
      readonly type: 'open';
      readonly opening: number;
      readonly name: string;
      readonly mode: 'live' | 'file';
      readonly recording: string;
      /** Another recording can be added to it. */
      readonly canAdd?: boolean;
    }
  /** Records of one part (process) in file order, as a compact block (format/compact.ts). */
  | { readonly type: 'block'; readonly opening: number; readonly part: number; readonly bytes: ArrayBuffer }
  /**
   * Nothing more will come. `words`: one sentence, e.g. how the program ended. `stopped`: because
   * the user stopped it.
   */
  | { readonly type: 'end'; readonly opening: number; readonly words: string; readonly stopped: boolean }
  /** Something is wrong with the recording or could not be done; one sentence for the user. */
  | { readonly type: 'trouble'; readonly opening: number; readonly words: string }
  /** The editor asks to show where this line waits. */
  | { readonly type: 'reveal'; readonly file: string; readonly line: number }
  /** A command of VS Code asks for what a key of the page does. */
  | { readonly type: 'action'; readonly action: PanelAction }
  /** The moment that the debugger shows, ns; null: it shows none any more. */
  | { readonly type: 'moment'; readonly timeNs: number | null; readonly task: string | null }
  /** Whether the page answers its own keys; else VS Code's key bindings decide. */
  | { readonly type: 'keys'; readonly own: boolean };

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'credit'; readonly opening: number; readonly bytes: number }
  /** Open a source position. `preview`: following the selection, the focus stays in the panel. */
  | {
      readonly type: 'source';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      /** The first of the lines that ran, up to `line`. */
      readonly sinceLine: number;
      readonly preview: boolean;
    }
  /** The reader went to a moment; `task`: "PROCESS:NUMBER", null: to no task's. */
  | { readonly type: 'moment'; readonly timeNs: number; readonly task: string | null }
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** The picture has got the focus, or has lost it. */
  | { readonly type: 'focus'; readonly inPicture: boolean }
  | { readonly type: 'copy'; readonly text: string }
  /** A fault in the page or worker, for the output channel. */
  | { readonly type: 'fault'; readonly words: string };

export const PANEL_COMMANDS = [
  'traceCurrentFile',
  'tryIt',
  'stop',
  'openTrace',
  'addRecording',
  'saveTrace',
] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];

/** What keys of the page do, a command `simul.panel.NAME` each. */
export const PANEL_ACTIONS = [
  ...(['zoomIn', 'zoomOut', 'panLeft', 'panRight', 'selectRowAbove', 'selectRowBelow'] as const),
  ...(['openSource', 'fitSelection', 'fitAll', 'selectNextSpan', 'selectPreviousSpan'] as const),
  ...(['selectNextInAnyRow', 'selectPreviousInAnyRow', 'selectWaker', 'selectWoken'] as const),
  ...(['showNextFinding', 'togglePath', 'togglePlaying', 'togglePin', 'toggleMark'] as const),
  ...(['toggleFollowing', 'undoMove', 'clearSelection', 'shrinkRows', 'growRows'] as const),
  ...(['search', 'help'] as const),
] as const;
export type PanelAction = (typeof PANEL_ACTIONS)[number];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isText = (value: unknown, most = 65_536): value is string =>
  typeof value === 'string' && value.length <= most;

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const taskIn = ({ task }: Record<string, unknown>): string | null =>
  typeof task === 'string' && /^\d{1,9}:\d{1,10}$/.test(task) ? task : null;

/** A message from the page, or null when it is none of ours. */
export function readFromPanel(value: unknown): FromPanel | null {
  if (!isObject(value)) return null;
  const { type } = value;
  if (type === 'ready') return { type };
  if (type === 'credit' && isCount(value['opening']) && isCount(value['bytes'])) {
    return { type, opening: value['opening'], bytes: value['bytes'] };
  }
  if (
    type === 'source' &&
    isText(value['file'], 4096) &&
    isCount(value['line']) &&
    isCount(value['column'])
  ) {
    const { line } = value as { readonly line: number };
    const sinceLine = isCount(value['sinceLine']) ? Math.min(value['sinceLine'], line) : line;
    return {
      type,
      file: value['file'],
      line,
      column: value['column'],
      sinceLine,
      preview: value['preview'] === true,
    };
  }
  if (type === 'moment' && isTime(value['timeNs'])) {
    return { type, timeNs: value['timeNs'], task: taskIn(value) };
  }
  if (type === 'command') {
    const command = PANEL_COMMANDS.find((name) => name === value['command']);
    return command ? { type, command } : null;
  }
  if (type === 'focus') return { type, inPicture: value['inPicture'] === true };
  if (type === 'copy' && isText(value['text'], 1 << 20)) return { type, text: value['text'] };
  if (type === 'fault' && isText(value['words'])) return { type, words: value['words'] };
  return null;
}

/** A message from the host, or null when it is none of ours. */
export function readToPanel(value: unknown): ToPanel | null {
  if (!isObject(value)) return null;
  const { type, opening } = value;
  if (type === 'reveal' && isText(value['file'], 4096) && isCount(value['line'])) {
    return { type, file: value['file'], line: value['line'] };
  }
  if (type === 'action') {
    const action = PANEL_ACTIONS.find((name) => name === value['action']);
    return action ? { type, action } : null;
  }
  if (type === 'moment' && (value['timeNs'] === null || isTime(value['timeNs']))) {
    return { type, timeNs: value['timeNs'], task: taskIn(value) };
  }
  if (type === 'keys') return { type, own: value['own'] !== false };
  if (!isCount(opening)) return null;
  if (type === 'open') {
    const { name, mode, recording } = value;
    if (!isText(name) || !isText(recording) || (mode !== 'live' && mode !== 'file')) return null;
    const canAdd = value['canAdd'] === true ? { canAdd: true } : {};
    return { type, opening, name, mode, recording, ...canAdd };
  }
  if (type === 'block' && isCount(value['part']) && value['bytes'] instanceof ArrayBuffer) {
    return { type, opening, part: value['part'], bytes: value['bytes'] };
  }
  if (type === 'end' && isText(value['words'])) {
    return { type, opening, words: value['words'], stopped: value['stopped'] === true };
  }
  if (type === 'trouble' && isText(value['words'])) return { type, opening, words: value['words'] };
  return null;
}
