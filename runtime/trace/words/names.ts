/** How tasks, sites and resources are called in sentences. */
import { GROUP_KINDS, RESOURCE_KINDS } from '../format/kinds.ts';
import { displayPlace } from '../model/display-path.ts';
import type { Trace } from '../model/trace.ts';
import { count } from './duration.ts';
import type { Part, Sentence } from './sentence.ts';

export const taskPart = (trace: Trace, task: number): Part => ({ task, text: trace.labelOf(task) });

/** Of more tasks than these a sentence names the first two and counts the rest. */
const MAX_NAMED = 4;

/** "a", "a and b", "a, b and c", "a, b and 7 others". @param more what is said of each beside its name: "a, called at …; b, called at …" */
export function tasksPart(
  trace: Trace,
  tasks: readonly number[],
  more?: (task: number) => Sentence,
): Sentence {
  const named = tasks.length > MAX_NAMED ? tasks.slice(0, 2) : tasks;
  const each: Sentence[] = named.map((task) => [taskPart(trace, task), ...(more?.(task) ?? [])]);
  const [between, last] = more ? ['; ', '; '] : [', ', ' and '];
  if (named.length < tasks.length) each.push([count(tasks.length - named.length, 'other')]);
  return each.flatMap((words, i) => (i === 0 ? words : [i === each.length - 1 ? last : between, ...words]));
}

/** "orders.ts:12": the file's last part, since the whole path is a click away. */
export function sitePart(trace: Trace, site: number): Part {
  const at = trace.sites[site];
  if (!at) return 'an unrecorded place';
  return { site, text: displayPlace(at) };
}

/** "queue orders", "timer setTimeout 100 ms", "Promise.all". */
export function resourcePart(trace: Trace, resource: number): Part {
  const it = trace.resources[resource];
  if (!it) return 'something unknown';
  const group = trace.groups.get(resource);
  if (group) return { resource, text: it.name || (GROUP_KINDS[group.kind] ?? 'group') };
  const kind = RESOURCE_KINDS[it.kind] ?? '';
  if (it.name === '') {
    const site = trace.sites[it.site];
    const where = site && kind === 'future' ? ` made at ${displayPlace(site)}` : '';
    return { resource, text: kind === '' ? 'something unnamed' : `${kind}${where}` };
  }
  return {
    resource,
    text: kind === 'io' || kind === 'foreign' || kind === 'timer' ? it.name : `${kind} ${it.name}`,
  };
}

/** The awaited text in quotes of code: "`fetch(url)`"; '' when none was recorded. */
export function awaited(trace: Trace, site: number): string {
  const text = trace.sites[site]?.text ?? '';
  return text === '' ? '' : `\`${text}\``;
}
