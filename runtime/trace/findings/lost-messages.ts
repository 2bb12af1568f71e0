/**
 * Messages between the program's own threads that nobody will read: the thread that they were for
 * was ended by a line of the program's. So is what a handler of messages still waited for when its
 * thread called for its own end. A way is a queue, so the last number that came out tells how many
 * did not. What a process leaves in its channel to another, the agent counts (cut-off.ts).
 *
 * Refuted by messages that were meant to be dropped: the only one left may be a word to stop.
 */
import type { Observer, ResourceUse } from '../fold/observer.ts';
import {
  ACTIVATION_KIND,
  LANE_END,
  LANE_KIND,
  LINK_KIND,
  LINK_WAY,
  RESOURCE_KIND,
  USE,
} from '../format/kinds.ts';
import type { Link } from '../model/link.ts';
import type { LinkEnd } from '../model/links.ts';
import { openWaits } from '../model/open-waits.ts';
import type { Lane, Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MAX_WAYS = 10_000;
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;
/** One alone may be the word to stop. */
const MIN_LOST = 2;
const TERMINATES = /\bterminate\(/;

/** What goes from one thread to another. */
interface Way {
  /** The number of the last message that went in, and of the last that came out. */
  sent: number;
  received: number;
  /** The task that sent the last, by this resource. */
  sender: number;
  resource: number;
}

export class LostMessages implements Observer {
  readonly #trace: Trace;
  readonly #ways = new Map<string, Way>();
  /** By the resource that stands for a thread: how it began. */
  readonly #threads = new Map<number, Link>();
  /** By resource: the line that sent something last. */
  readonly #sites = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  linkEndRead({ way, kind, task, token, pid, resource, attempt }: LinkEnd, link: Link): void {
    const isSent = way === LINK_WAY.send;
    if (kind === LINK_KIND.spawn && isSent && resource >= 0 && this.#threads.size < MAX_WAYS)
      this.#threads.set(resource, link);
    if (kind !== LINK_KIND.message) return;
    const key = `${pid}:${token}`;
    let known = this.#ways.get(key);
    if (known === undefined) {
      if (this.#ways.size >= MAX_WAYS) return;
      known = { sent: 0, received: 0, sender: -1, resource: -1 };
      this.#ways.set(key, known);
    }
    if (!isSent) known.received = Math.max(known.received, attempt);
    else if (attempt > known.sent) {
      known.sent = attempt;
      known.sender = task;
      known.resource = resource;
    }
  }

  resourceUsed({ useKind, resource, site }: ResourceUse): void {
    if (useKind === USE.call && site >= 0 && this.#sites.size < MAX_WAYS) this.#sites.set(resource, site);
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    const { processes, losses } = this.#trace;
    if (processes.some(({ index }) => losses.hasAny(index))) return [];
    const found: Finding[] = [];
    for (const way of this.#ways.values()) {
      if (found.length >= MAX_FINDINGS) break;
      if (way.resource < 0) continue;
      const finding = this.#ofThread(way);
      if (finding !== null) found.push({ ...finding, rule });
    }
    return found;
  }

  /** The thread that was to read them was ended. */
  #ofThread(way: Way): Omit<Finding, 'rule'> | null {
    const { lanes } = this.#trace;
    const lane = lanes[this.#threads.get(way.resource)?.receiverLane ?? -1];
    if (lane?.kind !== LANE_KIND.worker || lane.endNs === null || lane.endSite < 0) return null;
    const isOwnCall = lane.endKind === LANE_END.called;
    if (!isOwnCall && lane.endKind !== LANE_END.terminated) return null;
    const unread = way.sent - way.received;
    const begun = isOwnCall ? this.#handlersLeft(lane) : [];
    if (unread + begun.length === 0) return null;
    const sentAt = this.#sites.get(way.resource) ?? -1;
    const rows = begun.map(({ row }) => row);
    const waitSite = begun[0]?.site ?? -1;
    const words: SentencePart[] = [
      isOwnCall ? 'process.exit at ' : `\`${this.#callAt(lane.endSite)}\` at `,
      sitePart(this.#trace, lane.endSite),
      ' ended ',
      resourcePart(this.#trace, way.resource),
      ' while ',
    ];
    if (rows.length > 0) {
      words.push(taskPart(this.#trace, rows[0]!));
      if (rows.length > 1) words.push(` and ${count(rows.length - 1, 'other')} of its handlers`);
      words.push(' still waited');
      if (waitSite >= 0) words.push(' at ', sitePart(this.#trace, waitSite));
    }
    if (unread > 0) {
      if (rows.length > 0) words.push(', and ');
      words.push(...this.#describeUnread(way, unread, sentAt), ' not been read');
    }
    words.push(
      ': all of that is lost. ',
      isOwnCall
        ? 'Close its port instead (`parentPort.close()`), and the thread ends once all is done.'
        : 'Ask it to finish, and wait for its answer or its `exit`.',
    );
    const isSure = unread >= MIN_LOST || rows.length > 0;
    return {
      severity: isSure ? 'warning' : 'info',
      words,
      sites: [lane.endSite, waitSite, sentAt].filter((site) => site >= 0),
      tasks: [...new Set([...rows.slice(0, MAX_TASKS), way.sender])].filter((task) => task >= 0),
      explains: rows,
      t: lane.endNs,
      isWrong: isSure,
      explainsEnd: isSure && rows.length > 0,
    };
  }

  /** "writer.terminate()" where the call is awaited, so that its text is known. */
  #callAt(site: number): string {
    const { file, line, process } = this.#trace.sites[site]!;
    const call = this.#trace.sites.find(
      (each) =>
        each.line === line && each.file === file && each.process === process && TERMINATES.test(each.text),
    );
    return call?.text ?? 'terminate()';
  }

  /** "120 of the 200 messages that main had sent it (a.ts:4) had" */
  #describeUnread({ sender, sent }: Way, unread: number, sentAt: number): SentencePart[] {
    const of = unread === sent ? count(unread, 'message') : `${unread} of the ${count(sent, 'message')}`;
    const words: SentencePart[] = [of];
    if (sender >= 0) words.push(' that ', taskPart(this.#trace, this.#trace.rowOf(sender)), ' had sent it');
    if (sentAt >= 0) words.push(' (', sitePart(this.#trace, sentAt), ')');
    return [...words, unread === 1 ? ' had' : ' have'];
  }

  /** Handlers of messages that the thread's own call for its end cut off. */
  #handlersLeft(lane: Lane): Wait[] {
    const { tasks, resources } = this.#trace;
    return openWaits(this.#trace).filter(({ row }) => {
      const of = resources[tasks.resource[row]!];
      const isHandler =
        of?.kind === RESOURCE_KIND.parent || tasks.kind[row] === ACTIVATION_KIND['event-callback'];
      return tasks.lane[row] === lane.index && isHandler && row !== lane.endedBy;
    });
  }
}
