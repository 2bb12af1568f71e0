/**
 * A trace in a few sentences, for a terminal: what ran, who waited longest and why, how much of the
 * waiting is explained, what was found. A thin trace says why it is thin. It claims nothing that the trace does not hold.
 */
import { ACTIVATION_KINDS, AGENT_NOTICES, LANE_KINDS, LANGUAGES, OUTCOMES } from '../trace/format/kinds.ts';
import { displayPath, displayPlace } from '../trace/model/display-path.ts';
import { State } from '../trace/model/state.ts';
import type { Process, Trace } from '../trace/model/trace.ts';
import type { Finding } from '../trace/findings/finding.ts';
import { count, duration, share } from '../trace/words/duration.ts';
import { explainWait } from '../trace/words/explain.ts';
import { type SpanSource } from '../trace/model/spans.ts';
import { plain } from '../trace/words/sentence.ts';
import { describeFailure } from '../trace/words/span.ts';
import { uncaughtErrors } from '../trace/findings/uncaught-errors.ts';
import { openNs, openWaits } from '../trace/model/open-waits.ts';
import { terminatedWith } from '../trace/model/times-so-far.ts';
import type { Wait } from '../trace/model/wait.ts';
import { neverSettled } from '../trace/findings/never-settled.ts';
import { starvedConsumers } from '../trace/findings/starved-consumers.ts';
import type { WaitSums } from '../trace/summaries/wait-sums.ts';

export interface SummaryInput {
  readonly trace: Trace;
  readonly spans: SpanSource;
  readonly sums: WaitSums;
  readonly findings: readonly Finding[];
  readonly troubles: readonly string[];
  readonly alive: ReadonlySet<number>;
}

const BODIES: readonly (typeof ACTIVATION_KINDS)[number][] = ['main', 'module'];
/** The rules that name the tasks which still waited. */
const OPEN_WAIT_RULES: ReadonlySet<string> = new Set([neverSettled.name, starvedConsumers.name]);
const OPEN_SHOWN = 4;
/** As the instrument says it of a file that Node will not run either. */
const DOES_NOT_PARSE = 'does not parse';
const FAILED_SHOWN = 3;
const WAITS_SHOWN = 3;
const FINDINGS_SHOWN = 10;
const UNSEEN_SHOWN = 3;

/** Lines without their ends. */
export function summaryLines(input: SummaryInput): string[] {
  const { trace, sums, findings, troubles, alive } = input;
  const lines = trace.processes.map((process) => processLine(trace, process, alive));
  const rows = countRows(trace);
  const isThin = rows.all === rows.bodies && sums.count === 0;
  if (isThin) lines.push(...whyEmpty(trace));
  else lines.push(tasksLine(trace, rows), ...failedLines(input));
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) {
    lines.push(`${finding.severity}: ${plain(finding.words)}${placesOf(trace, finding)}`);
  }
  if (findings.length > FINDINGS_SHOWN) {
    lines.push(`${count(findings.length - FINDINGS_SHOWN, 'more finding')}.`);
  }
  const open = openWaits(trace);
  lines.push(...openLines(input, open), ...waitLines(input, open));
  if (sums.totalNs > 0) {
    lines.push(
      `Who ended a wait is known for ${share(sums.wokenNs, sums.totalNs)} of ${duration(sums.totalNs)} of waiting ` +
        `(${count(sums.count, 'wait')}${open.length > 0 ? ' that ended' : ''}); ` +
        `what it was for is known for ${share(sums.namedNs, sums.totalNs)}.`,
    );
  }
  if (rows.all > rows.bodies) {
    for (const unseen of newsOf(trace, 'unseen').slice(0, UNSEEN_SHOWN)) lines.push(`Not seen: ${unseen}.`);
  }
  for (const fault of newsOf(trace, 'fault')) lines.push(`The instrument switched itself off: ${fault}.`);
  for (const trouble of troubles) lines.push(`Damaged: ${trouble}.`);
  return lines;
}

function processLine(trace: Trace, process: Process, alive: ReadonlySet<number>): string {
  const language = LANGUAGES[process.language] ?? '';
  const what = process.argv === '' ? `process ${process.pid}` : nameOfProgram(process.argv);
  const lanes = trace.lanes.filter(
    (lane) => lane.process === process.index && LANE_KINDS[lane.kind] !== 'loader' && lane.kind > 0,
  ).length;
  const lastNs = alive.has(process.index) && !process.wasTerminated ? trace.endNs : process.lastNs;
  const ranNs = (process.endNs ?? lastNs) - process.startNs;
  const how =
    process.endKind > 0
      ? `ended with exit code ${process.exitCode ?? 0}`
      : alive.has(process.index)
        ? 'still runs'
        : process.wasTerminated
          ? 'was terminated'
          : 'was cut off: no end was recorded';
  const threads = lanes > 1 ? ` on ${count(lanes, 'thread')}` : '';
  const runtime = process.version === '' ? language : `${language} ${process.version}`.trim();
  return `${what}${runtime && ` (${runtime})`} ran ${duration(ranNs)}${process.isVirtual ? ' by the virtual clock' : ''}${threads} and ${how}.`;
}

/** "node app.js" of a whole command line with paths. */
function nameOfProgram(argv: string): string {
  const words = argv.split('\n').length > 1 ? argv.split('\n') : argv.split(' ');
  return words.slice(0, 4).map(displayPath).join(' ');
}

interface Rows {
  all: number;
  /** A program's and its modules' own bodies: there is one of these however little was seen. */
  bodies: number;
  failed: number;
  open: number;
  terminated: number;
}

function countRows(trace: Trace): Rows {
  const { tasks } = trace;
  const rows = { all: 0, bodies: 0, failed: 0, open: 0, terminated: 0 };
  for (let task = 0; task < tasks.count; task++) {
    if (!isRow(trace, task)) continue;
    rows.all++;
    if (BODIES.includes(ACTIVATION_KINDS[tasks.kind[task]!] ?? '')) rows.bodies++;
    if (terminatedWith(trace, task)) rows.terminated++;
    else if (tasks.rowState[task] !== State.ended) rows.open++;
    else if (hasFailed(trace, task)) rows.failed++;
  }
  return rows;
}

function tasksLine(trace: Trace, rows: Rows): string {
  const words = [`${count(rows.all, 'task')}, ${count(trace.events, 'event')}`];
  if (rows.failed > 0) words.push(`${count(rows.failed, 'task')} failed`);
  if (rows.open > 0) words.push(`${count(rows.open, 'task')} did not end`);
  if (rows.terminated > 0)
    words.push(
      `${count(rows.terminated, 'task was', 'tasks were')} terminated with ${rows.terminated === 1 ? 'its' : 'their'} process or thread`,
    );
  if (trace.lost > 0) words.push(`${count(trace.lost, 'record')} lost`);
  return `${words.join('; ')}.`;
}

/** Waits that nothing has ended, but for those of which the findings tell. */
function openLines({ trace, spans, findings }: SummaryInput, open: readonly Wait[]): string[] {
  const told = new Set(
    findings.filter(({ rule }) => OPEN_WAIT_RULES.has(rule)).flatMap(({ tasks }) => tasks),
  );
  const byPlace = new Map<string, Wait[]>();
  for (const wait of open) {
    if (told.has(wait.row)) continue;
    const place = `${wait.site} ${wait.awaitStack?.join()}`;
    const there = byPlace.get(place);
    if (there) there.push(wait);
    else byPlace.set(place, [wait]);
  }
  const places = [...byPlace.values()];
  const lines = places.slice(0, OPEN_SHOWN).map(([wait, ...more]) => {
    const others = more.length > 0 ? ` So did ${count(more.length, 'other task')} there.` : '';
    const how = terminatedWith(trace, wait!.row) ? 'Cut short' : 'Still waiting';
    return `${how}: ${plain(explainWait(trace, spans, wait!)[0]!)}${others}`;
  });
  const rest = places.slice(OPEN_SHOWN).flat().length;
  if (rest > 0) lines.push(`${count(rest, 'more task was', 'more tasks were')} still waiting elsewhere.`);
  return lines;
}

/** Tasks that failed, but for those of which the findings tell: somebody may have caught the error, and may have swallowed it. */
function failedLines({ trace, findings }: SummaryInput): string[] {
  const told = new Set(
    findings.filter(({ rule }) => rule === uncaughtErrors.name).flatMap(({ tasks }) => tasks),
  );
  const { tasks } = trace;
  const failed: number[] = [];
  for (let row = 0; row < tasks.count; row++) {
    if (isRow(trace, row) && hasFailed(trace, row) && !told.has(row)) failed.push(row);
  }
  const lines = failed.slice(0, FAILED_SHOWN).map((row) => `Failed: ${plain(describeFailure(trace, row))}`);
  const rest = failed.length - lines.length;
  if (rest > 0) lines.push(`${count(rest, 'more task')} failed.`);
  return lines;
}

const isRow = (trace: Trace, task: number): boolean => trace.tasks.frameOf[task]! < 0;
const hasFailed = (trace: Trace, row: number): boolean =>
  trace.tasks.rowState[row] === State.ended && OUTCOMES[trace.tasks.outcome[row]!] === 'error';

function waitLines({ trace, spans, sums }: SummaryInput, open: readonly Wait[]): string[] {
  const lines: string[] = [];
  const longestOpenNs = open.reduce((most, wait) => Math.max(most, openNs(trace, wait)), 0);
  for (const wait of sums.longest(WAITS_SHOWN)) {
    const sentences = explainWait(trace, spans, wait).map(plain);
    // The longest is explained in full; of the others what they were and who ended them.
    if (lines.length > 0) lines.push(`Then: ${sentences.slice(0, 2).join(' ')}`);
    else {
      const isLongest = longestOpenNs <= wait.endNs! - wait.startNs;
      lines.push(`Longest wait${isLongest ? '' : ' that ended'}: ${sentences.join(' ')}`);
    }
  }
  return lines;
}

function placesOf(trace: Trace, finding: Finding): string {
  const said = plain(finding.words);
  const places = finding.sites
    .map((site) => trace.sites[site])
    .filter((site) => site !== undefined)
    .map((site) => displayPlace(site))
    .filter((place, i, all) => all.indexOf(place) === i && !said.includes(place))
    .slice(0, 3);
  return places.length === 0 ? '' : ` [${places.join(', ')}]`;
}

/** A thin trace, and why: what the instrument said it saw, or what can be told without that. */
function whyEmpty(trace: Trace): string[] {
  if (trace.processes.length === 0 || trace.events === 0) {
    return ['Nothing was recorded: the program ran without Node, or ended before the instrument was up.'];
  }
  const broken = newsOf(trace, 'unseen').filter((words) => words.includes(DOES_NOT_PARSE));
  if (broken.length > 0) return broken.map((words) => `Not traced: ${words}.`);
  const said = [...newsOf(trace, 'seen'), ...newsOf(trace, 'unseen'), ...newsOf(trace, 'off')];
  if (said.length > 0) return ['No task of the program was seen.', ...said.map((words) => `${words}.`)];
  return [
    'No task of the program was seen: the files that ran held no async functions and no timers, ' +
      'were compiled to a form without them, or lie in node_modules.',
  ];
}

function newsOf(trace: Trace, name: (typeof AGENT_NOTICES)[number]): string[] {
  const number = AGENT_NOTICES.indexOf(name);
  return trace.processes
    .flatMap(({ notices: news }) => news.filter((it) => it.kind === number))
    .map(({ text, count: n }) => (n > 1 ? `${text} (${n} times)` : text));
}
