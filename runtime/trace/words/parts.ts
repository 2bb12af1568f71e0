/**
 * The parts of a sentence that name a task, a site or a resource, each a link. Full sentences are
 * made in wait.ts, span.ts, resource.ts and explain.ts.
 */
import { GROUP_KINDS, RESOURCE_KINDS } from '../format/kinds.ts';
import { displayPlace } from '../model/display-path.ts';
import type { Trace } from '../model/trace.ts';
import { count } from './duration.ts';
import type { SentencePart, Sentence } from './sentence.ts';

export const taskPart = (trace: Trace, task: number): SentencePart => ({ task, text: trace.labelOf(task) });

/** Of more tasks than these a list names the first two and counts the rest. */
const MAX_NAMED = 4;

/**
 * "a", "a and b", "a, b and c", "a, b and 7 others".
 * @param detailOf what follows each name: "a, called at …; b, called at …".
 */
export function taskList(
  trace: Trace,
  tasks: readonly number[],
  detailOf?: (task: number) => Sentence,
): Sentence {
  const named = tasks.length > MAX_NAMED ? tasks.slice(0, 2) : tasks;
  const entries: Sentence[] = named.map((task) => [taskPart(trace, task), ...(detailOf?.(task) ?? [])]);
  if (named.length < tasks.length) entries.push([count(tasks.length - named.length, 'other')]);
  const [separator, lastSeparator] = detailOf ? ['; ', '; '] : [', ', ' and '];
  return entries.flatMap((entry, i) =>
    i === 0 ? entry : [i === entries.length - 1 ? lastSeparator : separator, ...entry],
  );
}

/** "orders.ts:12": the file's own name, since the whole path is a click away. */
export function sitePart(trace: Trace, site: number): SentencePart {
  const info = trace.sites[site];
  return info ? { site, text: displayPlace(info) } : 'an unrecorded place';
}

/** "queue orders", "setTimeout 100 ms", "Promise.all", "future made at a.ts:12". */
export function resourcePart(trace: Trace, resource: number): SentencePart {
  const info = trace.resources[resource];
  if (!info) return 'something unknown';
  const group = trace.groups.get(resource);
  if (group) return { resource, text: info.name || (GROUP_KINDS[group.kind] ?? 'group') };
  const kind = RESOURCE_KINDS[info.kind] ?? '';
  if (info.name === '') {
    const site = trace.sites[info.site];
    const origin = site && kind === 'future' ? ` made at ${displayPlace(site)}` : '';
    return { resource, text: kind === '' ? 'something unnamed' : `${kind}${origin}` };
  }
  if (kind === 'child' || kind === 'parent' || kind === 'port' || kind === 'exit' || kind === 'output')
    return { resource, text: info.name };
  if (kind === 'worker') return { resource, text: workerLabel(info) };
  const saysItsKind = kind === 'io' || kind === 'foreign' || kind === 'timer' || kind === 'connections';
  // "a call that is not seen into" is a description, and no name.
  const isDescribed = kind === 'stream' && info.name.startsWith('a ');
  return { resource, text: saysItsKind || isDescribed ? info.name : `${kind} ${info.name}` };
}

/** "worker packer-2"; one without a name of its own is called "worker#2". */
export const workerLabel = ({ name }: { readonly name: string }): string =>
  name === '' || name.startsWith('worker#') ? name || 'a worker thread' : `worker ${name}`;

/**
 * What is awaited, iterated or called on the line of a site, as written; '' where no probe stands
 * there. Sites that come from a stack know their line alone.
 */
export function siteText(trace: Trace, site: number): string {
  const place = trace.sites[site];
  if (place === undefined || place.text !== '') return place?.text ?? '';
  const same = trace.sites.find(
    ({ process, file, line, text }) =>
      text !== '' && line === place.line && file === place.file && process === place.process,
  );
  return same?.text ?? '';
}

/** The awaited text in quotes of code: "`fetch(url)`"; '' when none was recorded. */
export function awaitedText(trace: Trace, site: number): string {
  const text = trace.sites[site]?.text ?? '';
  return text === '' ? '' : `\`${text}\``;
}
