/**
 * Where a line of a file is now that ran before. A site carries the hash of its line. In an edited
 * file the line is searched near its old place. A wrong line is worse than none.
 */

/** A line farther away from its old place is not trusted to be the same line. */
const MAX_MOVED_LINES = 200;

/**
 * Where a line is now, 0-based; null: it is not found near its old place.
 * @param hashes `hashLine` of each line of the file as it is now
 * @param before the 0-based line when it ran
 */
export function currentLine(hashes: Uint32Array, before: number, hash: number): number | null {
  for (let distance = 0; distance <= MAX_MOVED_LINES; distance++) {
    if (hashes[before + distance] === hash) return before + distance;
    if (hashes[before - distance] === hash) return before - distance;
  }
  return null;
}
