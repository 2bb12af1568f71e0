/** What the calls of handlers took and where, as sentences. */
import { criticalPath } from '../graph/critical-path.ts';
import { lifeOf } from '../graph/end-of-run.ts';
import { findHandlers, type Handler } from '../graph/handlers.ts';
import type { PathSource } from '../graph/path-source.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { awaitedText, sitePart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import type { HandlerTimes, WhereRow } from './answer.ts';
import { whereTheTimeWent } from './where.ts';

/** Parts of a call that are told. */
const MAX_PARTS = 2;
/** Of fewer calls the slowest says more. */
const MIN_CALLS_OF_P99 = 100;
const MIN_SHARE = 0.1;

/**
 * @param maxPieces of the path of each call
 * @param minMedianNs of the calls of one that is told; absent: what somebody may wait for
 */
export function handlerTimes(source: PathSource, maxPieces?: number, minMedianNs?: number): HandlerTimes[] {
  return findHandlers(source.trace, minMedianNs).map((handler) => {
    const [usual, slowest] = [handler.usual, handler.slowest].map((rows) =>
      partsOf(source, rows, maxPieces),
    ) as [Parts, Parts];
    return {
      ...handler,
      where: usual,
      whereSlowest: slowest,
      words: describe(source, handler, usual, slowest),
    };
  });
}

type Parts = readonly WhereRow[];

/** What these calls spent together. */
function partsOf(source: PathSource, rows: readonly number[], maxPieces?: number): Parts {
  const pieces = rows.flatMap((row) => criticalPath(source, row, lifeOf(source.trace, row), maxPieces));
  return whereTheTimeWent(source.trace, pieces, 'a call').rows;
}

/**
 * "callback at app.ts:26 took 28 ms at the median of 911 calls: 64 % at `job.done()` (app.ts:28).
 * The slowest hundredth took 61 ms or more: …"
 */
function describe({ trace }: PathSource, handler: Handler, where: Parts, whereSlowest: Parts): Sentence {
  const { site, calls, medianNs, p99Ns, longestNs, usual } = handler;
  const task = usual[usual.length >> 1]!;
  const name = trace.nameOf(task);
  const place = trace.sites[site]!;
  const at: Sentence = name.includes(`:${place.line}`) ? [] : [' (', sitePart(trace, site), ')'];
  const slowest =
    calls < MIN_CALLS_OF_P99
      ? `The slowest took ${duration(longestNs)}`
      : `The slowest hundredth took ${duration(p99Ns)} or more`;
  return [
    { task, text: name },
    ...at,
    ` took ${duration(medianNs)} at the median of ${count(calls, 'call')}`,
    ...partsWords(trace, where),
    `. ${slowest}`,
    ...partsWords(trace, whereSlowest),
    '.',
  ];
}

/** ": 64 % at `job.done()` (app.ts:28), 20 % running at app.ts:30" */
function partsWords(trace: Trace, where: Parts): Sentence {
  const large = atPlaces(trace, where)
    .filter((part) => part.share >= MIN_SHARE)
    .slice(0, MAX_PARTS);
  return large.flatMap(({ site, doing, share: part }, i): SentencePart[] => {
    const text = doing === '' ? awaitedText(trace, site) : '';
    const words = `${i === 0 ? ': ' : ', '}${share(part, 1)}${doing} at `;
    return text === '' ? [words, sitePart(trace, site)] : [`${words}${text} (`, sitePart(trace, site), ')'];
  });
}

interface PlacePart {
  readonly site: number;
  /** " running", " ready"; '': waiting. */
  readonly doing: string;
  readonly share: number;
}

/**
 * What was waited for at a line is one part, whatever ended the waits and in whichever thread. The
 * largest first.
 */
function atPlaces(trace: Trace, where: Parts): PlacePart[] {
  const parts = new Map<string, PlacePart>();
  for (const { site, resource, share: part } of where) {
    if (site < 0) continue;
    const [, doing = ''] = /^(running|ready)\b/.exec(resource) ?? [];
    const { file, line } = trace.sites[site]!;
    const key = `${file}:${line} ${doing} ${doing === '' ? awaitedText(trace, site) : ''}`;
    const sum = (parts.get(key)?.share ?? 0) + part;
    parts.set(key, { site, doing: doing === '' ? '' : ` ${doing}`, share: sum });
  }
  return [...parts.values()].sort((a, b) => b.share - a.share);
}
