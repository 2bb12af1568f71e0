/**
 * The sites of this thread's instrumented files, by id. A file's table is read when the first activation in it
 * begins; a site and its texts are written into the recording when it is first used, so that code which never
 * runs costs a row in memory and no more.
 */
import { basename } from 'node:path';
import { FLAG, ACTIVATION_KIND, SITE_ROLE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { Site } from '../contract/probe-set.ts';

const ASYNC_FUNCTION = ACTIVATION_KIND['async-function'];
const ASYNC_GENERATOR = ACTIVATION_KIND['async-generator'];
const MODULE = ACTIVATION_KIND.module;
const UNDEFINED = 0xff;

interface Known {
  readonly path: string;
  readonly site: Site;
}

export class Sites {
  private readonly recorder: Recorder;
  private readonly known: Known[] = [];
  /** Ids are the process's: this thread's begin somewhere. */
  private first = -1;
  /** By id − first: flags of a wait there, or UNDEFINED while the site has not been written. */
  private flags = new Uint8Array(256).fill(UNDEFINED);
  private kinds = new Uint8Array(256);
  private names = new Int32Array(256);

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** @returns the id of the first row; an unreadable table gives sites that say nothing, never an error. */
  add(path: string, table: string): number {
    const rows = parse(table);
    const base = this.recorder.nextSites(Math.max(1, rows.length));
    if (this.first < 0) this.first = base;
    this.grow(base - this.first + rows.length);
    for (let i = 0; i < rows.length; i++) {
      const site = rows[i]!;
      const at = base - this.first + i;
      this.known[at] = { path: site.path ?? path, site };
      this.kinds[at] =
        site.fn === '<module>' ? MODULE : site.generator === true ? ASYNC_GENERATOR : ASYNC_FUNCTION;
    }
    return base;
  }

  /** Flags that every wait at this site carries. */
  waitFlags(id: number): number {
    const at = id - this.first;
    const flags = this.flags[at]!;
    return flags === UNDEFINED ? this.define(at) : flags;
  }

  /** Kind of the activation that begins here. */
  kind(id: number): number {
    const at = id - this.first;
    if (this.flags[at] === UNDEFINED) this.define(at);
    return this.kinds[at]!;
  }

  /** Text id of the function's name. */
  name(id: number): number {
    return this.names[id - this.first]!;
  }

  /** The same id, with its definition written, where it is that of a call whose value nobody took; else 0. */
  callAt(id: number): number {
    // `new Promise` has a site, too, and no text.
    if (id === 0 || (this.known[id - this.first]?.site.text ?? '') === '') return 0;
    this.waitFlags(id);
    return id;
  }

  /** "queue.ts:22". */
  place(id: number): string {
    this.waitFlags(id);
    const known = this.known[id - this.first];
    return known === undefined ? 'an unknown place' : `${basename(known.path)}:${known.site.line}`;
  }

  private define(at: number): number {
    const known = this.known[at];
    if (known === undefined) return 0;
    const { path, site } = known;
    const flags = site.direct ? FLAG.waitDirect : 0;
    this.flags[at] = flags;
    this.names[at] = this.recorder.text(site.fn);
    this.recorder.site({
      id: at + this.first,
      file: path,
      line: site.line,
      column: site.column,
      fn: site.fn,
      text: site.text,
      role: SITE_ROLE[site.role],
      direct: site.direct,
      lineHash: site.lineHash,
    });
    return flags;
  }

  private grow(length: number): void {
    if (length <= this.flags.length) return;
    const size = 1 << (32 - Math.clz32(length));
    const flags = new Uint8Array(size).fill(UNDEFINED);
    flags.set(this.flags);
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    const names = new Int32Array(size);
    names.set(this.names);
    this.flags = flags;
    this.kinds = kinds;
    this.names = names;
  }
}

function parse(table: string): readonly Site[] {
  try {
    const rows: unknown = JSON.parse(table);
    return Array.isArray(rows) ? (rows as Site[]) : [];
  } catch {
    return [];
  }
}
