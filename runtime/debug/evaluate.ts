/**
 * What a person types into the console or the watch list, or hovers over: queues and locks, tasks,
 * times, and questions. Values of the program are not recorded, and the answer says so.
 */
import { isRefusal, rowsNamed, type Refusal } from '../trace/queries/about.ts';
import type { Answer } from '../trace/queries/answer.ts';
import { answerLines } from '../trace/queries/answer-lines.ts';
import { explainedWait } from '../trace/queries/causes.ts';
import { listFindings } from '../trace/queries/list-findings.ts';
import { moment } from '../trace/queries/moment.ts';
import { parseTime } from '../trace/queries/parse-time.ts';
import { why } from '../trace/queries/why.ts';
import { duration } from '../trace/words/duration.ts';
import { plain } from '../trace/words/sentence.ts';
import { parseExpression } from './expression.ts';
import { momentText } from './moment-text.ts';
import type { Replay } from './replay.ts';
import { RequestError } from './request-error.ts';
import { resourceNamed } from './resources.ts';
import { FUNCTIONS, StepMeaning, WORDS } from './step-meaning.ts';
import { resourceVariable, type ShownVariable, taskVariable, waitAt } from './variables.ts';

export interface Evaluated {
  readonly shown: ShownVariable;
  /** The person asked to go to this time, ns. */
  readonly goTo?: number;
}

const HELP = [
  'orders                 a queue, lock or pool by its name',
  'consumer#2             a task by its label, name or id',
  'depth(orders)          and capacity(…), holder(…), waiters(…)',
  'why(), why(consumer)   why this task waits, or what another waited for',
  'moment                 what every task does now',
  'findings               all that was found',
  '1.204 s                goes to this time (also: go 1.204 s)',
].join('\n');

/** @param row the one that the person looks at */
export function evaluate(replay: Replay, row: number, expression: string, context: string): Evaluated {
  const text = expression.trim();
  const { trace, recording } = replay;
  const said = (value: string): Evaluated => ({ shown: { name: text, value } });
  const time =
    /^go\b/.test(text) || /\d\s*(ns|us|µs|ms|s)$/.test(text) ? parseTime(text.replace(/^go\s*/, '')) : null;
  if (time !== null && context !== 'hover') return goTo(replay, text, time, context);
  const asked = /^(why|moment|findings|help|time)\s*(?:\(\s*"?([^")]*)"?\s*\))?$/.exec(text);
  switch (asked?.[1]) {
    case 'why':
      return said(answerWhy(replay, row, asked[2] ?? ''));
    case 'moment':
      return said(linesOf(replay, moment(recording.source, replay.t)));
    case 'findings':
      return said(linesOf(replay, listFindings(recording.source)));
    case 'help':
      return said(HELP);
    case 'time':
      return said(momentText(replay.t));
    default:
  }
  const named = shownByName(replay, text);
  if (named !== null) return { shown: named };
  if (/^[\w$]+$/.test(text) && !WORDS.includes(text))
    throw new RequestError(
      `"${text}" is no queue, lock, pool or task of this recording; values of the program are not recorded`,
    );
  const parsed = parseExpression(text, WORDS, FUNCTIONS);
  const { timeline } = replay;
  const value = timeline.at < 0 ? undefined : parsed(new StepMeaning(replay, timeline.step(timeline.at)));
  return said(value === undefined ? 'not known at this moment' : String(value));

  function shownByName(of: Replay, name: string): ShownVariable | null {
    try {
      return resourceVariable(of, resourceNamed(trace, name, of.t));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
    // A part of a name is no name: a hover over any word would find something.
    const rows = rowsNamed(trace, name);
    if (isRefusal(rows)) return null;
    const exact = rows.filter((one) =>
      [trace.nameOf(one), trace.labelOf(one), trace.idOf(one)].includes(name),
    );
    const living = exact.find((one) => of.timeline.isLiving(one)) ?? exact[0];
    return living === undefined ? null : { ...taskVariable(of, living), name };
  }
}

function goTo({ trace }: Replay, text: string, time: number, context: string): Evaluated {
  if (context !== 'repl') throw new RequestError('a time can be gone to from the console alone');
  if (time > trace.endNs)
    throw new RequestError(`the recording ends at ${duration(trace.endNs)}, before ${duration(time)}`);
  return { shown: { name: text, value: `goes to ${duration(time)}` }, goTo: time };
}

function answerWhy(replay: Replay, row: number, name: string): string {
  const { source } = replay.recording;
  if (name !== '') return linesOf(replay, why(source, { kind: 'task', name }));
  const wait = row < 0 ? null : waitAt(replay, row);
  if (wait !== null) return plain(explainedWait(source, wait).words);
  return linesOf(replay, why(source, { kind: 'time', t: replay.t }));
}

function linesOf({ trace }: Replay, answer: Answer | Refusal): string {
  if (isRefusal(answer)) throw new RequestError(answer.refusal);
  return answerLines(trace, answer).join('\n');
}
