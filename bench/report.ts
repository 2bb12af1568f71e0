/** Reports figures: the median of the rounds, and its ratio to the peer in the same run. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Measurement {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Runs every contender once in each round, so that a machine that becomes slower does so for all.
 * @returns their figures, in the order given
 */
export function runInTurn(
  rounds: number,
  contenders: readonly { readonly name: string; readonly run: () => number }[],
): Measurement[] {
  const values = contenders.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((contender, i) => values[i]!.push(contender.run()));
  }
  return contenders.map(({ name }, i) => ({ name, values: values[i]! }));
}

/** Prints a table: median, median ratio to the first contender round by round, least and most. */
export function printTable(title: string, unit: string, measured: readonly Measurement[]): void {
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
