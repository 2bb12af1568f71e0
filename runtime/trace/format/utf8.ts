/**
 * UTF-8 both ways, without a platform: this folder runs in processes, webviews and bare workers.
 */

/** Bytes of the text, cut at a character so as not to exceed `maxBytes`; a cut text ends in "…". */
export function encodeUtf8(text: string, maxBytes = Number.POSITIVE_INFINITY): Uint8Array {
  const out: number[] = [];
  let whole = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      // A lone surrogate has no UTF-8 form; it is written as U+FFFD.
      const safe = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
      out.push(0xe0 | (safe >> 12), 0x80 | ((safe >> 6) & 63), 0x80 | (safe & 63));
    } else {
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
    if (out.length > maxBytes) {
      return Uint8Array.from([...out.slice(0, whole), 0xe2, 0x80, 0xa6]);
    }
    if (out.length <= maxBytes - 3) whole = out.length;
  }
  return Uint8Array.from(out);
}

/** The text of the bytes; what is not UTF-8 becomes U+FFFD. Never throws. */
export function decodeUtf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  let i = from;
  while (i < to) {
    const first = bytes[i++]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const extra = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    let code = extra === 3 ? first & 7 : extra === 2 ? first & 15 : first & 31;
    let taken = 0;
    while (taken < extra && i < to && (bytes[i]! & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[i++]! & 63);
      taken++;
    }
    const least = extra === 3 ? 0x10000 : extra === 2 ? 0x800 : 0x80;
    const whole = extra > 0 && first < 0xf5 && taken === extra && code >= least && code <= 0x10ffff;
    text += whole && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}
