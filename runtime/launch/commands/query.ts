/**
 * `simul why`, `simul findings`, `simul moment`: questions to a saved trace, a recording, or a
 * program that runs under trace. The answers are made by runtime/trace/queries; here they are only
 * printed.
 */
import { parseArgs } from 'node:util';
import { printable, printableJson } from '../../trace/format/printable.ts';
import { parseEventId } from '../../trace/model/event-id.ts';
import { type About, isRefusal, type Refusal } from '../../trace/queries/about.ts';
import type { Answer } from '../../trace/queries/answer.ts';
import { DEFAULT_MAX_BYTES, makeAnswerJson, MIN_MAX_BYTES } from '../../trace/queries/answer-json.ts';
import { answerLines } from '../../trace/queries/answer-lines.ts';
import { listFindings } from '../../trace/queries/list-findings.ts';
import { moment } from '../../trace/queries/moment.ts';
import { parseTime } from '../../trace/queries/parse-time.ts';
import type { QuerySource } from '../../trace/queries/query-source.ts';
import { why } from '../../trace/queries/why.ts';
import { EXIT } from '../exit-status.ts';
import { findRecording } from '../find-recording.ts';
import { readQuerySource } from '../read-trace.ts';
import { ownCommandLine } from './own-command-line.ts';
import { printMessage } from './print-message.ts';
import { parseCount, UsageError } from './usage-error.ts';

const options = {
  json: { type: 'boolean' },
  bytes: { type: 'string' },
  cursor: { type: 'string' },
  pid: { type: 'string' },
} as const;
/** In a terminal all findings are listed where they were asked for. */
const MAX_LISTED = 100;

export function whyCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, at: { type: 'string' }, task: { type: 'string' }, time: { type: 'string' } },
    allowPositionals: true,
  });
  const asked = [values.at, values.task, values.time].filter((value) => value !== undefined);
  if (asked.length > 1) throw new UsageError('why takes one of --at, --task and --time');
  const about = aboutOf(values.at, values.task, values.time);
  return answerCommand('why', positionals, values, (source) => why(source, about));
}

export function findingsCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  return answerCommand('findings', positionals, values, listFindings);
}

export function momentCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, time: { type: 'string' }, event: { type: 'string' } },
    allowPositionals: true,
  });
  const { time, event } = values;
  if ((time === undefined) === (event === undefined)) {
    throw new UsageError('moment takes either --time T or --event PROCESS:N');
  }
  const t = time === undefined ? null : timeOf(time);
  const id = event === undefined ? null : parseEventId(event);
  if (event !== undefined && id === null) {
    throw new UsageError(
      `--event takes an id like 0:17, a process and the number of its record; it got "${event}"`,
    );
  }
  return answerCommand('moment', positionals, values, (source) => {
    if (t !== null) return moment(source, t);
    const place = id === null ? null : momentOf(source, id);
    return place === null ? { refusal: `the trace holds no record ${event}` } : moment(source, place);
  });
}

/** When the record was written; null: there is none of this id. */
function momentOf(
  { trace, events }: QuerySource,
  id: NonNullable<ReturnType<typeof parseEventId>>,
): number | null {
  const fact = trace.facts.find(({ event }) => event.process === id.process && event.number === id.number);
  return fact?.t ?? events?.placeOf(id)?.t ?? null;
}

interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly bytes?: string | undefined;
  readonly cursor?: string | undefined;
  readonly pid?: string | undefined;
}

function answerCommand(
  command: string,
  positionals: readonly string[],
  output: OutputOptions,
  ask: (source: QuerySource) => Answer | Refusal,
): number {
  const { json = false, cursor } = output;
  const maxBytes = parseCount('bytes', output.bytes, DEFAULT_MAX_BYTES);
  if (maxBytes < MIN_MAX_BYTES) throw new UsageError(`--bytes takes a number of at least ${MIN_MAX_BYTES}`);
  if (!json && (cursor !== undefined || output.bytes !== undefined)) {
    throw new UsageError('--cursor and --bytes are for --json');
  }
  const path = pathOf(command, positionals, output.pid);
  if (typeof path !== 'string') return refuse(path.refusal);
  const source = readQuerySource(path);
  if (typeof source === 'string') return refuse(source);
  const answer = ask(source);
  if (isRefusal(answer)) return refuse(answer.refusal);
  if (!json) {
    const limits = { causes: command === 'findings' ? MAX_LISTED : 3, tasks: 20, unseen: 5 };
    const lines = answerLines(source.trace, answer, limits);
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    return EXIT.ok;
  }
  const page = makeAnswerJson(source.trace, answer, { maxBytes, cursor });
  if (page === null) throw new UsageError(`--cursor takes what the page before gave; it got "${cursor}"`);
  process.stdout.write(`${printableJson(JSON.stringify(page))}\n`);
  return EXIT.ok;
}

function pathOf(command: string, positionals: readonly string[], pid: string | undefined): string | Refusal {
  const [path, ...rest] = positionals;
  if (pid === undefined) {
    if (path === undefined || rest.length > 0) {
      throw new UsageError(`${command} takes one saved trace or recording, or --pid`);
    }
    return path;
  }
  if (path !== undefined) throw new UsageError(`${command} takes a trace or --pid, and not both`);
  const { argv, env, platform } = process;
  const own = ownCommandLine({ script: argv[1] ?? 'simul', cwd: process.cwd(), env, platform });
  const found = findRecording(parseCount('pid', pid, 0), own);
  return typeof found === 'string' ? { refusal: found } : found.folder;
}

function aboutOf(at: string | undefined, task: string | undefined, time: string | undefined): About {
  if (task !== undefined) return { kind: 'task', name: task };
  if (time !== undefined) return { kind: 'time', t: timeOf(time) };
  if (at === undefined) return { kind: 'all' };
  const parts = /^(.+):(\d{1,9})$/.exec(at);
  if (parts === null) throw new UsageError(`--at takes FILE:LINE; it got "${at}"`);
  return { kind: 'line', file: parts[1]!, line: Number(parts[2]) };
}

function timeOf(text: string): number {
  const t = parseTime(text);
  if (t === null) {
    throw new UsageError(`--time takes ns, or a number with ns, us, ms or s; it got "${text}"`);
  }
  return t;
}

function refuse(words: string): number {
  printMessage(words);
  return EXIT.cannotRead;
}
