/** Where threads were seen at work by a profiler, summed up by place. */
export interface ProfiledPlace {
  readonly lane: number;
  /** Where the innermost function of the program's begins; −1: none was on the stack. */
  readonly site: number;
  /** What it had called, or what ran instead: "gzipSync", "code of ajv"; '': it worked itself. */
  readonly what: string;
  readonly ns: number;
  /** How often it was seen. */
  readonly samples: number;
}

const MAX_SUM = Number.MAX_SAFE_INTEGER;

export class Profile {
  readonly #places = new Map<string, ProfiledPlace>();
  readonly #laneNs = new Map<number, number>();
  #totalNs = 0;
  #totalSamples = 0;

  /** Of places, not of samples. */
  get count(): number {
    return this.#places.size;
  }

  /** Of all lanes. */
  get totalNs(): number {
    return this.#totalNs;
  }

  get totalSamples(): number {
    return this.#totalSamples;
  }

  nsOfLane(lane: number): number {
    return this.#laneNs.get(lane) ?? 0;
  }

  /**
   * Called by the fold alone.
   * @param t when it was told, ns: a lane has not worked for longer since the trace began
   */
  add({ lane, site, what, ns, samples }: ProfiledPlace, t: number): void {
    const laneNs = this.nsOfLane(lane);
    const addedNs = Math.max(0, Math.min(ns, t - laneNs, MAX_SUM - this.#totalNs));
    const addedSamples = Math.min(samples, MAX_SUM - this.#totalSamples);
    this.#laneNs.set(lane, laneNs + addedNs);
    this.#totalNs += addedNs;
    this.#totalSamples += addedSamples;
    const key = `${lane} ${site} ${what}`;
    const { ns: knownNs, samples: known } = this.#places.get(key) ?? { ns: 0, samples: 0 };
    this.#places.set(key, { lane, site, what, ns: knownNs + addedNs, samples: known + addedSamples });
  }

  [Symbol.iterator](): Iterator<ProfiledPlace> {
    return this.#places.values();
  }
}
