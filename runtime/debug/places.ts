/**
 * Where a recorded line is now. The editor shows the file from the disk, if the line still stands
 * there, at or near its old place. Where the file is gone, has another line there, or may not be
 * opened (a trace file is hostile input), it shows what was recorded of the file: its awaits and
 * calls, each at its line.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { currentLine } from '../trace/format/current-line.ts';
import { hashLine } from '../trace/format/hash.ts';
import { printable } from '../trace/format/printable.ts';
import { displayPath } from '../trace/model/display-path.ts';
import type { SiteInfo, Trace } from '../trace/model/trace.ts';

/** The files of this machine, as far as they may be read. */
export interface SourceFiles {
  /** The absolute path that a recorded name means; null: it is no file's. */
  pathOf(file: string): string | null;
  /** Null: it cannot be read, or may not be. */
  read(path: string): string | null;
}

export interface Place {
  readonly source: DebugProtocol.Source;
  /** 1-based, as all lines and columns here. */
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
}

interface SourceFile {
  readonly reference: number;
  readonly file: string;
  readonly path: string | null;
  /** As they are on the disk; null: not to be read. */
  readonly lines: readonly string[] | null;
  readonly hashes: Uint32Array;
  /** Some line of it was not found: the recorded text stands for the whole file. */
  isStale: boolean;
}

/** More lines than a person's file has. */
const MAX_RECORDED_LINES = 200_000;
const MAX_COLUMN = 2000;

export class Places {
  readonly #trace: Trace;
  readonly #files: SourceFiles;
  readonly #byFile = new Map<string, SourceFile>();
  readonly #byReference: SourceFile[] = [];
  #sitesRead = 0;

  constructor(trace: Trace, files: SourceFiles) {
    this.#trace = trace;
    this.#files = files;
  }

  /** Null: the record tells no line. */
  placeOf(site: number): Place | null {
    const info = this.#trace.sites[site];
    if (info === undefined || info.line < 1) return null;
    const file = this.#fileOf(info);
    const line = this.#lineNow(file, info);
    if (line === null) {
      return { source: this.#recordedSource(file), line: info.line, column: Math.max(1, info.column) };
    }
    const source = { name: nameOf(file), path: file.path! };
    const end = endColumnOf(file.lines![line - 1]!, info);
    return {
      source,
      line,
      column: Math.max(1, info.column),
      ...(end === null ? {} : { endColumn: end }),
    };
  }

  /** The sites of the lines of a source, by their line as the editor shows it. */
  sitesOf(source: DebugProtocol.Source): Map<number, number[]> {
    const found = new Map<number, number[]>();
    this.#readSites();
    for (const info of this.#trace.sites) {
      const { index } = info;
      const place = this.placeOf(index);
      if (place === null || !isOf(this.#fileOf(info), place.source, source)) continue;
      const sites = found.get(place.line);
      if (sites === undefined) found.set(place.line, [index]);
      else sites.push(index);
    }
    return found;
  }

  /** Every file that lines were recorded of. */
  sources(): DebugProtocol.Source[] {
    this.#readSites();
    return this.#byReference.map((file) =>
      file.lines === null || file.isStale
        ? this.#recordedSource(file)
        : { name: nameOf(file), path: file.path! },
    );
  }

  /** What was recorded of a file, each text at its line; null: there is no such reference. */
  recordedText(reference: number): string | null {
    const file = this.#byReference[reference - 1];
    if (file === undefined) return null;
    const lines: string[] = [];
    for (const { file: name, line, column, text, fn } of this.#trace.sites) {
      if (name !== file.file || line < 1 || line > MAX_RECORDED_LINES) continue;
      while (lines.length < line) lines.push('');
      const written = text !== '' ? text : fn === '' ? '' : `// ${fn}`;
      const before = lines[line - 1]!;
      if (before.includes(written)) continue;
      const from = Math.min(column - 1, MAX_COLUMN);
      lines[line - 1] = from >= before.length ? `${before.padEnd(from)}${written}` : `${before}  ${written}`;
    }
    lines.push('', `// ${whyRecorded(file)} This is what was recorded of it.`);
    return printableLines(lines);
  }

  #readSites(): void {
    const { sites } = this.#trace;
    for (; this.#sitesRead < sites.length; this.#sitesRead++) {
      const info = sites[this.#sitesRead]!;
      if (info.line < 1) continue;
      this.#lineNow(this.#fileOf(info), info);
    }
  }

  #lineNow(file: SourceFile, { line, lineHash }: SiteInfo): number | null {
    if (file.lines === null) return null;
    const now = currentLine(file.hashes, line - 1, lineHash);
    if (now === null) file.isStale = true;
    return now === null ? null : now + 1;
  }

  #fileOf({ file }: SiteInfo): SourceFile {
    let known = this.#byFile.get(file);
    if (known !== undefined) return known;
    const path = this.#files.pathOf(file);
    const text = path === null ? null : this.#files.read(path);
    const lines = text === null ? null : text.split(/\r\n|\r|\n/);
    known = {
      reference: this.#byReference.length + 1,
      file,
      path,
      lines,
      hashes: Uint32Array.from(lines ?? [], hashLine),
      isStale: false,
    };
    this.#byFile.set(file, known);
    this.#byReference.push(known);
    return known;
  }

  #recordedSource(file: SourceFile): DebugProtocol.Source {
    return {
      name: nameOf(file),
      // A name for the editor's tab, and no path: else the editor would open the file.
      path: `recorded/${nameOf(file)}`,
      sourceReference: file.reference,
      origin: 'as recorded',
    };
  }
}

const nameOf = ({ file }: SourceFile): string => displayPath(file).split('/').at(-1) || 'source';

function whyRecorded({ lines }: SourceFile): string {
  return lines === null
    ? 'The file is gone, or lies outside the folders that may be opened.'
    : 'The file has changed since.';
}

/** A person may know the file by its path, also where it is shown as it was recorded. */
function isOf(file: SourceFile, own: DebugProtocol.Source, asked: DebugProtocol.Source): boolean {
  if ((asked.sourceReference ?? 0) > 0) return own.sourceReference === asked.sourceReference;
  return asked.path !== undefined && (own.path === asked.path || file.path === asked.path);
}

/** Behind the awaited text, where the line has it as written. */
function endColumnOf(line: string, { column, text }: SiteInfo): number | null {
  const from = text === '' ? -1 : line.indexOf(text, Math.max(0, column - 1));
  return from < 0 ? null : from + text.length + 1;
}

const printableLines = (lines: readonly string[]): string => lines.map((line) => printable(line)).join('\n');
