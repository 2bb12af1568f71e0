/**
 * The other lines of a finding's proof: who held, who waited, where the thing was made. What is
 * said of a place is what the trace or the finding's own sentence says of it.
 */
import { openWaits } from '../../runtime/trace/model/open-waits.ts';
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import type { Trace } from '../../runtime/trace/model/trace.ts';
import { ACTIVATION_KIND, numberSet, SITE_ROLE } from '../../runtime/trace/format/kinds.ts';
import { isOver } from '../../runtime/trace/model/times-so-far.ts';
import { plain, type Sentence } from '../../runtime/trace/words/sentence.ts';
import { describeTarget } from '../../runtime/trace/words/wait.ts';
import { resourcePart } from '../../runtime/trace/words/parts.ts';

export interface RelatedPlace {
  /** Index of the site. */
  readonly site: number;
  readonly words: string;
}

const MAX_WORDS = 200;
const MAX_TASKS = 20;
/** At one line. */
const MAX_FACTS = 2;
/** Their first line says nothing of them. */
const BODIES = numberSet(ACTIVATION_KIND, 'module', 'main');

/** One a line, without the finding's own line. The most telling first. */
export function relatedPlaces(trace: Trace, finding: Finding): RelatedPlace[] {
  const [own] = finding.sites;
  const places = new Map<string, { readonly site: number; readonly words: string[] }>();
  const lineOf = (site: number): string => `${trace.sites[site]?.file}:${trace.sites[site]?.line}`;
  const ownLine = own === undefined ? '' : lineOf(own);
  const add = (site: number, words: string, isFact = true): void => {
    if (trace.sites[site] === undefined || lineOf(site) === ownLine) return;
    const place = places.get(lineOf(site));
    if (place === undefined) places.set(lineOf(site), { site, words: [words] });
    else if (isFact && place.words.length < MAX_FACTS && !place.words.includes(words))
      place.words.push(words);
  };
  for (const { site, words } of openWaitsOf(trace, finding)) add(site, words);
  for (const [site, words] of clausesWithSites(finding.words)) add(site, words);
  for (const site of finding.sites) add(site, describeSite(trace, site), false);
  for (const part of finding.words) {
    if (typeof part === 'string') continue;
    if ('resource' in part) {
      const { site = -1 } = trace.resources[part.resource] ?? {};
      add(site, `${plain([resourcePart(trace, part.resource)])} was made here`, false);
    }
  }
  for (const task of finding.tasks.slice(0, MAX_TASKS)) {
    const { droppedAt, site, kind } = trace.tasks;
    add(droppedAt[task]!, `${trace.labelOf(task)} was called here`, false);
    if (!BODIES.has(kind[task]!)) add(site[task]!, `${trace.labelOf(task)} runs this`, false);
  }
  return [...places.values()].map(({ site, words }) => ({
    site,
    words: words.join('; ').slice(0, MAX_WORDS),
  }));
}

/** Where tasks of the finding wait, or waited to the end. */
function openWaitsOf(trace: Trace, { tasks }: Finding): RelatedPlace[] {
  const rows = new Set(tasks.map((task) => trace.rowOf(task)));
  return openWaits(trace)
    .filter(({ row }) => rows.has(row))
    .slice(0, MAX_TASKS)
    .map((wait) => {
      const verb = isOver(trace, wait.row) ? 'waited here to the end' : 'waits here';
      return {
        site: wait.site,
        words: `${trace.labelOf(wait.row)} ${verb}${plain(describeTarget(trace, wait))}`,
      };
    });
}

/**
 * The part of the sentence that names a place: "b has lock y" of "a has lock x (…) and waits for
 * y; b has lock y (b.ts:4), …". A part ends at a place, a semicolon or a full stop.
 */
function clausesWithSites(words: Sentence): (readonly [site: number, words: string])[] {
  const clauses: (readonly [number, string])[] = [];
  let before = '';
  for (const part of words) {
    if (typeof part !== 'string' && 'site' in part) {
      const clause = before
        .replace(/^[\s,;:.)]*(?:(?:and|in \S+|at|from)\s)?/, '')
        .replace(/[\s,(]*(?:\bat|\bfrom)?\s*$/, '');
      clauses.push([part.site, /^\w*$/.test(clause) ? `${clause || 'named'} here` : clause]);
      before = '';
      continue;
    }
    before += typeof part === 'string' ? part : part.text;
    const end = Math.max(before.lastIndexOf('; '), before.lastIndexOf('. '));
    if (end >= 0) before = before.slice(end + 2);
  }
  return clauses;
}

function describeSite(trace: Trace, site: number): string {
  const { text = '', role = 0 } = trace.sites[site] ?? {};
  if (text === '') return 'also seen here';
  return role === SITE_ROLE.await ? `\`await ${text}\`` : `\`${text}\``;
}
