/** The worker: messages of the page in, messages to the page out. A fault is reported, never thrown away. */
import { resourceSelected, taskSelected } from './links.ts';
import { ACTION_HANDLERS } from './actions.ts';
import { LanesPicture } from './lanes-picture.ts';
import { Minimap } from './minimap.ts';
import { showPlace } from './places.ts';
import { searchTasks } from './search.ts';
import { PanelController } from './panel-controller.ts';
import { tableOf } from './table.ts';
import { stateWords } from './selection-details.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import { paletteOf } from './colors.ts';
import type { FromDecoder, FromWorker, ToWorker } from '../messages.ts';

/** What a dedicated worker's global offers; the page's types are those of a window. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(type: 'unhandledrejection', listener: (event: PromiseRejectionEvent) => void): void;
  requestAnimationFrame(then: () => void): number;
}
const scope = globalThis as unknown as WorkerScope;
const post = (message: FromWorker): void => scope.postMessage(message);

const stage = new PanelController(post, {
  now: () => performance.now(),
  frame: (then) => void scope.requestAnimationFrame(guarded(then)),
  later: (then, ms) => void setTimeout(guarded(then), ms),
});

scope.addEventListener('message', (event) =>
  guarded(() => {
    stage.taken++;
    receive(event.data);
    stage.tellRest();
  })(),
);

function guarded(run: () => void): () => void {
  return () => {
    try {
      run();
    } catch (error) {
      post({ type: 'fault', words: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'canvas':
      if (message.name === 'lanes') {
        stage.lanes = new LanesPicture(message.canvas);
        if (stage.theme) stage.lanes.palette = paletteOf(stage.theme);
      } else if (message.name === 'minimap') stage.minimap = new Minimap(message.canvas);
      else stage.ruler = message.canvas.getContext('2d', { alpha: false });
      break;
    case 'size':
      size(message);
      break;
    case 'theme':
      stage.setTheme(message.theme);
      break;
    case 'open':
      stage.open(message.opening, message.mode === 'live', message.view);
      break;
    case 'decoder':
      message.port.onmessage = (event: MessageEvent<FromDecoder>) => guarded(() => decoded(event.data))();
      return;
    case 'visible':
      stage.visible = message.visible;
      break;
    case 'scroll':
      if (stage.topPx === message.top) return;
      stage.topPx = message.top;
      break;
    case 'pan':
      if (message.px === 0) return;
      stage.pauseFollowing();
      stage.view.pan(message.px);
      break;
    case 'zoom':
      stage.pauseFollowing();
      stage.view.zoom(message.px, message.factor, stage.maxNs());
      break;
    case 'range': {
      stage.pauseFollowing();
      const whole = Minimap.rangeOf(stage.session);
      const ns = whole.endNs - whole.startNs;
      const [from, to] = [whole.startNs + message.fromShare * ns, whole.startNs + message.toShare * ns];
      stage.view.go({ startNs: from, endNs: Math.max(to, from + 10) });
      break;
    }
    case 'hover':
      hover(message.x, message.y);
      break;
    case 'leave':
      stage.cursor = null;
      post({ type: 'untip' });
      break;
    case 'press': {
      const hit = stage.hitTest(message.x, message.y);
      stage.select(hit, message.focusEditor ? { focusEditor: true } : { preview: true });
      break;
    }
    case 'row': {
      if (message.what === 'toggle') {
        stage.session.rows.toggle(message.key);
        stage.rearrange();
        return;
      }
      const row = stage.session.rows.list[stage.session.rows.find(message.key)];
      if (row) stage.select({ kind: row.kind, row: row.index, index: -1, key: row.key }, { preview: true });
      break;
    }
    case 'action':
      ACTION_HANDLERS[message.action](stage);
      break;
    case 'search':
      post({ type: 'found', ...searchTasks(stage, message.text, message.step) });
      break;
    case 'follow-link':
      if ('site' in message.to) stage.openSite(message.to.site, false);
      else if ('task' in message.to) taskSelected(stage, message.to.task);
      else resourceSelected(stage, message.to.resource);
      break;
    case 'show':
      showPlace(stage, message.place);
      break;
    case 'table':
      if (message.wanted)
        post({ type: 'table', ...tableOf(stage.session, message.sort, message.descending) });
      return;
    case 'reveal':
      searchLine(message.file, message.line);
      break;
  }
  stage.redraw();
}

/**
 * What the decoder has read waits here, and is folded a few at a time: messages that come one after the other leave a worker no
 * frame, and a large trace would show nothing until it is all there.
 */
const waiting: FromDecoder[] = [];

/** Folding goes on by itself, or waits for a frame: what comes meanwhile need not start it. */
let folding = false;
let framedAt = 0;

function decoded(message: FromDecoder): void {
  waiting.push(message);
  if (folding) return;
  folding = true;
  setTimeout(guarded(foldWaiting));
}

/** The first picture soon; after that fewer pictures, since each takes time from the folding. */
const FIRST_FRAME_MS = 60;
const FRAME_EVERY_MS = 250;
const FIRST_EVENTS = 500_000;
const NO_FRAME_MS = 50;

function foldWaiting(): void {
  folding = false;
  const frameEveryMs = stage.session.trace.events < FIRST_EVENTS ? FIRST_FRAME_MS : FRAME_EVERY_MS;
  // After a rest the time until the next frame counts from here.
  const start = performance.now();
  if (start - framedAt > 2 * FRAME_EVERY_MS) framedAt = start;
  let frameIsDue = false;
  while (waiting.length > 0 && !frameIsDue) {
    const message = waiting.shift()!;
    if (message.opening !== stage.session.opening) continue;
    if (message.type === 'end') {
      stage.session.end();
      stage.summarize();
      stage.rearrange();
      continue;
    }
    if (message.type === 'records') stage.session.take(message.part, message.records);
    else post({ type: 'trouble', words: message.words });
    post({ type: 'credit', opening: message.opening, bytes: message.bytes });
    frameIsDue = performance.now() - framedAt > frameEveryMs;
  }
  stage.redraw();
  if (!frameIsDue) return;
  // Also when nothing waits just now: a block that comes the next moment must not take the frame's place.
  folding = true;
  afterFrame(() => {
    framedAt = performance.now();
    foldWaiting();
  });
}

/** After the next frame; where none comes (a hidden page has none), soon all the same. */
function afterFrame(then: () => void): void {
  let done = false;
  const once = guarded(() => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    then();
  });
  const timer = setTimeout(once, NO_FRAME_MS);
  if (stage.visible) scope.requestAnimationFrame(once);
}

function size({ name, width, height, ratio }: Extract<ToWorker, { type: 'size' }>): void {
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (name === 'lanes') {
    stage.ratio = ratio;
    stage.heightPx = height;
    stage.lanes?.resize(w, h);
    stage.view.resize(w);
    return;
  }
  const canvas = name === 'minimap' ? stage.minimap?.context.canvas : stage.ruler?.canvas;
  if (!canvas) return;
  canvas.width = w;
  canvas.height = h;
}

function hover(x: number, y: number): void {
  stage.cursor = { x, y };
  const hit = stage.hitTest(x, y);
  if (!hit || hit.index < 0 || (hit.kind !== 'task' && hit.kind !== 'lane')) return post({ type: 'untip' });
  const { session } = stage;
  const tracks = hit.kind === 'task' ? session.columns.rows : session.columns.lanes;
  const span = tracks.span(hit.row, hit.index);
  if (stage.view.time(x) > session.trace.endNs) return post({ type: 'untip' });
  const lasted = duration((span.endNs ?? session.trace.endNs) - span.startNs);
  const task = hit.kind === 'task' ? hit.row : span.ref;
  if (task < 0 || stateWords(session, span) === 'idle') return post({ type: 'untip' });
  post({
    type: 'tip',
    x,
    y,
    lines: [session.trace.labelOf(task), `${stateWords(session, span)} · ${lasted}`],
  });
}

/** The editor asks where a line waits: the longest wait at it, or the first task that begins there. */
function searchLine(file: string, line: number): void {
  const { trace, columns } = stage.session;
  const sites = new Set(
    trace.sites.filter((site) => site.line === line && sameFile(site.file, file)).map((s) => s.index),
  );
  if (sites.size === 0) return;
  let best: { row: number; index: number } | null = null;
  let bestNs = -1;
  for (let row = 0; row < columns.rows.rows; row++) {
    for (let i = 0; i < columns.rows.count(row); i++) {
      const span = columns.rows.span(row, i);
      if ((span.code & 7) !== 3 || !sites.has(span.ref)) continue;
      const ns = (span.endNs ?? trace.endNs) - span.startNs;
      if (ns <= bestNs) continue;
      bestNs = ns;
      best = { row, index: i };
    }
  }
  for (let row = 0; best === null && row < trace.tasks.count; row++) {
    if (trace.tasks.frameOf[row]! < 0 && sites.has(trace.tasks.site[row]!)) best = { row, index: 0 };
  }
  if (best)
    stage.select({ kind: 'task', row: best.row, index: best.index, key: `t${best.row}` }, { reveal: true });
}

function sameFile(a: string, b: string): boolean {
  const plain = (name: string) => name.replace(/^file:\/\//, '').replaceAll('\\', '/');
  return plain(a) === plain(b);
}
