/** One process in a sentence: what it ran, for how long, on how many threads, and how it ended. */
import { constants } from 'node:os';
import { displayPath, displayPlace } from '../../trace/model/display-path.ts';
import { AGENT_NOTICE, LANE_KIND, LANGUAGES, PROCESS_END } from '../../trace/format/kinds.ts';
import type { Process, Trace } from '../../trace/model/trace.ts';
import { count, duration } from '../../trace/words/duration.ts';
import { describeStops } from '../../trace/words/stop.ts';

/** Words of the command line that are shown. */
const MAX_WORDS = 4;

export function describeProcess(trace: Trace, process: Process, alive: ReadonlySet<number>): string {
  const language = LANGUAGES[process.language] ?? '';
  const program = process.argv === '' ? `process ${process.pid}` : shortenCommand(process.argv);
  const lanes = trace.lanes.filter(
    ({ process: owner, kind }) => owner === process.index && kind > 0 && kind !== LANE_KIND.loader,
  ).length;
  const lastNs = alive.has(process.index) && !process.wasTerminated ? trace.endNs : process.lastNs;
  const ranNs = Math.max(0, (process.endNs ?? lastNs) - process.startNs);
  const threads = lanes > 1 ? ` on ${count(lanes, 'thread')}` : '';
  const runtime = process.version === '' ? language : `${language} ${process.version}`.trim();
  const clock = process.isVirtual ? ' by the virtual clock' : '';
  const refusal = process.notices.find(({ kind }) => kind === AGENT_NOTICE.off);
  if (refusal !== undefined) {
    const end = process.endKind === 0 ? '' : `; it ${describeEnd(trace, process, alive)}`;
    return `${program}${runtime && ` (${runtime})`} was not traced: ${refusal.text}${end}.`;
  }
  const stops = describeStops(process, { fromNs: process.startNs, toNs: process.startNs + ranNs });
  return (
    `${program}${runtime && ` (${runtime})`} ran ${duration(ranNs)}${stops}${clock}${threads} ` +
    `and ${describeEnd(trace, process, alive)}.`
  );
}

function describeEnd(trace: Trace, process: Process, alive: ReadonlySet<number>): string {
  const site = trace.sites[process.endSite];
  const place = site === undefined ? '' : ` at ${displayPlace(site)}`;
  if (process.endKind === PROCESS_END.signal)
    return `was ended by ${signalName(process.signal ?? 0)}${place && `, which it sent to itself${place}`}`;
  if (process.endKind === PROCESS_END.replaced) return `became another program${place}`;
  if (process.endKind === PROCESS_END.called)
    return `ended with exit code ${process.exitCode ?? 0} by process.exit${place}`;
  if (process.endKind > 0)
    return process.exitCode === null ? 'ended by itself' : `ended with exit code ${process.exitCode}`;
  if (process.ranWhenSaved) return 'still ran when this was saved';
  if (alive.has(process.index)) return 'still runs';
  if (process.wasTerminated) return 'was terminated';
  return 'was cut off: no end was recorded';
}

const signalName = (number: number): string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;

/** "node app.js" of a whole command line with paths. */
export function shortenCommand(argv: string): string {
  const words = argv.includes('\n') ? argv.split('\n') : argv.split(' ');
  return words.slice(0, MAX_WORDS).map(displayPath).join(' ');
}
