/** How a figure is reported: the median of its rounds, and its ratio to the peer of the same run. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Measured {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Runs every contender once a round, in turn, so that a machine that gets slower gets slower for all.
 * @returns their figures, in the order given.
 */
export function inTurn(
  rounds: number,
  contenders: readonly { readonly name: string; readonly run: () => number }[],
): Measured[] {
  const values = contenders.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((contender, i) => values[i]!.push(contender.run()));
  }
  return contenders.map(({ name }, i) => ({ name, values: values[i]! }));
}

/** A table: median, ratio to the first contender pair by pair, least and most. */
export function print(title: string, unit: string, measured: readonly Measured[]): void {
  console.log(`\n${title} (${unit}, median of ${measured[0]!.values.length})`);
  const peer = measured[0]!;
  for (const { name, values } of measured) {
    const ratio = median(values.map((value, i) => value / peer.values[i]!));
    const range = `${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}`;
    console.log(
      `  ${name.padEnd(28)} ${median(values).toFixed(1).padStart(10)}   × ${ratio.toFixed(2)}   (${range})`,
    );
  }
}
