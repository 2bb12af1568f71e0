/**
 * What comments in the program silence: `// simul-ignore RULE: reason` holds for the line that it
 * stands on, or for the next one if it stands alone.
 */

/** A line of the source. */
interface Place {
  readonly process: number;
  readonly file: string;
  readonly line: number;
}

const MAX_PLACES = 100_000;

export class Silenced {
  readonly #rulesByPlace = new Map<string, Set<string>>();

  /** @param rules names with blanks between them */
  add(site: Place, rules: string): void {
    const place = placeOf(site);
    const known = this.#rulesByPlace.get(place);
    if (known === undefined && this.#rulesByPlace.size >= MAX_PLACES) return;
    this.#rulesByPlace.set(place, new Set([...(known ?? []), ...rules.split(' ')]));
  }

  has(site: Place | undefined, rule: string): boolean {
    if (site === undefined || this.#rulesByPlace.size === 0) return false;
    return this.#rulesByPlace.get(placeOf(site))?.has(rule) === true;
  }
}

const placeOf = ({ process, file, line }: Place): string => `${process} ${line} ${file}`;
