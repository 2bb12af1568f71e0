/**
 * The hash that a `site` record carries of its source line, so that an editor can tell whether the
 * line it shows is still the line that ran: FNV-1a, 32 bits, over UTF-16 units, outer blanks
 * ignored.
 */
export function hashLine(line: string): number {
  const text = line.trim();
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
