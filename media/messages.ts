/**
 * What page, worker and decoder say to each other. All come from one bundle, so these messages are
 * typed and trusted, not checked. Messages of the host are checked by `readToPanel` before they get
 * here. The worker owns the data and the view. The page owns focus, text and the messages to the
 * host.
 */
import type { Severity } from '../runtime/trace/findings/finding.ts';
import type { PanelAction } from '../runtime/trace/messages/panel.ts';
import type { Sentence } from '../runtime/trace/words/sentence.ts';

export const CANVASES = ['lanes', 'minimap', 'ruler'] as const;
export type CanvasName = (typeof CANVASES)[number];

/** Colours are CSS text; the worker turns them into pixels. */
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

/** What a view needs in order to be restored. */
export interface SavedView {
  readonly startNs: number;
  readonly endNs: number;
  readonly following: boolean;
  readonly rowPx: number;
  /** Scroll position. */
  readonly topPx: number;
  /** Times that the reader marked, in ns. */
  readonly marks: readonly number[];
  readonly selected: SavedSelection | null;
  /** Keys of the rows that were opened or closed. */
  readonly toggled: readonly string[];
}

export interface SavedSelection {
  /** Of the row. */
  readonly key: string;
  /** When the selected span began; null: the row as a whole is selected. */
  readonly atNs: number | null;
}

/** What the worker does with the view and the selection: what keys ask for, and what buttons do. */
export type Action =
  Exclude<PanelAction, 'search' | 'help'> | 'selectUnderCursor' | 'expandAll' | 'showVerdict';

/** `px`, `x` and `y` are device pixels; `topPx`, `width` and `height` are CSS pixels. */
export type ToWorker =
  | { readonly type: 'canvas'; readonly name: CanvasName; readonly canvas: OffscreenCanvas }
  | {
      readonly type: 'size';
      readonly name: CanvasName;
      readonly width: number;
      readonly height: number;
      /** Device pixels per CSS pixel. */
      readonly ratio: number;
    }
  | { readonly type: 'theme'; readonly theme: Theme }
  /** Another trace is opened; later messages about it carry its number. */
  | {
      readonly type: 'open';
      readonly opening: number;
      readonly mode: 'live' | 'file';
      readonly view: SavedView | null;
    }
  /** Where the decoder's messages come from. */
  | { readonly type: 'decoderPort'; readonly port: MessagePort }
  | { readonly type: 'visibility'; readonly visible: boolean }
  | { readonly type: 'scroll'; readonly topPx: number }
  | { readonly type: 'pan'; readonly px: number }
  /** A factor above 1 shows more time; what is at `px` stays there. */
  | { readonly type: 'zoom'; readonly px: number; readonly factor: number }
  /** Shares of what the minimap spans. */
  | { readonly type: 'showRange'; readonly fromShare: number; readonly toShare: number }
  | { readonly type: 'hover'; readonly x: number; readonly y: number }
  | { readonly type: 'pointerLeave' }
  | { readonly type: 'click'; readonly x: number; readonly y: number; readonly focusEditor: boolean }
  | { readonly type: 'selectRow'; readonly key: string }
  | { readonly type: 'toggleRow'; readonly key: string }
  | { readonly type: 'action'; readonly action: Action }
  /** `step` 0 marks what is found, 1 and −1 go to the next and the previous one. */
  | { readonly type: 'search'; readonly text: string; readonly step: 0 | 1 | -1 }
  | { readonly type: 'followLink'; readonly target: LinkTarget }
  | { readonly type: 'showSpan'; readonly place: SpanPlace }
  | { readonly type: 'requestTable'; readonly sort: TableSort; readonly descending: boolean }
  /** Which of the tabs is open: what it shows is sent again whenever it has changed. */
  | { readonly type: 'openTab'; readonly tab: string }
  | { readonly type: 'treeOptions'; readonly options: TreeOptions }
  /** A rectangle over the lanes: it is brought into view. */
  | {
      readonly type: 'showRectangle';
      readonly fromX: number;
      readonly toX: number;
      readonly fromY: number;
    }
  /** The moment that the debugger shows; null: none. */
  | { readonly type: 'moment'; readonly timeNs: number | null; readonly task: string | null }
  /** Show where this line of the source waits. */
  | { readonly type: 'revealLine'; readonly file: string; readonly line: number };

export type LinkTarget =
  { readonly task: number } | { readonly site: number } | { readonly resource: number };

/**
 * The span of a task that has most of an interval; of an empty one, the span at that time. `task`
 * −1: no task, the whole trace is meant.
 */
export interface SpanPlace {
  readonly task: number;
  readonly atNs: number;
  readonly untilNs: number;
  /** Spans at this line come before all others; absent: no line is meant. */
  readonly site?: number;
}

export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly words: Sentence;
  /** Number of the site that proves it; −1: none. */
  readonly site: number;
  readonly place: SpanPlace;
}

/** What the *Why* tab lists of the whole trace. */
export interface Overview {
  /** The answer about the whole trace in one sentence; empty: nothing was recorded yet. */
  readonly verdict: Sentence;
  /** Of the finding that the verdict is of; null: it tells where the time went. */
  readonly severity: Severity | null;
  /** Where the time went, the largest first; the last row is the whole. */
  readonly where: readonly WhereView[];
  /** Where the CPU time went, likewise; empty: no profiler was asked for. */
  readonly cpu: readonly WhereView[];
  /** What the calls of each handler took and where, a sentence or two each. */
  readonly handlers: readonly Sentence[];
  /** What the answer does not know, a sentence each. */
  readonly unseen: readonly string[];
  /** The most severe first. */
  readonly findings: readonly FindingView[];
  /** How many findings are not listed. */
  readonly moreFindings: number;
  /** The longest wait of each line of the source, the longest first. */
  readonly waits: readonly { readonly words: Sentence; readonly place: SpanPlace }[];
  /** How much of the waiting time is explained; empty: nothing waited. */
  readonly explainedShare: Sentence;
}

export interface WhereView {
  /** "906 ms" */
  readonly time: string;
  /** "42 %" */
  readonly share: string;
  readonly words: Sentence;
}

/** What the *Path* tab shows: the critical path of the run or of the selection, cut to the view. */
export interface PathView {
  /** What it is the path of: "the run". */
  readonly of: string;
  readonly words: Sentence;
  /** Where its time went; the last row is the whole. */
  readonly where: readonly WhereView[];
  /** In the order of time. */
  readonly pieces: readonly PieceView[];
  /** How many are not listed. */
  readonly morePieces: number;
}

export interface PieceView {
  /** Since the program's first line: "1.20 s". */
  readonly at: string;
  readonly time: string;
  readonly kind: 'run' | 'ready' | 'wait' | 'paused' | 'idle' | 'unread';
  readonly words: Sentence;
  readonly place: SpanPlace;
}

/** What the *Graph* tab shows: who waited for whom at a moment. */
export interface GraphView {
  readonly atNs: number;
  /** The deadlocks; without one, how many tasks waited. */
  readonly words: readonly Sentence[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly moreEdges: number;
}

export interface GraphNode {
  readonly task: number;
  readonly label: string;
  /** It stands in a deadlock. */
  readonly isCycle: boolean;
  readonly isWaiting: boolean;
}

export interface GraphEdge {
  /** The task that waits. */
  readonly from: number;
  /** The task that holds what is waited for, or has to do it. */
  readonly to: number;
  /** The resource; '': the task itself is waited for. */
  readonly label: string;
  readonly sinceNs: number;
  readonly isCycle: boolean;
}

/** Which rows the tree has, and in which order. */
export interface TreeOptions {
  readonly sort: TreeSort;
  /** Siblings of one name are one row that can be opened. */
  readonly groupsNames: boolean;
  /** Only what the search found, and what it stands under. */
  readonly onlyFound: boolean;
}
export const TREE_SORTS = ['began', 'run', 'wait'] as const;
export type TreeSort = (typeof TREE_SORTS)[number];

export type TreeRowState = 'run' | 'ready' | 'wait' | 'ok' | 'error' | 'cancelled' | 'not-started' | 'none';

/** One visible row of the tree. The four shares are of the visible range of time. */
export interface TreeRow {
  readonly key: string;
  readonly kind: 'process' | 'lane' | 'task' | 'ended' | 'resource';
  readonly depth: number;
  readonly y: number;
  readonly height: number;
  /** As short as possible. */
  readonly name: string;
  /** As sentences say it. */
  readonly fullName: string;
  /** Kind or place; it is the first to be cut off where there is no room. */
  readonly hint: string;
  /** Nothing more will happen in it: it "was waiting", not "is waiting". */
  readonly isOver: boolean;
  /** Names the glyph. */
  readonly state: TreeRowState;
  /** null: it has no children. */
  readonly expanded: boolean | null;
  readonly run: number;
  readonly ready: number;
  readonly blocked: number;
  readonly idle: number;
  /** Keys act on this row. */
  readonly isCurrent: boolean;
}

export interface SiteView {
  readonly site: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn: string;
  readonly text: string;
  /** Of a run: the first line that ran; absent: the line alone. */
  readonly sinceLine?: number;
}

/** A name and a value of the *Span* tab. */
export interface DetailLine {
  readonly label: string;
  readonly value: Sentence;
}

export interface SelectionView {
  readonly key: string;
  /** The first one alone is the answer strip's. */
  readonly sentences: readonly Sentence[];
  /** Findings about the selected task. */
  readonly findings: readonly FindingView[];
  readonly details: readonly DetailLine[];
  readonly source: SiteView | null;
}

export const TABLE_SORTS = ['name', 'began', 'lived', 'run', 'ready', 'wait', 'outcome', 'finding'] as const;
export type TableSort = (typeof TABLE_SORTS)[number];

export interface TableRow {
  readonly task: number;
  readonly name: string;
  readonly place: string;
  readonly state: string;
  /** Since the program's first line. */
  readonly beganNs: number;
  readonly livedNs: number;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
  /** Severity and words of the most severe finding about the task; '': there is none. */
  readonly finding: string;
}

/** The figures of the trace and of the view. */
export interface Status {
  readonly startNs: number;
  readonly endNs: number;
  /** When the first task began. */
  readonly firstNs: number;
  readonly traceEndNs: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly lost: number;
  readonly following: boolean;
  /** The picture moves on by itself. */
  readonly playing: boolean;
  /** The critical path is drawn. */
  readonly showsPath: boolean;
  /** null: nothing was recorded yet. */
  readonly saved: SavedView | null;
  /** Events that came since following was paused. */
  readonly newEvents: number;
}

export type FromWorker =
  | { readonly type: 'credit'; readonly opening: number; readonly bytes: number }
  /** All that the first so many messages of the page asked for is done and drawn. */
  | { readonly type: 'upToDate'; readonly receivedMessages: number }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'summary'; readonly words: Sentence; readonly overview: Overview }
  | {
      readonly type: 'tree';
      readonly rows: readonly TreeRow[];
      /** Height of all rows, visible or not. */
      readonly totalPx: number;
      readonly topPx: number;
    }
  /** The page should scroll the rows there. */
  | { readonly type: 'scrollTo'; readonly topPx: number }
  | { readonly type: 'selection'; readonly selection: SelectionView | null }
  | { readonly type: 'source'; readonly source: SiteView; readonly preview: boolean }
  /** The reader went there; `task`: "PROCESS:NUMBER". */
  | { readonly type: 'moment'; readonly timeNs: number; readonly task: string | null }
  | { readonly type: 'tooltip'; readonly x: number; readonly y: number; readonly lines: readonly string[] }
  | { readonly type: 'hideTooltip' }
  /** How many tasks were found, and which of them is selected; `index` −1: none. */
  | { readonly type: 'searchResult'; readonly count: number; readonly index: number }
  | { readonly type: 'path'; readonly path: PathView }
  | { readonly type: 'graph'; readonly graph: GraphView }
  | { readonly type: 'table'; readonly rows: readonly TableRow[]; readonly total: number }
  | { readonly type: 'trouble'; readonly words: string }
  | { readonly type: 'fault'; readonly words: string };

/**
 * Page to decoder: blocks in their order, then the end. The decoder sends their records to the
 * worker, through the port.
 */
export type ToDecoder =
  | { readonly type: 'port'; readonly port: MessagePort }
  | {
      readonly type: 'blocks';
      readonly opening: number;
      readonly blocks: readonly { readonly part: number; readonly bytes: ArrayBuffer }[];
    }
  | { readonly type: 'end'; readonly opening: number };

/**
 * Decoder to worker, several in a message, in the same order. `bytes` is the length of the block,
 * which is credited once its records are folded.
 */
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
