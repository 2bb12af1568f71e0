/** So many stretches are kept apart; of earlier ones only the sum is. */
const MAX_STRETCHES = 1000;

/** How long at least one of many intervals went on. They come nearly in the order of their ends. */
export class CoveredTime {
  /** Disjoint, in their order: start, end, start, end … */
  #stretches: number[] = [];
  #olderNs = 0;

  add(startNs: number, endNs: number): void {
    const stretches = this.#stretches;
    let at = stretches.length;
    while (at > 0 && stretches[at - 2]! > endNs) at -= 2;
    const later = at < stretches.length ? stretches.splice(at) : null;
    while (stretches.length > 0 && stretches.at(-1)! >= startNs) {
      endNs = Math.max(endNs, stretches.pop()!);
      startNs = Math.min(startNs, stretches.pop()!);
    }
    stretches.push(startNs, endNs);
    if (later !== null) stretches.push(...later);
    if (stretches.length > 2 * MAX_STRETCHES) this.#olderNs += sumOf(stretches.splice(0, MAX_STRETCHES));
  }

  get totalNs(): number {
    return this.#olderNs + sumOf(this.#stretches);
  }
}

function sumOf(stretches: readonly number[]): number {
  let ns = 0;
  for (let i = 0; i < stretches.length; i += 2) ns += stretches[i + 1]! - stretches[i]!;
  return ns;
}
