/**
 * What page and worker say to each other. Both come from one bundle, so these are trusted and typed, not
 * checked; what comes from the host is checked by `readToPanel` before it gets here. The worker owns the data
 * and the view; the page owns focus, text and the conversation with the host.
 */
import type { Severity } from '../runtime/trace/findings/finding.ts';
import type { Sentence } from '../runtime/trace/words/sentence.ts';

export const CANVASES = ['lanes', 'minimap', 'ruler'] as const;
export type CanvasName = (typeof CANVASES)[number];

/** Colours as CSS text; the worker turns them into pixels. */
export interface Theme {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly run: string;
  readonly ready: string;
  readonly blocked: string;
  readonly idle: string;
  readonly error: string;
  readonly wake: string;
  readonly focus: string;
  readonly guide: string;
  readonly hover: string;
  readonly fontFamily: string;
  readonly fontPx: number;
  readonly highContrast: boolean;
}

/** What a view needs to be restored. */
export interface SavedView {
  readonly startNs: number;
  readonly endNs: number;
  readonly follow: boolean;
  readonly rowPx: number;
}

/** Things to do with the view; keys and buttons are two ways to the same list. */
export const ACTIONS = [
  'zoomIn',
  'zoomOut',
  'panLeft',
  'panRight',
  'rowUp',
  'rowDown',
  'select',
  'openSource',
  'fitSelection',
  'fitAll',
  'next',
  'previous',
  'nextAnywhere',
  'previousAnywhere',
  'waker',
  'woken',
  'follow',
  'mark',
  'undo',
  'unselect',
  'denser',
  'roomier',
  'expandAll',
  'nextFinding',
] as const;
export type Action = (typeof ACTIONS)[number];

export type ToWorker =
  | { readonly type: 'canvas'; readonly name: CanvasName; readonly canvas: OffscreenCanvas }
  | {
      readonly type: 'size';
      readonly name: CanvasName;
      readonly width: number;
      readonly height: number;
      readonly ratio: number;
    }
  | { readonly type: 'theme'; readonly theme: Theme }
  | {
      readonly type: 'open';
      readonly opening: number;
      readonly name: string;
      readonly mode: 'live' | 'file';
      readonly view: SavedView | null;
    }
  /** Where the decoder's messages come from. */
  | { readonly type: 'decoder'; readonly port: MessagePort }
  | { readonly type: 'visible'; readonly visible: boolean }
  | { readonly type: 'scroll'; readonly top: number }
  | { readonly type: 'pan'; readonly px: number }
  | { readonly type: 'zoom'; readonly px: number; readonly factor: number }
  | { readonly type: 'range'; readonly fromShare: number; readonly toShare: number }
  | { readonly type: 'hover'; readonly x: number; readonly y: number }
  | { readonly type: 'leave' }
  | { readonly type: 'press'; readonly x: number; readonly y: number; readonly focusEditor: boolean }
  | { readonly type: 'row'; readonly key: string; readonly what: 'select' | 'toggle' }
  | { readonly type: 'action'; readonly action: Action }
  | { readonly type: 'search'; readonly text: string; readonly step: 0 | 1 | -1 }
  | { readonly type: 'follow-link'; readonly to: Link }
  | { readonly type: 'show'; readonly place: Place }
  | {
      readonly type: 'table';
      readonly wanted: boolean;
      readonly sort: TableSort;
      readonly descending: boolean;
    }
  | { readonly type: 'reveal'; readonly file: string; readonly line: number };

export type Link = { readonly task: number } | { readonly site: number } | { readonly resource: number };

/** A task's span at a time; `task` −1: none, it is about the whole. */
export interface Place {
  readonly task: number;
  readonly t: number;
}

export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly words: Sentence;
  /** Where to look first in the source; −1: nowhere. */
  readonly site: number;
  readonly place: Place;
}

/** What the *Why* tab lists of the whole. */
export interface Overview {
  /** The gravest first. */
  readonly findings: readonly FindingView[];
  /** So many more were found. */
  readonly more: number;
  /** The longest of each line, the longest first. */
  readonly waits: readonly { readonly words: Sentence; readonly place: Place }[];
  /** How much of the waiting is explained; empty: nothing was waited. */
  readonly explained: Sentence;
}

/** One visible row of the tree. `state` names the glyph; shares are of the visible range. */
export interface TreeRow {
  readonly key: string;
  readonly kind: 'process' | 'lane' | 'task' | 'ended' | 'resource';
  readonly depth: number;
  readonly y: number;
  readonly height: number;
  /** As short as can be; `whole` is what it is called in sentences. */
  readonly name: string;
  readonly whole: string;
  readonly hint: string;
  /** Nothing more will happen in it: "was waiting", not "waiting". */
  readonly over: boolean;
  readonly state: 'run' | 'ready' | 'wait' | 'ok' | 'error' | 'cancelled' | 'unborn' | 'none';
  /** null: has no children. */
  readonly expanded: boolean | null;
  readonly run: number;
  readonly ready: number;
  readonly blocked: number;
  readonly idle: number;
  readonly current: boolean;
  readonly level: number;
}

export interface SiteView {
  readonly site: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
  readonly text: string;
}

/** A name and a value of the *Span* tab; a site makes it a link. */
export interface DetailLine {
  readonly label: string;
  readonly value: Sentence;
}

export interface SelectionView {
  readonly key: string;
  /** The first stands alone in the answer strip. */
  readonly why: readonly Sentence[];
  /** What was found of this task. */
  readonly findings: readonly FindingView[];
  readonly details: readonly DetailLine[];
  readonly source: SiteView | null;
}

export const TABLE_SORTS = ['name', 'began', 'lived', 'run', 'ready', 'wait', 'outcome', 'finding'] as const;
export type TableSort = (typeof TABLE_SORTS)[number];

export interface TableRow {
  readonly task: number;
  readonly name: string;
  readonly where: string;
  readonly state: string;
  readonly beganNs: number;
  readonly livedNs: number;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
  /** The gravest that was found of it, in words, after its severity; '': nothing. */
  readonly finding: string;
}

export interface Status {
  readonly opening: number;
  readonly startNs: number;
  readonly endNs: number;
  /** When the first task began. */
  readonly firstNs: number;
  readonly traceEndNs: number;
  readonly events: number;
  readonly perSecond: number;
  readonly lost: number;
  readonly tasks: number;
  readonly follow: boolean;
  readonly rowPx: number;
  /** Records that came since following was paused. */
  readonly unseen: number;
}

export type FromWorker =
  | { readonly type: 'credit'; readonly opening: number; readonly bytes: number }
  /** All that so many messages of the page asked for is done and drawn; sent once each time that this comes to be. */
  | { readonly type: 'rest'; readonly taken: number }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'summary'; readonly words: Sentence; readonly overview: Overview }
  | {
      readonly type: 'tree';
      readonly rows: readonly TreeRow[];
      readonly total: number;
      readonly count: number;
      readonly top: number;
    }
  /** The page should bring this much into view. */
  | { readonly type: 'scrollTo'; readonly top: number }
  | { readonly type: 'selection'; readonly selection: SelectionView | null }
  | { readonly type: 'source'; readonly source: SiteView; readonly preview: boolean }
  | { readonly type: 'tip'; readonly x: number; readonly y: number; readonly lines: readonly string[] }
  | { readonly type: 'untip' }
  | { readonly type: 'found'; readonly count: number; readonly at: number }
  | { readonly type: 'table'; readonly rows: readonly TableRow[]; readonly total: number }
  | { readonly type: 'trouble'; readonly words: string }
  | { readonly type: 'fault'; readonly words: string };

/** Page to decoder: blocks in their order, then the end. Their records go to the other worker, through the port. */
export type ToDecoder =
  | { readonly type: 'port'; readonly port: MessagePort }
  | { readonly type: 'block'; readonly opening: number; readonly part: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'end'; readonly opening: number };

/** Decoder to worker, in the same order. `bytes`: of the block, to be credited once it is folded. */
export type FromDecoder =
  | {
      readonly type: 'records';
      readonly opening: number;
      readonly part: number;
      readonly bytes: number;
      readonly records: Uint8Array;
    }
  | { readonly type: 'damaged'; readonly opening: number; readonly bytes: number; readonly words: string }
  | { readonly type: 'end'; readonly opening: number };
