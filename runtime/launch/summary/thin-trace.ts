/**
 * Why a trace is thin: what the instrument recorded about itself, or what can be said without that.
 */
import { AGENT_NOTICE, LANGUAGE } from '../../trace/format/kinds.ts';
import type { Process, Trace } from '../../trace/model/trace.ts';

/** The instrument's words for a file that Node will not run either. */
const DOES_NOT_PARSE = 'does not parse';

/** Node will not run a file of the program, nor can it be traced. */
export const holdsUnparsed = (trace: Trace): boolean => unparsedFiles(trace).length > 0;

const unparsedFiles = (trace: Trace): string[] =>
  noticesOf(trace, 'unseen').filter((words) => words.includes(DOES_NOT_PARSE));

export function explainThinTrace(trace: Trace): string[] {
  if (trace.processes.length === 0 || trace.events === 0) {
    return [
      'Nothing was recorded: the program ran without Node or Python, or ended before the instrument was up.',
    ];
  }
  if (trace.processes.every(isRefused)) return [];
  const unparsed = unparsedFiles(trace);
  if (unparsed.length > 0) return unparsed.map((words) => `Not traced: ${words}.`);
  const notices = [...noticesOf(trace, 'seen'), ...noticesOf(trace, 'unseen')];
  if (notices.length > 0) return ['No task of the program was seen.', ...notices.map((words) => `${words}.`)];
  if (trace.processes.every(({ language }) => language === LANGUAGE.python))
    return ['No task of the program was seen: it ran no coroutine as a task, and started no thread.'];
  return [
    'No task of the program was seen: the files that ran held no async functions and no timers, ' +
      'were compiled to a form without them, or lie in node_modules.',
  ];
}

/** The instrument stepped aside; the sentence about the process says why. */
const isRefused = ({ notices }: Process): boolean => notices.some(({ kind }) => kind === AGENT_NOTICE.off);

/** What the instrument recorded about itself under this name, over all processes. */
export function noticesOf(trace: Trace, name: keyof typeof AGENT_NOTICE): string[] {
  return trace.processes
    .flatMap(({ notices }) => notices.filter(({ kind }) => kind === AGENT_NOTICE[name]))
    .map(({ text, count }) => (count > 1 ? `${text} (${count} times)` : text));
}
