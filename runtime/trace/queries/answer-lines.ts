/**
 * An answer as lines for a terminal: the verdict, at most three causes, where the time went as a
 * table that adds up, and what was not seen.
 */
import { displayPlace } from '../model/display-path.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { splitFirstSentence } from '../words/first-sentence.ts';
import { plain } from '../words/sentence.ts';
import type { Answer, Cause, TaskMoment, WhereRow } from './answer.ts';

export interface LineLimits {
  readonly causes: number;
  readonly tasks: number;
  readonly unseen: number;
}

const DEFAULT_LIMITS: LineLimits = { causes: 3, tasks: 20, unseen: 5 };
const MAX_PLACES = 3;

/** Lines without their ends. */
export function answerLines(trace: Trace, answer: Answer, limits: LineLimits = DEFAULT_LIMITS): string[] {
  const { verdict, moment } = answer;
  return [
    plain(verdict),
    ...causeAndHandlerLines(trace, answer, limits.causes),
    ...(moment === undefined ? [] : taskLines(trace, moment.tasks, moment.t, limits.tasks)),
    ...whereLines(trace, answer),
    ...cpuLines(trace, answer),
    ...unseenLines(answer, limits.unseen),
  ];
}

/** What goes on below the verdict: the rest of its own finding, or of its handler, comes first. */
export function causeAndHandlerLines(trace: Trace, answer: Answer, limit: number): string[] {
  const [first, ...rest] = handlerLines(answer);
  const causes = causeLines(trace, answer, limit);
  if (first === undefined) return causes;
  return first.isOfVerdict
    ? [first.line, ...causes, ...rest.map(({ line }) => line)]
    : [...causes, first.line, ...rest.map(({ line }) => line)];
}

/** What the verdict says already is not said again; the rest of its finding goes on below it. */
export function causeLines(trace: Trace, { verdict, causes }: Answer, limit: number): string[] {
  const said = plain(verdict);
  const lines = causes.slice(0, limit).flatMap((cause) => {
    const { first, rest } = splitFirstSentence(cause.words);
    const goesOn = plain(first) === said;
    const words = goesOn ? plain(rest) : plain(cause.words);
    if (words === '') return [];
    const places = otherPlaces(trace, cause, `${said} ${words}`);
    const kind = cause.severity === 'info' ? 'note' : cause.severity;
    return [`${goesOn ? '' : `${kind}: `}${words}${places}`];
  });
  const more = causes.length - limit;
  return more > 0 ? [...lines, `${count(more, 'more finding')}.`] : lines;
}

/** Places of a cause whose sentences name none of them. */
function otherPlaces(trace: Trace, { sites }: Cause, said: string): string {
  const places = [...new Set(sites.flatMap((site) => trace.sites[site] ?? []).map(displayPlace))];
  if (places.length === 0 || places.some((place) => said.includes(place))) return '';
  return ` [${places.slice(0, MAX_PLACES).join(', ')}]`;
}

interface HandlerLine {
  readonly line: string;
  /** The verdict is its first sentence, which is not said again. */
  readonly isOfVerdict: boolean;
}

function handlerLines({ verdict, handlers = [] }: Answer): HandlerLine[] {
  const said = plain(verdict);
  return handlers.map(({ words }) => {
    const { first, rest } = splitFirstSentence(words);
    const isOfVerdict = plain(first) === said;
    return { line: plain(isOfVerdict ? rest : words), isOfVerdict };
  });
}

export function whereLines(trace: Trace, { where, wholeNs }: Pick<Answer, 'where' | 'wholeNs'>): string[] {
  return tableLines('Where the time went:', trace, where, wholeNs);
}

/** Of all threads together. */
export function cpuLines(trace: Trace, { cpu }: Pick<Answer, 'cpu'>): string[] {
  if (cpu === undefined || cpu === null) return [];
  const title = `Where the CPU time went, from ${count(cpu.samples, 'look')} of a profiler:`;
  return tableLines(title, trace, cpu.rows, cpu.wholeNs);
}

/** A table that adds up. */
function tableLines(title: string, trace: Trace, where: readonly WhereRow[], wholeNs: number): string[] {
  if (where.length === 0 || wholeNs <= 0) return [];
  const row = (ns: number, words: string): readonly [string, string, string] => [
    duration(ns),
    share(ns, wholeNs),
    words,
  ];
  const rows = [...where.map((part) => row(part.ns, placeOf(trace, part))), row(wholeNs, 'in all')];
  const width = (column: 0 | 1): number => Math.max(...rows.map((cells) => cells[column].length));
  const [times, shares] = [width(0), width(1)];
  return [
    title,
    ...rows.map(([ns, part, words]) => `  ${ns.padStart(times)}  ${part.padStart(shares)}  ${words}`),
  ];
}

/** "report.ts:12 `sleep(90)`, the timer setTimeout 90 ms" */
function placeOf(trace: Trace, { site, resource }: WhereRow): string {
  const at = trace.sites[site];
  if (at === undefined) return resource;
  const fn = at.fn === '' || at.fn.startsWith('<') ? '' : ` in ${at.fn}`;
  const text = at.text === '' ? fn : ` \`${at.text}\``;
  return `${displayPlace(at)}${text}, ${resource}`;
}

function taskLines(trace: Trace, tasks: readonly TaskMoment[], t: number, limit: number): string[] {
  const lines = tasks.slice(0, limit).map((moment) => {
    const { task, state, sinceNs, site, waitsFor, behind, event } = moment;
    const at = trace.sites[site];
    const target = waitsFor === '' ? '' : ` for ${waitsFor}`;
    const names = behind.map((other) => trace.labelOf(other));
    const held = names.length === 0 ? '' : ` (behind ${names.slice(0, MAX_PLACES).join(', ')})`;
    const proof = event === null ? '' : ` [${event.process}:${event.number}]`;
    const place = at === undefined ? '' : ` at ${displayPlace(at)}`;
    return `${trace.labelOf(task)} ${VERBS[state]} for ${duration(t - sinceNs)}${place}${target}${held}${valueWords(moment)}${proof}`;
  });
  const more = tasks.length - limit;
  return more > 0 ? [...lines, `${count(more, 'more task')}.`] : lines;
}

/** "; it came back with a string of 12 characters later" */
function valueWords({ value, state }: TaskMoment): string {
  if (value === '') return '';
  const words = value.startsWith('threw ') ? value : `came back with ${value}`;
  return `; it ${words}${state === 'wait' ? ' later' : ''}`;
}

const VERBS: Readonly<Record<TaskMoment['state'], string>> = {
  run: 'had run',
  ready: 'had been ready',
  wait: 'had waited',
  paused: 'had stood still',
};

export const unseenLines = ({ unseen }: Pick<Answer, 'unseen'>, limit: number): string[] => {
  const more = unseen.length - limit;
  const lines = unseen.slice(0, limit).map((words) => `Not seen: ${words}`);
  return more > 0 ? [...lines, `${count(more, 'more thing')} were not seen.`] : lines;
};
