/**
 * Saves a report: one page that anybody with a browser can open (report-page.ts). The trace in it
 * is that of `simul save`, redacted where that is asked for.
 */
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grouped } from '../../trace/format/grouped.ts';
import { printable } from '../../trace/format/printable.ts';
import { describeIoError } from '../describe-io-error.ts';
import { readSummary } from '../read-trace.ts';
import { nameRecording } from '../list-recordings.ts';
import { findSaveObstacle, saveTrace, type SavedTrace, type SaveOptions } from '../saved-trace.ts';
import { makeReportPage, type PanelTexts } from './report-page.ts';

/** A page of this size takes a browser some seconds to open. */
const MAX_REPORT_TRACE_BYTES = 128 * 1024 * 1024;

/**
 * Writes the page to `file`; or one sentence saying why not. `bytes` are the page's.
 * @param path the folder of a recording, or a saved trace
 */
export function saveReport(path: string, file: string, options: SaveOptions = {}): SavedTrace | string {
  const sentence = (reason: string): string => `the report cannot be saved as ${file}: ${reason}`;
  const obstacle = findSaveObstacle(file);
  if (obstacle !== null) return obstacle.replace('the trace', 'the report');
  const texts = readPanelTexts();
  if (typeof texts === 'string') return sentence(texts);
  let folder: string | null = null;
  try {
    // Beside the page: its disk has room for both, or the report fails.
    folder = mkdtempSync(join(dirname(resolve(file)), '.simul-report-'));
    const copy = join(folder, 'trace.simul');
    const saved = saveTrace(path, copy, options);
    if (typeof saved === 'string')
      return saved.startsWith(`the trace cannot be saved as ${copy}: `)
        ? sentence(saved.slice(`the trace cannot be saved as ${copy}: `.length))
        : saved;
    if (saved.bytes > MAX_REPORT_TRACE_BYTES)
      return sentence(
        `the trace has ${grouped(saved.bytes)} bytes, and a page takes ${grouped(MAX_REPORT_TRACE_BYTES)}; save its last seconds alone (--last)`,
      );
    const summary = readSummary(copy);
    const page = makeReportPage(texts, {
      name: options.redactFrom === undefined ? printable(nameOf(path)) : 'trace',
      trace: readFileSync(copy),
      summary: typeof summary === 'string' ? [] : summary.map(printable),
    });
    const unfinished = join(folder, 'page.html');
    writeFileSync(unfinished, page, { mode: 0o600 });
    renameSync(unfinished, file);
    return { ...saved, bytes: Buffer.byteLength(page) };
  } catch (error) {
    return sentence(describeIoError(error));
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** A recording is named after its program, a saved trace by its owner. */
function nameOf(path: string): string {
  const name = basename(resolve(path));
  return statSync(path).isDirectory() ? (nameRecording(path) ?? name) : name.replace(/\.simul$/, '');
}

/** A development build ends with it; there is no such file beside the page. */
const SOURCE_MAP = /(?:\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.*\*\/)\s*$/;

/** The panel as the build made it; or one sentence saying what is missing. */
function readPanelTexts(): PanelTexts | string {
  try {
    const read = (name: string): string => readFileSync(findBuilt(name), 'utf8').replace(SOURCE_MAP, '');
    return {
      report: read('report.js'),
      graph: read('graph.js'),
      panel: read('panel.js'),
      styles: [read('report.css'), read('panel.css')],
    };
  } catch (error) {
    return `the panel is missing beside this program (${describeIoError(error)})`;
  }
}

/** In dist/: seen from a bundle there, from the server's agent/ and from the compiled tree. */
function findBuilt(name: string): string {
  const urls = ['./', '../', '../../../../dist/'].map((folder) => new URL(folder + name, import.meta.url));
  const found = urls
    .map((url) => fileURLToPath(url))
    .find((path) => statSync(path, { throwIfNoEntry: false }));
  return found ?? fileURLToPath(urls[0]!);
}
