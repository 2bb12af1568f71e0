/**
 * A server of Python's `socketserver` that was stopped by the thread that runs it, which waits for
 * itself; and one that serves a connection after the other, and stands in one while a thread of the
 * same program waits for its answer on another. Part of the rule deadlock.
 */
import { FACT } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import type { Fact, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const MIN_WAIT_NS = 1e9;
const MAX_FINDINGS = 10;

/** @param rule the name of the rule that says so */
export function ownServers(trace: Trace, rule: string): Finding[] {
  const stopped = trace.facts.filter(({ what }) => what === FACT['waits-for-itself']);
  const busy = trace.facts.filter(({ what }) => what === FACT['one-at-a-time']);
  return [
    ...stopped.map((fact) => stoppedByItself(trace, fact, rule)),
    ...busy.flatMap((fact) => servesAnother(trace, fact, rule) ?? []),
  ].slice(0, MAX_FINDINGS);
}

function stoppedByItself(trace: Trace, { task, site, called, text, t, event }: Fact, rule: string): Finding {
  const [object = '', method = '', runner = ''] = text.split('|');
  const fn = trace.sites[site]?.fn ?? '';
  const words: SentencePart[] = [fn === '' ? 'The program' : `\`${fn}\``, ` calls ${object}.${method}()`];
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(` in the same thread that runs its ${runner}()`);
  if (called >= 0) words.push(' (', sitePart(trace, called), ')');
  words.push(
    `: it waits until ${runner} has returned, which waits for this call, a deadlock. `,
    `Call it in another thread: \`threading.Thread(target=server.${method}).start()\`.`,
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [site, called].filter((known) => known >= 0),
    tasks: task >= 0 ? [trace.rowOf(task)] : [],
    t,
    explainsEnd: true,
    events: [event],
  };
}

/** Null: whoever waits has waited for a short time. */
function servesAnother(trace: Trace, fact: Fact, rule: string): Finding | null {
  const { site, called, text, t, event } = fact;
  const wait = openWaits(trace).find((each) => isSame(trace, each, fact));
  if (wait === undefined) return null;
  const [server = '', thread = '', state = '', fn = ''] = text.split('|');
  const isOwn = state === 'own';
  const words: SentencePart[] = [
    isOwn && fn !== '' ? `\`${fn}\`` : taskPart(trace, wait.row),
    ' waits at ',
    sitePart(trace, site),
    isOwn ? '' : inFunction(trace, wait.row, site),
    ` for an answer of ${server}`,
  ];
  if (called >= 0) words.push(' (made at ', sitePart(trace, called), ')');
  if (isOwn)
    words.push(
      ', and runs in the only thread of that server itself, which serves one connection at a time: a deadlock. ',
      `Call what the server would call, or use ${threading(server)}.`,
    );
  else
    words.push(
      `, which serves one connection at a time: its thread ${thread} `,
      state === 'idle'
        ? 'waits for the next request of another connection, which was kept alive, a deadlock.'
        : `is in another connection${fn === '' ? '' : `, in \`${fn}\``}.`,
      ` Use ${threading(server)}, or close each connection after its answer.`,
    );
  return {
    rule,
    severity: 'error',
    words,
    sites: [site, called].filter((known) => known >= 0),
    tasks: [wait.row],
    t,
    sinceNs: wait.startNs,
    explainsEnd: true,
    events: [event],
  };
}

/** Sites are written anew: the line tells. */
function isSame(trace: Trace, wait: Wait, { site, process }: Fact): boolean {
  const own = trace.sites[wait.site];
  const its = trace.sites[site];
  if (own === undefined || its === undefined || trace.tasks.process[wait.row] !== process) return false;
  return own.file === its.file && own.line === its.line && openNs(trace, wait) >= MIN_WAIT_NS;
}

const threading = (server: string): string =>
  server.startsWith('HTTP') || server.endsWith('HTTPServer')
    ? 'ThreadingHTTPServer'
    : 'socketserver.ThreadingMixIn';
