/**
 * What the ids of one part mean: texts in pieces, sites, tasks and resources. Ids that were never
 * defined read as "none" (−1, '', target 0): a reader must live with a damaged start.
 */
import { printable } from '../format/printable.ts';
import { decodeUtf8 } from '../format/utf8.ts';
import { TEXT_MAX_BYTES, TEXT_PIECE_BYTES } from '../format/layout.ts';
import { mayAdd } from '../model/budget.ts';
import { type Target, targetResource, targetTask } from '../model/state.ts';
import type { SiteInfo, Trace } from '../model/trace.ts';
import { IdMap } from './id-map.ts';

/** A "thing" is a task (even) or a resource (odd): they share one id space. */
export const isResource = (thing: number): boolean => (thing & 1) === 1;
export const thingIndex = (thing: number): number => thing >> 1;

/** Texts of which a first piece was read and no last: a whole trace has one a thread. */
const MAX_HALF_TEXTS = 4096;

export class Definitions {
  readonly #trace: Trace;
  readonly #process: number;
  readonly #texts = new IdMap();
  readonly #sites = new IdMap();
  readonly #things = new IdMap();
  /** By index in the trace: texts that hold what cannot be shown as it is. */
  readonly #rawTexts = new Map<number, string>();
  /** Texts whose last piece has not come: id → bytes so far. */
  readonly #halfTexts = new Map<number, number[]>();

  constructor(trace: Trace, process: number) {
    this.#trace = trace;
    this.#process = process;
  }

  /** @param piece its number, from 0; a text of several pieces comes in their order. */
  addTextPiece(id: number, piece: number, isLast: boolean, bytes: Uint8Array, offset: number): void {
    const start = this.#halfTexts.get(id);
    if (piece > 0 !== (start !== undefined) || (start && start.length !== piece * TEXT_PIECE_BYTES)) {
      this.#trace.addProblem(`piece ${piece} of text ${id} does not follow what came before`);
      this.#halfTexts.delete(id);
      if (piece > 0) return;
    }
    const soFar = start && piece > 0 ? start : [];
    for (let i = 0; i < 8; i++) soFar.push(bytes[offset + i]!);
    for (let i = 12; i < 28; i++) soFar.push(bytes[offset + i]!);
    if (!isLast) {
      if (soFar.length < TEXT_MAX_BYTES && this.#halfTexts.size < MAX_HALF_TEXTS)
        this.#halfTexts.set(id, soFar);
      else this.#halfTexts.delete(id);
      return;
    }
    this.#halfTexts.delete(id);
    while (soFar.length > 0 && soFar[soFar.length - 1] === 0) soFar.pop();
    if (!mayAdd(this.#trace, 'textBytes', this.#trace.textBytes)) return;
    // A text takes more than its letters, however short it is.
    this.#trace.textBytes += soFar.length + 64;
    this.#texts.set(id, this.#trace.texts.length);
    const text = decodeUtf8(Uint8Array.from(soFar));
    const shown = printable(text);
    if (shown !== text) this.#rawTexts.set(this.#trace.texts.length, text);
    this.#trace.texts.push(shown);
  }

  addSite(id: number, site: Omit<SiteInfo, 'index' | 'process'>): void {
    const index = this.#trace.sites.length;
    if (!mayAdd(this.#trace, 'sites', index)) return;
    this.#sites.set(id, index);
    this.#trace.sites.push({ index, process: this.#process, ...site });
  }

  defineTask(id: number, task: number): void {
    this.#things.set(id, task * 2);
  }

  defineResource(id: number, resource: number): void {
    this.#things.set(id, resource * 2 + 1);
  }

  isKnown(id: number): boolean {
    return this.#things.get(id) >= 0;
  }

  /** −1: unknown. */
  thing(id: number): number {
    return this.#things.get(id);
  }

  task(id: number): number {
    if (id === 0) return -1;
    const thing = this.#things.get(id);
    return thing >= 0 && !isResource(thing) ? thingIndex(thing) : -1;
  }

  resource(id: number): number {
    if (id === 0) return -1;
    const thing = this.#things.get(id);
    return thing >= 0 && isResource(thing) ? thingIndex(thing) : -1;
  }

  target(id: number): Target {
    if (id === 0) return 0;
    const thing = this.#things.get(id);
    if (thing < 0) return 0;
    return isResource(thing) ? targetResource(thingIndex(thing)) : targetTask(thingIndex(thing));
  }

  resourceTarget(id: number): Target {
    const resource = this.resource(id);
    return resource < 0 ? 0 : targetResource(resource);
  }

  siteIndex(id: number): number {
    return id === 0 ? -1 : this.#sites.get(id);
  }

  textIndex(id: number): number {
    return id === 0 ? -1 : this.#texts.get(id);
  }

  /** The text as it was recorded, to find a file by or to part at its line ends: never to show. */
  rawTextOf(id: number): string {
    const index = this.textIndex(id);
    return this.#rawTexts.get(index) ?? this.#trace.text(index);
  }

  /** The text, fit to be shown. */
  textOf(id: number): string {
    return this.#trace.text(this.textIndex(id));
  }
}
