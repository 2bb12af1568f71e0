/**
 * Queues, locks, pools and what else can be waited for: their beginning, end, level and members.
 */
import { FLAG, KIND, KINDS, LINK_KIND, LINK_WAY, RESOURCE_KIND, flagReader } from '../format/kinds.ts';
import { mayAdd } from '../model/budget.ts';
import type { LinkEnd } from '../model/links.ts';
import type { Trace } from '../model/trace.ts';
import type { Observers } from './observers.ts';
import type { RecordView } from './record.ts';
import type { Terminations } from './terminations.ts';

const resourceKindOf = flagReader(KINDS.resourceBegin.flags.kind);
const groupKindOf = flagReader(KINDS.group.flags.kind);

export class Resources {
  readonly #trace: Trace;
  readonly #observers: Observers;
  readonly #terminations: Terminations;
  /** Of all groups. */
  #memberCount = 0;

  constructor(trace: Trace, observers: Observers, terminations: Terminations) {
    this.#trace = trace;
    this.#observers = observers;
    this.#terminations = terminations;
  }

  beginResource({ part, lane, t, task, a: id, b, c, d: capacity, flags }: RecordView): void {
    const { definitions } = part;
    if (id === 0 || definitions.isKnown(id)) {
      const trouble = id === 0 ? 'means none' : 'is taken';
      this.#trace.addProblem(`a resource begins with the id ${id}, which ${trouble}`);
      return;
    }
    const index = this.#trace.resources.length;
    if (!mayAdd(this.#trace, 'resources', index)) return;
    definitions.defineResource(id, index);
    const kind = resourceKindOf(flags);
    const { name, key } = nameAndKey(kind, definitions.textOf(c));
    this.#trace.jobs.resourceBegan({ index, kind, key }, lane);
    this.#trace.resources.push({
      index,
      id,
      process: part.process,
      kind,
      name,
      key,
      site: definitions.siteIndex(b),
      creator: definitions.task(task),
      capacity: (flags & FLAG.resourceBounded) !== 0 ? capacity : null,
      beganNs: t,
      endedNs: null,
      level: 0,
      maxDepth: 0,
      puts: 0,
      gets: 0,
      holder: -1,
    });
  }

  endResource({ part, t, a }: RecordView): void {
    const resource = this.#trace.resources[part.definitions.resource(a)];
    if (resource === undefined) {
      this.#trace.addUnknownId(part.process, `a resource of unknown id ${a} ended`);
      return;
    }
    resource.endedNs = t;
    this.#terminations.resourceEnded(resource.index);
  }

  /** An item was put or got, a permit acquired or released. */
  moveItem({ kind, part, t, task, a, b: level, c, flags }: RecordView): void {
    const { definitions } = part;
    const by = definitions.task(task);
    const index = definitions.resource(a);
    const resource = this.#trace.resources[index];
    if (!resource || resource.process !== part.process) {
      this.#trace.addUnknownId(part.process, 'an item moves or a permit is taken at an unknown resource');
      return;
    }
    if ((flags & FLAG.moveRefused) !== 0 && (kind === KIND.put || kind === KIND.get)) return;
    resource.level = level;
    if (level > resource.maxDepth) resource.maxDepth = level;
    if (kind === KIND.put) resource.puts++;
    else if (kind === KIND.get) resource.gets++;
    else resource.holder = kind === KIND.acquire ? by : definitions.task(c);
    // Of a queue outside the links tell, and nobody knows its level.
    if (resource.key !== '') return;
    if (resource.kind === RESOURCE_KIND['job-queue']) this.#trace.jobs.move(kind, index, c, t, by);
    this.#observers.levelChanged(index, t, level, by, kind);
  }

  /**
   * A pool's level is the calls that it was given and has not answered. Both are recorded by the
   * thread that asks.
   */
  countCall({ way, kind, t, task, resource: index }: LinkEnd): void {
    const resource = this.#trace.resources[index];
    const isSubmitted = way === LINK_WAY.send && kind === LINK_KIND.job;
    const isAnswered = way === LINK_WAY.receive && kind === LINK_KIND.result;
    if (resource?.kind !== RESOURCE_KIND.pool || (!isSubmitted && !isAnswered)) return;
    if (isSubmitted) resource.puts++;
    else resource.gets++;
    resource.level = Math.max(0, resource.puts - resource.gets);
    if (resource.level > resource.maxDepth) resource.maxDepth = resource.level;
    this.#observers.levelChanged(index, t, resource.level, task, KIND.link);
  }

  addMember({ part, a, b, c: index, flags }: RecordView): void {
    const { groups } = this.#trace;
    const id = part.definitions.resource(a);
    if (id < 0) {
      this.#trace.addUnknownId(part.process, `a child belongs to the unknown group ${a}`);
      return;
    }
    let group = groups.get(id);
    if (!group) groups.set(id, (group = { kind: groupKindOf(flags), members: [], decider: null }));
    if ((flags & FLAG.groupDecides) !== 0) group.decider = index;
    if (index !== group.members.length || !mayAdd(this.#trace, 'members', this.#memberCount)) return;
    group.members.push(part.definitions.target(b));
    this.#memberCount++;
  }
}

/** Of a queue of jobs outside the process: "words|127.0.0.1:6379/0 bull:words". */
function nameAndKey(kind: number, text: string): { readonly name: string; readonly key: string } {
  const at = kind === RESOURCE_KIND['job-queue'] ? text.indexOf('|') : -1;
  return at < 0 ? { name: text, key: '' } : { name: text.slice(0, at), key: text.slice(at + 1) };
}
