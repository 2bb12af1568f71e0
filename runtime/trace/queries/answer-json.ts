/**
 * An answer as JSON, in pages of bounded size whatever the trace: a reader with little room gets
 * the verdict, the first causes and the largest parts of the time, and a cursor for the rest.
 */
import { formatEventId } from '../model/event-id.ts';
import { printableJson } from '../format/printable.ts';
import { encodeUtf8 } from '../format/utf8.ts';
import type { Trace } from '../model/trace.ts';
import { plain } from '../words/sentence.ts';
import type { Answer, Cause, TaskMoment, WhereRow } from './answer.ts';
import { type SiteJson, siteJson } from './site-json.ts';

/** About 600 tokens. */
export const DEFAULT_MAX_BYTES = 2400;
/** The verdict and the largest entry of any list fit. */
export const MIN_MAX_BYTES = 2000;

/**
 * What `simul why --json` prints. These names are a contract: new ones may be added, none may
 * change its meaning. Ids of tasks are "process:number", those of events "process:N", the N-th
 * record of that process. Times are ns from the recording's start.
 */
export interface AnswerJson {
  readonly version: 1;
  readonly verdict: string;
  readonly causes: readonly CauseJson[];
  readonly where: readonly WhereJson[];
  readonly unseen: readonly string[];
  /** Where the CPU time went; absent: no profiler was asked for. */
  readonly cpu?: readonly WhereJson[];
  /** Of `moment` alone: when, and what the tasks did. */
  readonly timeNs?: number;
  readonly tasks?: readonly TaskMomentJson[];
  /** Give it back for the next page; null: this was the last. */
  readonly cursor: string | null;
}

export interface CauseJson {
  readonly rule: string;
  readonly severity: string;
  readonly words: string;
  readonly sites: readonly SiteJson[];
  readonly tasks: readonly string[];
  /** What it would save to mend it; null: it cannot be told. */
  readonly gainNs: number | null;
  readonly events: readonly string[];
}

export interface WhereJson {
  readonly site: SiteJson | null;
  readonly resource: string;
  readonly ns: number;
  readonly share: number;
}

export interface TaskMomentJson {
  readonly id: string;
  readonly label: string;
  readonly state: string;
  readonly sinceNs: number;
  readonly site: SiteJson | null;
  /** What it waited for; null: it did not wait, or that was not recorded. */
  readonly for: string | null;
  /** What it came back with, see TaskMoment; absent: it is not known. */
  readonly value?: string;
  /** The tasks that held it or worked for it. */
  readonly behind: readonly string[];
  readonly event: string | null;
}

const MAX_VERDICT_BYTES = 500;
const MAX_WORDS_BYTES = 420;
const MAX_NAME_BYTES = 90;
const MAX_PATH_BYTES = 160;
const MAX_LINKS = 4;
const MAX_SITES = 2;

/** The lists that a page takes from, in turn: first of each what matters most. */
const LISTS = ['causes', 'where', 'unseen', 'tasks', 'cpu'] as const;
type ListName = (typeof LISTS)[number];
const FIRST_TURNS: readonly ListName[] = [
  ...(['causes', 'where', 'where', 'cpu', 'tasks'] as const),
  ...(['unseen', 'causes', 'cpu', 'where'] as const),
];

/**
 * @param cursor of the page before; absent: the first page
 * @returns null: the cursor is none of this answer's
 */
export function makeAnswerJson(
  trace: Trace,
  answer: Answer,
  {
    maxBytes = DEFAULT_MAX_BYTES,
    cursor,
  }: { readonly maxBytes?: number; readonly cursor?: string | undefined } = {},
): AnswerJson | null {
  const { causes, where, unseen, moment } = answer;
  const cpu = answer.cpu?.rows ?? [];
  const sizes = {
    causes: causes.length,
    where: where.length,
    unseen: unseen.length,
    tasks: moment?.tasks.length ?? 0,
    cpu: cpu.length,
  };
  const from = readCursor(cursor, sizes);
  if (from === null) return null;
  const page: Record<ListName, unknown[]> = { causes: [], where: [], unseen: [], tasks: [], cpu: [] };
  const entryOf = (list: ListName, i: number): unknown => {
    switch (list) {
      case 'causes':
        return causeJson(trace, causes[i]!);
      case 'where':
        return whereJson(trace, where[i]!);
      case 'unseen':
        return clip(unseen[i]!, MAX_WORDS_BYTES);
      case 'tasks':
        return taskJson(trace, moment!.tasks[i]!);
      case 'cpu':
        return whereJson(trace, cpu[i]!);
    }
  };
  const next = { ...from };
  const whole = (): AnswerJson => ({
    version: 1,
    verdict: clip(plain(answer.verdict), MAX_VERDICT_BYTES),
    causes: page.causes as CauseJson[],
    where: page.where as WhereJson[],
    unseen: page.unseen as string[],
    ...(cpu.length === 0 ? {} : { cpu: page.cpu as WhereJson[] }),
    ...(moment === undefined ? {} : { timeNs: moment.t, tasks: page.tasks as TaskMomentJson[] }),
    cursor: LISTS.some((list) => next[list] < sizes[list]) ? LISTS.map((list) => next[list]).join('.') : null,
  });
  const full = new Set<ListName>();
  const take = (list: ListName): void => {
    if (full.has(list)) return;
    if (next[list] >= sizes[list]) {
      full.add(list);
      return;
    }
    page[list].push(entryOf(list, next[list]));
    next[list]++;
    if (jsonBytes(whole()) <= maxBytes) return;
    page[list].pop();
    next[list]--;
    full.add(list);
  };
  for (const list of FIRST_TURNS) take(list);
  while (full.size < LISTS.length) for (const list of LISTS) take(list);
  return whole();
}

type Offsets = Readonly<Record<ListName, number>>;

/** "2.5.0.0.0": how many of each list were shown. */
function readCursor(cursor: string | undefined, sizes: Offsets): Record<ListName, number> | null {
  if (cursor === undefined) return { causes: 0, where: 0, unseen: 0, tasks: 0, cpu: 0 };
  if (!/^\d{1,9}(\.\d{1,9}){4}$/.test(cursor)) return null;
  const numbers = cursor.split('.').map(Number);
  const offsets = Object.fromEntries(LISTS.map((list, i) => [list, numbers[i]!])) as Record<ListName, number>;
  return LISTS.every((list) => offsets[list] <= sizes[list]) ? offsets : null;
}

const causeJson = (
  trace: Trace,
  { rule, severity, words, sites, tasks, gainNs, events }: Cause,
): CauseJson => ({
  rule,
  severity,
  words: clip(plain(words), MAX_WORDS_BYTES),
  sites: sites
    .slice(0, MAX_SITES)
    .map((site) => shortSite(trace, site))
    .filter((site) => site !== null),
  tasks: tasks.slice(0, MAX_LINKS).map((task) => trace.idOf(task)),
  gainNs: gainNs === null ? null : Math.round(gainNs),
  events: events.slice(0, MAX_LINKS).map(formatEventId),
});

const whereJson = (trace: Trace, { site, resource, ns, share }: WhereRow): WhereJson => ({
  site: shortSite(trace, site),
  resource: clip(resource, MAX_NAME_BYTES),
  ns: Math.round(ns),
  share: Math.round(share * 10_000) / 10_000,
});

const taskJson = (trace: Trace, moment: TaskMoment): TaskMomentJson => ({
  id: trace.idOf(moment.task),
  label: clip(trace.labelOf(moment.task), MAX_NAME_BYTES),
  state: moment.state,
  sinceNs: moment.sinceNs,
  site: shortSite(trace, moment.site),
  for: clip(moment.waitsFor, MAX_NAME_BYTES) || null,
  ...(moment.value === '' ? {} : { value: clip(moment.value, MAX_NAME_BYTES) }),
  behind: moment.behind.slice(0, MAX_LINKS).map((task) => trace.idOf(task)),
  event: moment.event === null ? null : formatEventId(moment.event),
});

/** The end of a path tells more than its beginning. */
function shortSite(trace: Trace, index: number): SiteJson | null {
  const site = siteJson(trace, index);
  if (site === null) return null;
  const { file } = site;
  return {
    ...site,
    file: jsonBytes(file) > MAX_PATH_BYTES ? `…${endOf(file, MAX_PATH_BYTES)}` : file,
    function: clip(site.function, MAX_NAME_BYTES),
    text: clip(site.text, MAX_NAME_BYTES),
  };
}

/** Cut so that its JSON has at most so many bytes; what is cut ends in "…". */
function clip(text: string, maxBytes: number): string {
  if (text.length * 2 <= maxBytes && jsonBytes(text) <= maxBytes) return text;
  if (jsonBytes(text) <= maxBytes) return text;
  let kept = '';
  let bytes = 5;
  for (const character of text) {
    bytes += jsonBytes(character) - 2;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return `${kept}…`;
}

function endOf(text: string, maxBytes: number): string {
  const characters = [...text];
  let bytes = 5;
  let from = characters.length;
  while (from > 0 && (bytes += jsonBytes(characters[from - 1]!) - 2) <= maxBytes) from--;
  return characters.slice(from).join('');
}

/** With the escapes that printing adds: see `printableJson`. */
const jsonBytes = (value: unknown): number => encodeUtf8(printableJson(JSON.stringify(value))).length;
