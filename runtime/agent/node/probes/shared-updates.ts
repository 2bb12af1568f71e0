/**
 * Lost updates, as they happen: a run of a function read something, awaited, and writes what it
 * computed from that, though another run has written it in between. What the parser has found
 * (instrument/shared-updates.ts) is looked at by the identity of its owner, so that two accounts
 * are two things; what was not seen to overlap is no such thing.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import { fingerprintOf } from './fingerprint.ts';
import { lateSubjects } from './late-subjects.ts';
import { objectAt } from './object-at.ts';
import type { ThreadContext } from './thread-context.ts';
import type { AbortSignals } from './abort-signals.ts';
import type { AsyncPredicates } from './async-predicates.ts';
import type { StaleWrites } from './stale-writes.ts';
import { watchEvents } from './watched-events.ts';

const { getWeak, setWeak } = builtIns;
const LOST = FACT['lost-update'];
const OVER = FACT['lost-over'];
const MADE_TWICE = FACT['made-twice'];
/** Of one thing: runs that have read it and may yet write. */
const MAX_READERS = 1000;
/** Of one owner. */
const MAX_CELLS = 1000;
/** The last writes of one thing. */
const MAX_WRITES = 8;
/** A longer text is not kept. */
const MAX_TEXT = 4096;
const NO_VALUE = Symbol('no value');
const ASKED = Symbol('asked');

export interface SharedUpdates {
  /** @param owner as the site's text gives it */
  note(step: SharedStep, base: number, site: number, value: unknown, owner: unknown): void;
}

interface Read {
  /** How often it had been written when it was asked for, and when it was there. */
  readonly askedVersion: number;
  readonly version: number;
  /** What was read, if it is a value that can be compared; else NO_VALUE. */
  readonly value: unknown;
  /** What was read, if it is an object. */
  readonly object: SafeRef<object> | null;
  readonly site: number;
}

interface Write {
  readonly version: number;
  /** What its run had read, and what it wrote. */
  readonly read: unknown;
  readonly value: unknown;
  readonly object: SafeRef<object> | null;
  /** 0: none of those that are traced. */
  readonly task: number;
  readonly site: number;
}

/** One thing that several runs may update. */
interface Cell {
  /** How often it was written. */
  version: number;
  /** It is given later than it is asked for: what it holds tells which state that was. */
  isAsked: boolean;
  /** By activation: what it has read and not yet written. */
  readonly reads: SafeMap<number, Read>;
  /** The last writes, at the place of their version. */
  readonly writes: (Write | undefined)[];
}

type Cells = SafeMap<string, Cell>;

export function createSharedUpdates(
  { recorder, sites, state, errors }: Pick<ThreadContext, 'errors' | 'recorder' | 'sites' | 'state'>,
  signals: AbortSignals,
  predicates: AsyncPredicates,
  stale: StaleWrites,
): SharedUpdates {
  const subjects = lateSubjects({ recorder, sites, state });
  const cellsByOwner = new WeakMap<object, Cells>();
  /** Of files, and of what functions load and save, by the program's file and what they keep. */
  const cellsByFile = new SafeMap<string, Cells>();
  const countBySite = new SafeMap<number, number>();

  function cellsOf(owner: unknown, keys: readonly string[], base: number): Cells | null {
    if (owner === 0) {
      const name = keys.length === 0 ? `${base}` : `${base} ${keys[0]!}`;
      const known = cellsByFile.get(name) ?? new SafeMap();
      cellsByFile.set(name, known);
      return known;
    }
    const at = objectAt(owner, keys);
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null) return null;
    let cells = getWeak(cellsByOwner, at);
    if (cells === undefined) setWeak(cellsByOwner, at, (cells = new SafeMap()));
    return cells;
  }

  function cellOf(step: SharedStep, base: number, given: unknown, isMade = true): Cell | null {
    const { how, keys, key, noun } = step;
    const owner = key === undefined ? (given as readonly unknown[])[0] : given;
    const name = key ?? (given as readonly unknown[])[1];
    if (typeof name !== 'string' && typeof name !== 'number') return null;
    const cells = cellsOf(owner, keys, base);
    if (cells === null) return null;
    // What is made has versions of its own: an update of it makes nothing.
    const full =
      how === 'misses' || how === 'makes' ? `? ${name}` : noun === undefined ? `${name}` : `${noun} ${name}`;
    let cell = cells.get(full);
    if (cell === undefined) {
      if (!isMade) return null;
      if (cells.size >= MAX_CELLS) cells.clear();
      cell = { version: 0, isAsked: false, reads: new SafeMap(), writes: [] };
      cells.set(full, cell);
    }
    return cell;
  }

  /** What nobody reads before an await is not kept. */
  function noteWrite(step: SharedStep, base: number, site: number, value: unknown, owner: unknown): void {
    const cell = cellOf(step, base, owner, false);
    // Nobody has read it and may yet write: it may be written in a loop.
    if (cell === null || cell.reads.size === 0) return;
    const task = state.current?.id ?? 0;
    const read = cell.reads.get(task);
    // What a run writes itself it knows.
    if (read !== undefined && read.version === cell.version)
      cell.reads.set(task, { ...read, version: cell.version + 1, askedVersion: cell.version + 1 });
    cell.version++;
    keepWrite(cell, { read: NO_VALUE, value: NO_VALUE, object: refTo(value), task, site });
  }

  function keepWrite({ version, writes }: Cell, write: Omit<Write, 'version'>): void {
    writes[version % MAX_WRITES] = { version, ...write };
  }

  function note(step: SharedStep, base: number, site: number, value: unknown, owner: unknown): void {
    if (step.how === 'awaits') {
      watchEvents(objectAt(owner, step.keys), step.events!, () => errors.siteHere());
      return;
    }
    if (step.how === 'given') return signals.given(step, site, objectAt(owner, step.keys));
    if (step.how === 'sets' || step.how === 'answers') stale(step, base, site, value, owner);
    if (step.how === 'sets' || step.how === 'answers' || step.how === 'wrote')
      return noteWrite(step, base, site, value, owner);
    if (step.how === 'tells' || step.how === 'hears' || step.how === 'heard')
      return subjects(step, site, value, owner);
    if (step.how === 'filters') return predicates(step, site, value);
    if (step.how === 'looks') return signals.looked(objectAt(owner, step.keys));
    const { current } = state;
    const cell = current === null ? null : cellOf(step, base, owner);
    if (cell === null) return;
    const { id } = current!;
    const { reads, version } = cell;
    const read = reads.get(id);
    if (step.how === 'writes' || step.how === 'makes') {
      if (read !== undefined) {
        reads.delete(id);
        if (step.how === 'writes') {
          if (isLost(cell, read)) recordLost(cell, read, step.name, id, site);
        } else if (version > read.version && !haveMade(cell, read.version, value))
          record(MADE_TWICE, step.name, id, site, read.site);
      }
      cell.version = version + 1;
      keepWrite(cell, {
        read: read === undefined ? NO_VALUE : read.value,
        value: comparable(value, cell.isAsked),
        object: refTo(value),
        task: id,
        site,
      });
      return;
    }
    if (reads.size >= MAX_READERS) reads.clear();
    if (step.how === 'asks') cell.isAsked = true;
    const isGiven = step.how === 'reads' && read !== undefined && read.value === ASKED;
    reads.set(id, {
      askedVersion: isGiven ? read.askedVersion : version,
      version,
      value: step.how === 'asks' ? ASKED : comparable(value, cell.isAsked),
      object: step.how === 'asks' ? null : refTo(value),
      site,
    });
  }

  /**
   * Somebody wrote after it had been read. Of what was asked for, the value tells: who read the
   * same as another that has changed it since has not seen that change.
   */
  function isLost(cell: Cell, read: Read): boolean {
    const { version, writes } = cell;
    if (version > read.version) return !isOneObject(cell, read);
    if (read.value === NO_VALUE) return false;
    for (let i = 0; i < writes.length; i++) {
      const write = writes[i];
      if (write === undefined || write.version <= read.askedVersion) continue;
      if (write.read === read.value && write.value !== NO_VALUE && write.value !== read.value) return true;
    }
    return false;
  }

  /** All that wrote meanwhile had the same object in hand: each saw what the others did. */
  function isOneObject({ version, writes }: Cell, read: Read): boolean {
    const object = read.object?.deref();
    if (object === undefined || version - read.version > MAX_WRITES) return false;
    for (let i = 0; i < writes.length; i++) {
      const write = writes[i];
      if (write !== undefined && write.version > read.version && write.object?.deref() !== object)
        return false;
    }
    return true;
  }

  /** All that were written since are this very object: somebody made it for all. */
  function haveMade({ version, writes }: Cell, since: number, value: unknown): boolean {
    if (typeof value !== 'object' || value === null || version - since > MAX_WRITES) return false;
    for (let i = 0; i < writes.length; i++) {
      const write = writes[i];
      if (write !== undefined && write.version > since && write.object?.deref() !== value) return false;
    }
    return true;
  }

  /** With those that wrote it since, each line once. */
  function recordLost({ writes }: Cell, read: Read, name: string, task: number, site: number): void {
    if (!record(LOST, name, task, site, read.site)) return;
    for (let i = 0; i < writes.length; i++) {
      const write = writes[i];
      if (write === undefined || write.version <= read.askedVersion || write.task === task) continue;
      sites.waitFlags(write.site);
      recorder.write(KIND.fact, OVER, write.task, write.site, 0, site, 1);
    }
  }

  /** Each that doubles the count of its site. @returns whether it was one */
  function record(what: number, name: string, task: number, site: number, readSite: number): boolean {
    const count = (countBySite.get(site) ?? 0) + 1;
    countBySite.set(site, count);
    if ((count & (count - 1)) !== 0) return false;
    sites.waitFlags(site);
    sites.waitFlags(readSite);
    recorder.write(KIND.fact, what, task, site, recorder.defineText(name), readSite, count);
    return true;
  }

  return {
    // Near the end of the stack there may be too little of it.
    note(step, base, site, value, owner) {
      try {
        note(step, base, site, value, owner);
      } catch {}
    },
  };
}

const refTo = (value: unknown): SafeRef<object> | null =>
  typeof value === 'object' && value !== null ? new SafeRef(value) : null;

/**
 * What a value is compared by: an object of the program's is not kept.
 * @param byContent objects are compared by what they hold
 */
function comparable(value: unknown, byContent: boolean): unknown {
  if (typeof value === 'object' && value !== null)
    return (byContent ? fingerprintOf(value) : null) ?? NO_VALUE;
  const isLong = typeof value === 'string' && value.length > MAX_TEXT;
  return typeof value === 'function' || isLong ? NO_VALUE : value;
}
