/**
 * What the ids of one part mean: texts in pieces, sites, tasks and resources. Ids that
 * were never defined read as "none" (−1, '', target 0): a reader must live with a damaged start.
 */
import { decodeUtf8 } from '../format/utf8.ts';
import { TEXT_MAX_BYTES, TEXT_PIECE_BYTES } from '../format/layout.ts';
import { IdMap } from './ids.ts';
import type { Target } from './observer.ts';
import { targetResource, targetTask } from './observer.ts';
import type { Trace } from '../model/trace.ts';

/** A "thing" is a task (even) or a resource (odd): they share one id space. */
export const isResource = (thing: number): boolean => (thing & 1) === 1;
export const thingIndex = (thing: number): number => thing >> 1;

export class Definitions {
  readonly #trace: Trace;
  readonly #process: number;
  readonly #texts = new IdMap();
  readonly #sites = new IdMap();
  readonly #things = new IdMap();
  /** Texts of which the last piece has not come: id → pieces so far. */
  readonly #halfTexts = new Map<number, number[]>();

  constructor(trace: Trace, process: number) {
    this.#trace = trace;
    this.#process = process;
  }

  text(id: number, piece: number, last: boolean, bytes: Uint8Array, offset: number): void {
    const start = this.#halfTexts.get(id);
    if (piece > 0 !== (start !== undefined) || (start && start.length !== piece * TEXT_PIECE_BYTES)) {
      this.#trace.addProblem(`piece ${piece} of text ${id} does not follow what came before`);
      this.#halfTexts.delete(id);
      if (piece > 0) return;
    }
    const sofar = start && piece > 0 ? start : [];
    for (let i = 0; i < 8; i++) sofar.push(bytes[offset + i]!);
    for (let i = 12; i < 28; i++) sofar.push(bytes[offset + i]!);
    if (!last) {
      if (sofar.length < TEXT_MAX_BYTES) this.#halfTexts.set(id, sofar);
      else this.#halfTexts.delete(id);
      return;
    }
    this.#halfTexts.delete(id);
    while (sofar.length > 0 && sofar[sofar.length - 1] === 0) sofar.pop();
    this.#texts.set(id, this.#trace.texts.length);
    this.#trace.texts.push(decodeUtf8(Uint8Array.from(sofar)));
  }

  site(
    id: number,
    file: number,
    line: number,
    fn: number,
    text: number,
    column: number,
    lineHash: number,
    flags: number,
  ): void {
    const index = this.#trace.sites.length;
    this.#sites.set(id, index);
    this.#trace.sites.push({
      index,
      process: this.#process,
      file: this.textOf(file),
      line,
      column,
      fn: this.textOf(fn),
      text: this.textOf(text),
      role: flags & 15,
      direct: (flags & 0x10) !== 0,
      lineHash,
    });
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

  textOf(id: number): string {
    return this.#trace.text(this.textIndex(id));
  }
}
