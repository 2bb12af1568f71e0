/** Where threads were seen at work by a profiler, summed up by place. */
export interface ProfiledPlace {
  readonly lane: number;
  /** Where the innermost function of the program's begins; −1: none was on the stack. */
  readonly site: number;
  /** What it had called, or what ran instead: "gzipSync", "code of ajv"; '': it worked itself. */
  readonly what: string;
  ns: number;
  /** How often it was seen. */
  samples: number;
}

const MAX_NS = Number.MAX_SAFE_INTEGER;

export class Profile {
  readonly #places = new Map<string, ProfiledPlace>();

  /** Of places, not of samples. */
  get count(): number {
    return this.#places.size;
  }

  /** Called by the fold alone. */
  add(lane: number, site: number, what: string, ns: number, samples: number): void {
    const key = `${lane} ${site} ${what}`;
    const place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, { lane, site, what, ns, samples });
    else {
      place.ns = Math.min(MAX_NS, place.ns + ns);
      place.samples = Math.min(MAX_NS, place.samples + samples);
    }
  }

  [Symbol.iterator](): Iterator<ProfiledPlace> {
    return this.#places.values();
  }
}
