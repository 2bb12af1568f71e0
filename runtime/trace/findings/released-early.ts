/**
 * `try { return work() } finally { release() }`: the function gave back what it had taken while the
 * promise that it had returned was still pending, so the work went on without it. The promise was
 * made before, for the `return` stands above the call that gives back. Refuted by work that needs
 * nothing of what was given back.
 */
import { SITE_ROLE, USE } from '../format/kinds.ts';
import type { ResourceUse } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const releasedEarly: Rule = {
  name: 'released-early',
  description: 'A lock or connection was given back while the work that needed it was still going on.',
  start: (trace) => new ReleasedEarly(trace),
};

/** What took a tick or two was as good as done. */
const MIN_WAIT_NS = 1e6;
const MAX_FRAMES = 32;
const MAX_TASKS = 20;
const MAX_FINDINGS = 20;

interface Release {
  readonly resource: number;
  readonly site: number;
  readonly t: number;
  /** It was too early, and is counted. */
  isCounted: boolean;
}

/** What was given back too early at one place. */
interface Place {
  readonly release: Release;
  readonly returnSite: number;
  readonly tasks: number[];
  count: number;
  longestNs: number;
  sinceNs: number;
  lastNs: number;
}

class ReleasedEarly implements RuleRun {
  readonly #trace: Trace;
  /** By task that goes on: what it gave back last. */
  readonly #releases = new Map<number, Release>();
  readonly #places = new Map<number, Place>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  resourceUsed({ useKind, resource, by, site, t }: ResourceUse): void {
    if (useKind === USE.call && by >= 0 && site >= 0)
      this.#releases.set(by, { resource, site, t, isCounted: false });
  }

  taskEnded(task: number): void {
    this.#releases.delete(task);
  }

  /** The wait is also one of each caller whose await it passes through. */
  waitEnded(wait: EndedWait): void {
    if (this.#releases.size === 0) return;
    const { frameOf, waitSite, sinceNs } = this.#trace.tasks;
    let [task, site, startNs] = [wait.task, wait.site, wait.startNs];
    for (let depth = 0; task >= 0 && depth < MAX_FRAMES; depth++) {
      this.#look(task, site, startNs, wait.endNs);
      task = frameOf[task]!;
      if (task < 0) return;
      site = waitSite[task]!;
      startNs = sinceNs[task]!;
    }
  }

  #look(task: number, site: number, startNs: number, endNs: number): void {
    const release = this.#releases.get(task);
    if (release === undefined || endNs - startNs < MIN_WAIT_NS || startNs < release.t) return;
    if (!this.#isAbove(site, release.site)) return;
    let place = this.#places.get(site);
    if (place === undefined) {
      if (this.#places.size >= MAX_FINDINGS) return;
      place = { release, returnSite: site, tasks: [], count: 0, longestNs: 0, sinceNs: release.t, lastNs: 0 };
      this.#places.set(site, place);
    }
    place.longestNs = Math.max(place.longestNs, endNs - release.t);
    place.lastNs = endNs;
    if (release.isCounted) return;
    release.isCounted = true;
    place.count++;
    if (place.tasks.length < MAX_TASKS) place.tasks.push(task);
  }

  /** The site is a `return` of the same function, above the other in the text. */
  #isAbove(site: number, below: number): boolean {
    const [a, b] = [this.#trace.sites[site], this.#trace.sites[below]];
    return (
      a !== undefined &&
      b !== undefined &&
      a.role === SITE_ROLE.return &&
      a.process === b.process &&
      a.file === b.file &&
      a.fn === b.fn &&
      (a.line < b.line || (a.line === b.line && a.column < b.column))
    );
  }

  findings(): Finding[] {
    return [...this.#places.values()].map((place) => findingOf(this.#trace, place));
  }
}

function findingOf(trace: Trace, place: Place): Finding {
  const { release, returnSite, tasks, count: times, longestNs, sinceNs, lastNs } = place;
  const [first] = tasks as [number];
  const fn = { task: trace.rowOf(first), text: trace.nameOf(first) };
  const words: SentencePart[] = [
    trace.rowOf(first) === first && times === 1 ? taskPart(trace, first) : fn,
    ...givenBack(trace, release),
    sitePart(trace, release.site),
    ` while \`${trace.sites[returnSite]!.text}\`, which it returns at `,
    sitePart(trace, returnSite),
    ` without an \`await\`, went on for ${duration(longestNs)}`,
    times > 1 ? ` (${count(times, 'time')}). ` : '. ',
    'Write `return await`: then it is given back when that is over.',
  ];
  return {
    rule: releasedEarly.name,
    severity: 'warning',
    words,
    sites: [release.site, returnSite],
    tasks: [...new Set(tasks.map((task) => trace.rowOf(task)))],
    t: lastNs,
    sinceNs,
    isWrong: true,
  };
}

/** A plain function stands for what it gives back: "called `release()` at". */
function givenBack(trace: Trace, { resource, site }: Release): SentencePart[] {
  const text = trace.sites[site]?.text ?? '';
  return text.startsWith(`${trace.resources[resource]!.name}(`)
    ? [` called \`${text}\` at `]
    : [' gave ', resourcePart(trace, resource), ' back at '];
}
