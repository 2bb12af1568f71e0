/**
 * Requests that put something in the place of what was there (PUT), of which an older one was
 * answered after a newer one to the same address: what it brought may have taken the place of the
 * newer. Both were under way at once, so that nobody had ordered them. What they carry is not
 * looked at, and addresses are not written.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { undoAll } from '../builtins/replace-builtin.ts';
import type { Asker } from './connection-records.ts';

const OLDER = FACT['overtaken-save'];
const NEWER = FACT['overtaking-save'];
const MAX_ADDRESSES = 200;
/** Of one address, under way at once. */
const MAX_OPEN = 32;
const MAX_TOLD = 100;

const { getWeak, setWeak } = builtIns;

interface HttpMessage {
  readonly request: object;
  readonly response?: { readonly statusCode?: number };
}

export interface Save {
  readonly address: string;
  readonly asker: Asker;
  readonly order: number;
  readonly sinceNs: bigint;
}

interface Address {
  readonly open: Save[];
  /** Of those that were answered while an older one was under way. */
  newest: Save | null;
}

export class OvertakenSaves {
  readonly #recorder: Recorder;
  readonly #addresses = new SafeMap<string, Address>();
  #order = 0;
  #told = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /**
   * Follows the requests of Node's own `http`, by what it publishes.
   * @param askerHere who runs now
   * @returns what ends it
   */
  watchHttp(askerHere: () => Asker): () => void {
    const saves = new WeakMap<object, Save>();
    const on = (name: string, note: (request: object, message: HttpMessage) => void): (() => void) => {
      const listener = (message: unknown): void => {
        try {
          note((message as HttpMessage).request, message as HttpMessage);
        } catch {
          // This request is not told of.
        }
      };
      subscribe(name, listener);
      return () => unsubscribe(name, listener);
    };
    const begin = (request: object): void => {
      if (plainProperty(request, 'method') !== 'PUT' || getWeak(saves, request) !== undefined) return;
      const [host, path] = [plainProperty(request, 'host'), plainProperty(request, 'path')];
      const save = this.begin(`${String(host)} ${String(path)}`, askerHere());
      if (save !== null) setWeak(saves, request, save);
    };
    const undo = [
      // Not on every Node; what starts with a body does so later, and no line is known then.
      on('http.client.request.created', begin),
      on('http.client.request.start', begin),
      on('http.client.response.finish', (request, { response }) => {
        const save = getWeak(saves, request);
        const { statusCode = 0 } = response ?? {};
        if (save !== undefined) this.end(save, statusCode >= 200 && statusCode < 300);
      }),
    ];
    return () => undoAll(undo);
  }

  /** @returns null: it is not followed */
  begin(address: string, asker: Asker): Save | null {
    let at = this.#addresses.get(address);
    if (at === undefined) {
      if (this.#addresses.size >= MAX_ADDRESSES) return null;
      this.#addresses.set(address, (at = { open: [], newest: null }));
    }
    if (at.open.length >= MAX_OPEN) return null;
    const save = { address, asker, order: ++this.#order, sinceNs: builtIns.now() };
    at.open[at.open.length] = save;
    return save;
  }

  /** @param isSaved it was answered, and not with an error */
  end(save: Save, isSaved: boolean): void {
    const at = this.#addresses.get(save.address);
    if (at === undefined) return;
    const { open, newest } = at;
    let kept = 0;
    for (let i = 0; i < open.length; i++) if (open[i] !== save) open[kept++] = open[i]!;
    open.length = kept;
    if (isSaved && newest !== null && newest.order > save.order) this.#tell(save, newest);
    else if (isSaved) at.newest = save;
    if (kept === 0) this.#addresses.delete(save.address);
  }

  #tell(older: Save, newer: Save): void {
    if (this.#told++ >= MAX_TOLD) return;
    const recorder = this.#recorder;
    const apartUs = builtIns.floor(Number(newer.sinceNs - older.sinceNs) / 1000);
    recorder.write(KIND.fact, NEWER, newer.asker.task, newer.asker.site, 0, 0, apartUs);
    recorder.write(
      KIND.fact,
      OLDER,
      older.asker.task,
      older.asker.site,
      recorder.defineText('PUT'),
      0,
      apartUs,
    );
  }
}
