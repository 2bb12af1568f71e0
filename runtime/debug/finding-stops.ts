/** The place of each finding in a timeline: that of the first event that proves it. */
import { FACT } from '../trace/format/kinds.ts';
import type { Severity } from '../trace/findings/finding.ts';
import { type EventId, formatEventId } from '../trace/model/event-id.ts';
import { causeOf, isCause } from '../trace/queries/causes.ts';
import { plain } from '../trace/words/sentence.ts';
import type { Replay } from './replay.ts';

export interface FindingStop {
  readonly place: number;
  readonly row: number;
  /** The rule's name, or that of an event. */
  readonly rule: string;
  readonly severity: Severity;
  readonly words: string;
  /** Ids of the records that prove it. */
  readonly proof: readonly string[];
}

/** In the order of their places. */
export function findingStops(replay: Replay): FindingStop[] {
  const { source } = replay.recording;
  const stops = source.findings.filter(isCause).flatMap((finding): FindingStop[] => {
    const { events, tasks, rule, severity, words } = causeOf(source, finding);
    const rows = tasks.filter((row) => isOwn(replay, row));
    if (tasks.length > 0 && rows.length === 0) return [];
    const places = events.flatMap((event) => placeOf(replay, event) ?? []);
    // Where the rule names no records, those of its tasks stand for it, and may be from before.
    const sinceNs = finding.events === undefined ? (finding.sinceNs ?? 0) : 0;
    const first = places
      .filter(({ row, t }) => isOwn(replay, row) && t >= sinceNs)
      .sort((a, b) => a.t - b.t)[0];
    const t = first?.t ?? finding.sinceNs ?? finding.t;
    const row = first?.row ?? rows[0] ?? -1;
    const stop = replay.stopAtTime(t, row) ?? replay.stopAtTime(t);
    if (stop === null) return [];
    const proof = events.map(formatEventId);
    return [{ ...stop, rule, severity, words: plain(words), proof }];
  });
  return [...stops, ...unseenErrors(replay)].sort((a, b) => a.place - b.place);
}

/** The row that a record is of, and when it was written; null: none is known. */
function placeOf(
  { trace, recording }: Replay,
  event: EventId,
): { readonly row: number; readonly t: number } | null {
  const fact = trace.facts.find(
    ({ event: { process, number } }) => process === event.process && number === event.number,
  );
  if (fact !== undefined && fact.task >= 0) return { row: trace.rowOf(fact.task), t: fact.t };
  return recording.source.events?.placeOf(event) ?? null;
}

function unseenErrors(replay: Replay): FindingStop[] {
  return replay.trace.facts.flatMap((fact): FindingStop[] => {
    if (fact.what !== FACT.unhandled && fact.what !== FACT.uncaught) return [];
    const row = fact.task < 0 ? -1 : replay.trace.rowOf(fact.task);
    if (row >= 0 && !isOwn(replay, row)) return [];
    const stop = replay.stopAtTime(fact.t, row) ?? replay.stopAtTime(fact.t);
    if (stop === null) return [];
    const words = `${fact.text || 'an error'}: nobody caught it.`;
    return [{ ...stop, rule: 'unseen-error', severity: 'error', words, proof: [formatEventId(fact.event)] }];
  });
}

const isOwn = (replay: Replay, row: number): boolean => {
  const { process } = replay.timeline;
  return row >= 0 && (process === null || replay.trace.tasks.process[row] === process);
};
