/**
 * Reads a damaged trace in every way that Simul reads one, and says what is wrong with what comes
 * out: an exception, a word that cannot be true, a number that is none.
 */
import { describeWaits } from '../../extension/server/hovers.ts';
import { hintLabel } from '../../extension/server/hints.ts';
import { inflateBlock } from '../../runtime/launch/inflate-block.ts';
import { makeTraceJson } from '../../runtime/launch/json/make-trace-json.ts';
import { streamJson } from '../../runtime/launch/json/stream-json.ts';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { WaitList } from '../../runtime/launch/json/wait-list.ts';
import { makeSummary } from '../../runtime/launch/summary/make-summary.ts';
import { makeTaskTable } from '../../runtime/launch/task-table.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { toText } from '../../runtime/trace/format/text.ts';
import { readTraceFile, recordsOf } from '../../runtime/trace/format/trace-file.ts';
import { openWaits } from '../../runtime/trace/model/open-waits.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { startQueries } from '../../runtime/trace/queries/query-source.ts';
import { SiteSummary } from '../../runtime/trace/summaries/site-summary.ts';
import { explainWait } from '../../runtime/trace/words/explain.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { describeFailure, describeTask } from '../../runtime/trace/words/span.ts';
import { describeWait, describeWaitEnd } from '../../runtime/trace/words/wait.ts';
import { wrongAnswers } from './ask-all.ts';
import { readInPanel } from './read-in-panel.ts';

/** Tasks, sites and waits of each trace that are looked at one by one. */
const MAX_LOOKS = 40;
/** No such word is in what is mutated, and none may come of it. */
const ABSURD = /NaN|undefined|Infinity|\[object|-\d+(\.\d+)? (ns|µs|ms|s|h|min)\b/;
/** What moves a cursor, turns a line round or cannot be seen. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

/** The blocks of a file, or the parts of a recording, as the readers pass them to a fold. */
interface Block {
  readonly part: number;
  readonly records: Uint8Array;
}

/**
 * @param isThorough asks the panel for everything, and not only for what it shows at first
 * @returns what is wrong, a sentence each; none: nothing is
 */
export function complaintsAbout(file: Uint8Array, isThorough = true): string[] {
  const complaints: string[] = [];
  const check = (where: string, text: string): void => {
    if (ABSURD.test(text)) complaints.push(`${where}: "${text.slice(0, 300)}" is absurd`);
    if (UNPRINTABLE.test(text))
      complaints.push(`${where}: ${JSON.stringify(text.slice(0, 300))} is not printable`);
  };
  const attempt = (where: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      complaints.push(
        `${where} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  };
  const troubles: string[] = [];
  let blocks: readonly Block[] = [];
  attempt('the file', () => {
    blocks = blocksOf(file, troubles);
  });
  for (const { records } of blocks.slice(0, 2))
    attempt('the text form', () => toText(records.subarray(0, 6400)));
  attempt('the command line', () => readInTerminal(blocks, troubles, check, complaints));
  attempt('the panel', () => readInPanel(blocks, check, isThorough));
  return complaints;
}

function blocksOf(file: Uint8Array, troubles: string[]): readonly Block[] {
  const contents = readTraceFile(file);
  if (typeof contents === 'string') {
    troubles.push(contents);
    return [];
  }
  if (contents.trouble !== null) troubles.push(contents.trouble);
  return contents.blocks.flatMap((block) => {
    const records = recordsOf(block, inflateBlock(block));
    if (typeof records !== 'string') return [{ part: block.part, records }];
    troubles.push(records);
    return [];
  });
}

function readInTerminal(
  blocks: readonly Block[],
  troubles: readonly string[],
  check: (where: string, text: string) => void,
  complaints: string[],
): void {
  const trace = new Trace();
  const queries = startQueries(trace, { hasProof: true });
  const waits = new WaitList(trace, 1000);
  const sites = new SiteSummary(trace);
  const fold = new Fold([...queries.observers, waits, sites], trace);
  for (const { part, records } of blocks) fold.feed(part, records);
  // As a living program, then as one that is over.
  for (const alive of [new Set(trace.processes.keys()), new Set<number>()]) {
    if (alive.size === 0) fold.end();
    const source = queries.source(troubles);
    const { spans, sums } = source;
    const input = { ...source, alive, waits, limit: 200 };
    complaints.push(...wrongAnswers(source, check));
    for (const line of makeSummary(input)) check('the summary', line);
    const json = makeTraceJson(input);
    for (const line of makeTaskTable(json)) check('the table', line);
    complaints.push(...wrongNumbers(json));
    for (const piece of streamJson({ ...json })) {
      if (UNPRINTABLE.test(piece)) complaints.push('the JSON holds what is not printable');
    }
    for (const wait of openWaits(trace).slice(0, MAX_LOOKS))
      for (const sentence of explainWait(trace, spans, wait)) check('an open wait', plain(sentence));
    for (const wait of sums.longest(MAX_LOOKS))
      for (const sentence of explainWait(trace, spans, wait)) check('a wait', plain(sentence));
    for (let row = 0; row < Math.min(trace.tasks.count, MAX_LOOKS); row++) {
      check('a task', plain(describeTask(trace, row)));
      check('a failure', plain(describeFailure(trace, row)));
    }
    checkHints(trace, sites, check);
  }
}

function checkHints(trace: Trace, summary: SiteSummary, check: (where: string, text: string) => void): void {
  summary.countOpen();
  for (const [index, waits] of [...summary.sites].slice(0, MAX_LOOKS)) {
    const site = trace.sites[index];
    if (site === undefined) continue;
    const { worst } = waits;
    const longest = (): string[] =>
      worst === null ? [] : [describeWait(trace, worst), describeWaitEnd(trace, worst)].map(plain);
    const measured = { site, waits, longest };
    check('a hint', hintLabel([measured]));
    for (const line of describeWaits(measured).split('\n')) check('a hover', line);
  }
}

/** Times and counts that are negative, beyond what a number holds, or none at all. */
function wrongNumbers(json: TraceJson): string[] {
  const wrong: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number') {
      const isSum = /(run|ready|wait|busy)Ns$/.test(path);
      if (!(value >= 0) || (!isSum && value > Number.MAX_SAFE_INTEGER) || !Number.isFinite(value))
        wrong.push(`the JSON says ${path} ${value}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`);
    }
  };
  walk(json, '');
  return wrong.slice(0, 5);
}
