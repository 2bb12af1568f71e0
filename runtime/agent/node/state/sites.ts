/**
 * The sites of this thread's instrumented files, by id. A file's table is parsed when the first
 * activation in it begins. A site and its texts are written into the recording when the site is
 * first used: code that never runs costs a row in memory and nothing else.
 */
import { basename } from 'node:path';
import { FACT, FLAG, ACTIVATION_KIND, KIND, SITE_ROLE } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { SharedStep, Site, SiteReceiver, Telling } from '../contract/probe-set.ts';

const ASYNC_FUNCTION = ACTIVATION_KIND['async-function'];
const ASYNC_GENERATOR = ACTIVATION_KIND['async-generator'];
const MODULE = ACTIVATION_KIND.module;
const SILENCED = FACT.silenced;
const { clz32, copyBytes, fillBytes, isArray, max, parseJson } = builtIns;
/** No flags: the site is not written yet. */
const UNDEFINED = 0xff;
/** In the place of a kind: an await, which has none, that asks the same again. */
const AGAIN = 0xff;

interface SiteRow {
  readonly path: string;
  readonly site: Site;
}

export class Sites {
  /** Some await of the files so far asks the same again. */
  anyAsksAgain = false;
  private readonly recorder: Recorder;
  private readonly rows: SiteRow[] = [];
  /** Id of this thread's first site: ids are unique in the process. */
  private first = -1;
  /** By id − first: the flags of a wait there, or UNDEFINED while the site is not written yet. */
  private flags = new Uint8Array(256).fill(UNDEFINED);
  private kinds = new Uint8Array(256);
  private names = new Int32Array(256);

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /**
   * Adds the table of a file (JSON of `Site[]`). An unreadable table is taken for an empty one.
   * @returns the id of its first row
   */
  add(path: string, table: string): number {
    const rows = parse(table);
    const base = this.recorder.reserveSiteIds(max(1, rows.length));
    if (this.first < 0) this.first = base;
    this.grow(base - this.first + rows.length);
    for (let i = 0; i < rows.length; i++) {
      const site = rows[i]!;
      const index = base - this.first + i;
      this.rows[index] = { path: site.path ?? path, site };
      this.kinds[index] =
        site.callback !== undefined
          ? ACTIVATION_KIND[site.callback]
          : site.fn === '<module>'
            ? MODULE
            : site.generator === true
              ? ASYNC_GENERATOR
              : ASYNC_FUNCTION;
      if (site.asksAgain === true) {
        this.kinds[index] = AGAIN;
        this.anyAsksAgain = true;
      }
    }
    for (let i = 0; i < rows.length; i++) {
      const { ignores } = rows[i]!;
      if (ignores === undefined) continue;
      this.waitFlags(base + i);
      this.recorder.write(KIND.fact, SILENCED, 0, base + i, this.recorder.defineText(ignores), 0, 0);
    }
    return base;
  }

  /** Flags that every wait at this site carries. */
  waitFlags(id: number): number {
    const index = id - this.first;
    const flags = this.flags[index]!;
    return flags === UNDEFINED ? this.define(index) : flags;
  }

  /** Kind of the activation that begins at this site. */
  kind(id: number): number {
    const index = id - this.first;
    if (this.flags[index] === UNDEFINED) this.define(index);
    return this.kinds[index]!;
  }

  /** Text id of the function's name. */
  name(id: number): number {
    return this.names[id - this.first]!;
  }

  /** The id, with its site written, if it is a call whose value nobody took; else 0. */
  callAt(id: number): number {
    // The site of a `new Promise` has no text.
    if (id === 0 || (this.rows[id - this.first]?.site.text ?? '') === '') return 0;
    this.waitFlags(id);
    return id;
  }

  /** What is awaited there, as written. */
  text(id: number): string {
    return this.rows[id - this.first]?.site.text ?? '';
  }

  /** The object that the call there asks; null: none that can be read again. */
  receiver(id: number): SiteReceiver | null {
    return this.rows[id - this.first]?.site.receiver ?? null;
  }

  /** What is to be looked at when the call there is over. */
  tells(id: number): Telling | null {
    return this.rows[id - this.first]?.site.tells ?? null;
  }

  /** The site of the `new Promise` around such a call, in the same file; 0: there is none. */
  promiseAround(id: number, base: number): number {
    const within = this.rows[id - this.first]?.site.within;
    return within === undefined ? 0 : base + within;
  }

  /** Of a `new Promise`: the events whose listeners alone can settle it; empty: others may. */
  hears(id: number): readonly string[] {
    return this.rows[id - this.first]?.site.hears ?? [];
  }

  /** Whether a function's site stands inside the call at another site. */
  isWithin(fn: number, call: number): boolean {
    const span = this.rows[call - this.first]?.site.span ?? 0;
    return fn > call && fn - call <= span;
  }

  /** The call there gives back or stops what it is called on, by its name. */
  releases(id: number): boolean {
    return this.rows[id - this.first]?.site.releases === true;
  }

  /** The call there takes something to keep from what it is called on, by its name. */
  takes(id: number): boolean {
    return this.rows[id - this.first]?.site.takes === true;
  }

  /** The call there sends what its receiver may keep. */
  sends(id: number): boolean {
    return this.rows[id - this.first]?.site.sends === true;
  }

  /** That nobody takes the promise of this call is meant. */
  isMeant(id: number): boolean {
    return this.rows[id - this.first]?.site.isMeant === true;
  }

  /** The call there, of a plain function, gives back what a `return` above may still need. */
  isLease(id: number): boolean {
    return this.rows[id - this.first]?.site.isLease === true;
  }

  /** The call there makes a promise with its resolvers. */
  defers(id: number): boolean {
    return this.rows[id - this.first]?.site.defers === true;
  }

  /** A stream is made there: so many of the functions that it calls have the rows behind it. */
  streamMethods(id: number): number {
    return this.rows[id - this.first]?.site.streamMethods ?? 0;
  }

  /** The parameter that the function there has to call; '': it has none. */
  callsBack(id: number): string {
    return this.rows[id - this.first]?.site.callsBack ?? '';
  }

  /** The site of the function whose parameter is called there; 0: it is no such call. */
  backOf(id: number, base: number): number {
    const fn = this.rows[id - this.first]?.site.backOf;
    return fn === undefined ? 0 : base + fn;
  }

  /** The call of the same parameter that goes before the one there; 0: it is no second one. */
  callBefore(id: number, base: number): number {
    const before = this.rows[id - this.first]?.site.again;
    return before === undefined ? 0 : base + before;
  }

  /** An await in a loop that asks the same each time round. */
  asksAgain(id: number): boolean {
    return this.kinds[id - this.first] === AGAIN;
  }

  /** The step of an update there; null: it is none. */
  shared(id: number): SharedStep | null {
    return this.rows[id - this.first]?.site.shared ?? null;
  }

  /** The name of the function around a site. */
  functionName(id: number): string {
    return this.rows[id - this.first]?.site.fn ?? '';
  }

  /** The file of a site. */
  file(id: number): string {
    return this.rows[id - this.first]?.path ?? '';
  }

  /** File and line: "queue.ts:22". */
  place(id: number): string {
    this.waitFlags(id);
    const row = this.rows[id - this.first];
    return row === undefined ? 'an unknown place' : `${basename(row.path)}:${row.site.line}`;
  }

  /** Writes a site into the recording. */
  private define(index: number): number {
    const row = this.rows[index];
    if (row === undefined) return 0;
    const { path, site } = row;
    const flags = site.direct ? FLAG.waitDirect : 0;
    this.flags[index] = flags;
    this.names[index] = this.recorder.defineText(site.fn);
    this.recorder.defineSite({
      id: index + this.first,
      file: path,
      line: site.line,
      column: site.column,
      fn: site.fn,
      text: site.text,
      role: SITE_ROLE[site.role],
      direct: site.direct,
      note: site.note ?? 0,
      lineHash: site.lineHash,
    });
    return flags;
  }

  private grow(length: number): void {
    if (length <= this.flags.length) return;
    const size = 1 << (32 - clz32(length));
    const flags = new Uint8Array(size);
    fillBytes(flags, UNDEFINED);
    copyBytes(flags, this.flags);
    const kinds = new Uint8Array(size);
    copyBytes(kinds, this.kinds);
    const names = new Int32Array(size);
    copyBytes(names, this.names);
    this.flags = flags;
    this.kinds = kinds;
    this.names = names;
  }
}

function parse(table: string): readonly Site[] {
  try {
    const rows: unknown = parseJson(table);
    return isArray(rows) ? (rows as Site[]) : [];
  } catch {
    return [];
  }
}
