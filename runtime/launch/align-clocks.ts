/**
 * Aligns the clocks of machines by what jobs say. A job is received after it was sent, whatever the
 * clocks show, and so is its result:
 *
 *   A sends at a1          ───▶  B begins at b1        b1 + x ≥ a1
 *   A has the result at a2 ◀───  B has ended at b2     a2 ≥ b2 + x      a1 − b1 ≤ x ≤ a2 − b2
 *
 * The middle of that is taken for B's offset x, and half of it is how far that may be off. No order
 * is concluded from two clocks within that. Where jobs went one way only, nothing bounds the
 * offset on the other side: the wall clocks give it, as far as the bound lets them.
 */
import { KIND, KINDS, LINK_KIND, LINK_WAY, flagReader } from '../trace/format/kinds.ts';
import { flagsOf, kindOf, RECORD_WORDS, W } from '../trace/format/layout.ts';

const wayOf = flagReader(KINDS.link.flags.way);
const linkKindOf = flagReader(KINDS.link.flags.kind);

/** What is known of a machine's clock, in ns. Times are those of its own monotonic clock. */
export interface MachineClock {
  /** Machines of one boot have one clock; '': it is not known. */
  readonly boot: string;
  /** The wall clock's time when the monotonic clock was 0. */
  readonly wallAtZeroNs: bigint;
}

export interface AlignedClock {
  /** Added to a time of the machine it is one of the first machine's. */
  readonly offsetNs: bigint;
  /** By how much that may be wrong; Infinity: nothing bounds it on one side at least. */
  readonly uncertaintyNs: number;
  /** Jobs and results that went between this machine and others. */
  readonly links: number;
  /** What was received before it was sent, whatever the offset: a clock that drifted. */
  readonly isContradictory: boolean;
}

interface End {
  readonly machine: number;
  readonly t: bigint;
}

/** Gathers the ends of jobs' links, by what both ends know. */
export class JobEnds {
  readonly #sent = new Map<string, End | null>();
  readonly #received = new Map<string, End[]>();

  /** @param block whole records of one machine */
  add(machine: number, block: Uint8Array): void {
    const bytes = block.byteOffset % 4 === 0 ? block : new Uint8Array(block);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    for (let at = 0; at < words.length; at += RECORD_WORDS) {
      const head = words[at + W.head]!;
      if (kindOf(head) !== KIND.link) continue;
      const kind = linkKindOf(flagsOf(head));
      if (kind !== LINK_KIND['queued-job'] && kind !== LINK_KIND['queued-result']) continue;
      const key = `${kind}:${words[at + W.a]!}:${words[at + W.b]!}`;
      const end = { machine, t: (BigInt(words[at + W.tHigh]!) << 32n) | BigInt(words[at + W.tLow]!) };
      if (wayOf(flagsOf(head)) === LINK_WAY.send)
        // Sent twice, as when a handler puts a job off: which one was received is not known.
        this.#sent.set(key, this.#sent.has(key) ? null : end);
      else {
        const ends = this.#received.get(key);
        if (ends === undefined) this.#received.set(key, [end]);
        else ends.push(end);
      }
    }
  }

  /** Pairs on two machines. */
  *pairs(): Generator<{ readonly sent: End; readonly received: End }> {
    for (const [key, sent] of this.#sent) {
      if (sent === null) continue;
      for (const received of this.#received.get(key) ?? [])
        if (received.machine !== sent.machine) yield { sent, received };
    }
  }
}

/** @returns one for each clock; the first's offset is 0 */
export function alignClocks(clocks: readonly MachineClock[], ends: JobEnds): AlignedClock[] {
  const n = clocks.length;
  // Small numbers: each time from a moment that the wall clocks call the same.
  const guess = clocks.map(({ wallAtZeroNs }) => wallAtZeroNs - clocks[0]!.wallAtZeroNs);
  const timeOf = ({ machine, t }: End): bigint => t + guess[machine]!;
  // atMost[i][j]: what must be added to j's times is at most that much more than to i's.
  const atMost = clocks.map((_, i) => clocks.map((__, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)));
  const links = clocks.map(() => 0);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i !== j && clocks[i]!.boot !== '' && clocks[i]!.boot === clocks[j]!.boot)
        atMost[i]![j] = Number(guess[i]! - guess[j]!);
  for (const { sent, received } of ends.pairs()) {
    links[sent.machine]!++;
    links[received.machine]!++;
    const ns = Number(timeOf(received) - timeOf(sent));
    const row = atMost[received.machine]!;
    row[sent.machine] = Math.min(row[sent.machine]!, ns);
  }
  // What two bounds say together may be tighter than what one says.
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) atMost[i]![j] = Math.min(atMost[i]![j]!, atMost[i]![k]! + atMost[k]![j]!);
  return clocks.map((_, j) => {
    const most = atMost[0]![j]!;
    const least = -atMost[j]![0]!;
    const isBounded = most < Infinity && least > -Infinity;
    const correction = isBounded ? (most + least) / 2 : Math.min(Math.max(0, least), most);
    return {
      offsetNs: guess[j]! + BigInt(Math.round(correction)),
      uncertaintyNs: j === 0 ? 0 : isBounded ? Math.ceil(Math.abs(most - least) / 2) : Infinity,
      links: links[j]!,
      isContradictory: most < least,
    };
  });
}
