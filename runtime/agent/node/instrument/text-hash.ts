/**
 * A 106-bit hash of text for cache keys: two runs of cyrb53 (public domain, bryc). It does not
 * withstand an attacker, who could write to the private cache folder only by being the user.
 * `node:crypto` would cost milliseconds to load.
 */
export function textHash(text: string): string {
  return half(text, 0x5319a1) + half(text, 0x9e3779);
}

function half(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0');
}
