/**
 * What held a lane over a stretch of time, from the holds that were recorded: the line that was at
 * work for most of the time that was looked at, and what it called. Lines of one function count
 * together; a stretch of which too little was seen is not concluded from.
 */
import { HOLD } from '../format/kinds.ts';
import type { Hold } from '../model/holds.ts';
import type { SiteInfo, Trace } from '../model/trace.ts';

export interface Culprit {
  /** The function, as the program calls it; '': it has no name, or none stands out. */
  readonly fn: string;
  /** Its line that was seen longest. */
  readonly site: number;
  /** What that line called: "RegExp.test"; '': it worked itself. */
  readonly callee: string;
  /** The line where the lane came into the program; −1: it is that of `site`, or not known. */
  readonly from: number;
  /** It asked for itself again and again: the loop could not turn. */
  readonly isRearmed: boolean;
  /** How long it was seen, ns. */
  readonly ns: number;
}

export interface HeldBy {
  /** For how long the machine gave the lane's processor to others, ns. */
  readonly starvedNs: number;
  /** Null: none was seen. */
  readonly culprit: Culprit | null;
  /** Modules were loaded, for most of what was looked at. */
  readonly isLoading: boolean;
}

/** Less of a stretch than this was seen: nothing is said of it. */
const MIN_SEEN_SHARE = 0.3;
/** A function that stands out was seen for this share of what was seen. */
const MIN_MAIN_SHARE = 0.5;
/** What the agent says while Node's loader runs. */
const LOADING = 'module loading';
const ANONYMOUS = '<anonymous>';

export function heldBy(trace: Trace, lane: number, sinceNs: number, untilNs: number): HeldBy {
  const holds = trace.holds.within(lane, sinceNs, untilNs);
  const nsOf = (hold: Hold): number => Math.min(hold.untilNs, untilNs) - Math.max(hold.sinceNs, sinceNs);
  let starvedNs = 0;
  let seen: Hold[] = [];
  let loadingNs = 0;
  for (const hold of holds) {
    if (hold.kind === HOLD.starved) {
      if (hold.sinceNs >= sinceNs) starvedNs += Math.min(hold.ns, untilNs - hold.sinceNs);
    } else if (hold.site >= 0) seen.push(hold);
    else if (hold.callee === LOADING) loadingNs += nsOf(hold);
  }
  const rearmed = rearmedAt(trace, seen);
  if (rearmed !== null) {
    const { site, callee, ns } = rearmed;
    const { fn } = trace.sites[site]!;
    return {
      starvedNs,
      culprit: { fn: nameOf(fn), site, callee, from: -1, isRearmed: true, ns },
      isLoading: false,
    };
  }
  seen = seen.filter(({ kind }) => kind !== HOLD.rearmed);
  const seenNs = seen.reduce((sum, hold) => sum + nsOf(hold), 0);
  // What ran is Node's and the packages', while no task of the program's could.
  const isLoading = loadingNs > seenNs && loadingNs >= (untilNs - sinceNs) * MIN_SEEN_SHARE;
  if (seenNs < (untilNs - sinceNs) * MIN_SEEN_SHARE) return { starvedNs, culprit: null, isLoading };
  const [inFunction, fnNs] = longest(seen, nsOf, (hold) => functionKey(trace.sites[hold.site]!));
  if (fnNs < seenNs * MIN_MAIN_SHARE) {
    // Many functions, called from one place: that is where the time went.
    const [fromPlace, placeNs] = longest(seen, nsOf, ({ site, from }) =>
      lineKey(trace, from >= 0 ? from : site),
    );
    if (placeNs < seenNs * MIN_MAIN_SHARE) return { starvedNs, culprit: null, isLoading };
    const { site, from } = fromPlace[0]!;
    const place = from >= 0 ? from : site;
    const culprit = { fn: '', site: place, callee: '', from: -1, isRearmed: false, ns: placeNs };
    return { starvedNs, culprit, isLoading };
  }
  const [atLine] = longest(inFunction, nsOf, ({ site }) => lineKey(trace, site));
  const [byCallee] = longest(atLine, nsOf, ({ callee }) => callee);
  const [byFrom] = longest(inFunction, nsOf, ({ from }) => lineKey(trace, from));
  const { site, callee } = byCallee[0]!;
  const { from } = byFrom[0]!;
  const { fn } = trace.sites[site]!;
  return {
    starvedNs,
    isLoading,
    culprit: {
      fn: nameOf(fn),
      site,
      callee,
      from: from >= 0 && lineKey(trace, from) !== lineKey(trace, site) ? from : -1,
      isRearmed: false,
      ns: fnNs,
    },
  };
}

const nameOf = (fn: string): string => (fn === ANONYMOUS || fn === '<module>' ? '' : fn);

/** Notes of a line that asks for tick after tick; one note alone is a tick like others. */
const MIN_NOTES = 2;
const MIN_NOTES_SHARE = 0.6;

/** The line that asked for tick after tick, with its longest stretch; null: none did. */
function rearmedAt(trace: Trace, seen: readonly Hold[]): Hold | null {
  const notes = seen.filter(({ kind }) => kind === HOLD.rearmed);
  const [same, count] = longest(
    notes,
    () => 1,
    ({ site }) => lineKey(trace, site),
  );
  if (count < MIN_NOTES || count < notes.length * MIN_NOTES_SHARE) return null;
  return same.reduce((a, b) => (b.ns > a.ns ? b : a));
}

/** The holds of the key that has most time, in their order. */
function longest(
  holds: readonly Hold[],
  nsOf: (hold: Hold) => number,
  keyOf: (hold: Hold) => string,
): readonly [holds: readonly Hold[], ns: number] {
  const byKey = new Map<string, { holds: Hold[]; ns: number }>();
  for (const hold of holds) {
    const key = keyOf(hold);
    const group = byKey.get(key) ?? { holds: [], ns: 0 };
    if (group.holds.length === 0) byKey.set(key, group);
    group.holds.push(hold);
    group.ns += nsOf(hold);
  }
  let best: { holds: Hold[]; ns: number } = { holds: [], ns: -1 };
  for (const group of byKey.values()) if (group.ns > best.ns) best = group;
  return [best.holds, best.ns];
}

const functionKey = ({ file, fn, line }: SiteInfo): string =>
  fn === '' || fn === ANONYMOUS ? `${file}:${line}` : `${file} ${fn}`;

/** Names a line: several columns of it are one. */
export function lineKey(trace: Trace, site: number): string {
  const info = trace.sites[site];
  return info === undefined ? '' : `${info.file}:${info.line}`;
}
