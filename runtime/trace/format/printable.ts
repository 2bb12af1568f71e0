/**
 * Text of a trace, safe to show, copy and print. A name in a trace file may hold escape sequences
 * that move a terminal's cursor, controls that turn a line's direction round, or letters that
 * nobody sees: each becomes a visible dot.
 *
 *   C0, DEL, C1 · soft hyphen · Arabic letter mark · zero-width and direction marks (U+200B–200F) ·
 *   line and paragraph separators, embeddings, overrides (U+2028–202E) · word joiner, invisible
 *   operators, isolates, deprecated format controls (U+2060–206F) · byte order mark · interlinear
 *   annotations (U+FFF9–FFFB) · tags (U+E0000–E007F)
 */
const UNSEEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/;
const ALL_UNSEEN = new RegExp(UNSEEN, 'g');

export const printable = (text: string): string => (UNSEEN.test(text) ? text.replace(ALL_UNSEEN, '·') : text);

/** JSON in which each such character is an escape: it reads back as it was. Line feeds stay. */
export const printableJson = (json: string): string =>
  UNSEEN.test(json)
    ? json.replace(ALL_UNSEEN, (unseen) => (unseen === '\n' ? unseen : escaped(unseen)))
    : json;

function escaped(text: string): string {
  let escapes = '';
  for (let i = 0; i < text.length; i++) escapes += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escapes;
}
