/**
 * Text of a trace, safe for a terminal. A name in a trace file may hold escape sequences that move
 * the cursor, change the title or paint over other lines; each control character becomes a visible
 * dot.
 */
export const printable = (text: string): string =>
  // Bidirectional controls too: they make a line read otherwise than it is.
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '·');
