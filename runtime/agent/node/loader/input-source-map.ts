/**
 * The source map that a compiled file names: `//# sourceMappingURL=`, inline or a file beside it.
 * Any odd map (missing, damaged, indexed, remote) counts as none: positions are then those of the
 * file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InputSourceMap } from '../instrument/instrument.ts';
import { decodeMappings } from '../instrument/source-map.ts';

export function readInputSourceMap(path: string, source: string): InputSourceMap | null {
  const at = source.lastIndexOf('//# sourceMappingURL=');
  if (at < 0) return null;
  const url = /^\S+/.exec(source.slice(at + '//# sourceMappingURL='.length))?.[0];
  if (url === undefined) return null;
  try {
    const map = JSON.parse(textOf(url, path)) as Record<string, unknown>;
    const sources = map['sources'];
    if (typeof map['mappings'] !== 'string' || !Array.isArray(sources) || sources.length === 0) return null;
    const root = typeof map['sourceRoot'] === 'string' ? map['sourceRoot'] : '';
    const base = url.startsWith('data:') ? dirname(path) : dirname(resolve(dirname(path), url));
    const paths = sources.map((name) => absolute(base, root, String(name)));
    const given: unknown = map['sourcesContent'];
    const contents = Array.isArray(given)
      ? given.map((text: unknown) => (typeof text === 'string' ? text : null))
      : undefined;
    // What lies on the disk need not be carried along.
    const carried = contents?.map((text, index) => (existsSync(paths[index] ?? '') ? null : text));
    const texts = new Map<number, readonly string[]>();
    const linesOf = (index: number): readonly string[] => {
      let lines = texts.get(index);
      if (lines === undefined) {
        lines = (contents?.[index] ?? read(paths[index])).split(/\r\n|[\n\r\u2028\u2029]/);
        texts.set(index, lines);
      }
      return lines;
    };
    return {
      sources: paths,
      lines: decodeMappings(map['mappings']),
      ...(carried?.some((text) => text !== null) === true ? { contents: carried } : {}),
      textOf: (source, line) => linesOf(source)[line] ?? null,
    };
  } catch {
    return null;
  }
}

function textOf(url: string, path: string): string {
  if (!url.startsWith('data:')) return readFileSync(resolve(dirname(path), decodeURIComponent(url)), 'utf8');
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(';base64')
    ? Buffer.from(body, 'base64').toString()
    : decodeURIComponent(body);
}

function absolute(base: string, root: string, source: string): string {
  const joined =
    root === '' || /^[a-z]+:|^\//i.test(source) ? source : `${root.replace(/\/$/, '')}/${source}`;
  return joined.startsWith('file:') ? fileURLToPath(joined) : resolve(base, joined);
}

/** The text of a source; '' when the source is not shipped with the compiled file. */
function read(path: string | undefined): string {
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
