/**
 * The text of a report: one HTML page with the panel and a trace in it. It loads nothing. The
 * content security policy admits the page's own scripts and styles by their hashes, and no network.
 */
import { createHash } from 'node:crypto';

/** What the build makes for a page, as text. */
export interface PanelTexts {
  /** media/report: the host's part. */
  readonly report: string;
  readonly graph: string;
  readonly panel: string;
  /** In their order. */
  readonly styles: readonly string[];
}

export interface ReportContent {
  /** The trace's name, as the panel shows it. */
  readonly name: string;
  /** The bytes of a `*.simul` file. */
  readonly trace: Uint8Array;
  /** What is said to a reader whose browser runs no scripts, a sentence each. */
  readonly summary: readonly string[];
}

export function makeReportPage(texts: PanelTexts, { name, trace, summary }: ReportContent): string {
  const scripts = [texts.report, texts.graph, texts.panel].map(asScript);
  const styles = texts.styles.map((text) => text.replaceAll(/<\/(style)/gi, '<\\/$1'));
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${styles.map(hashOf).join(' ')}`,
    'font-src data:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const [host, ...others] = scripts.map((text) => `<script>${text}</script>`);
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="generator" content="Simul" />
    <title>${escapeHtml(name)} – Simul</title>
    ${styles.map((text) => `<style>${text}</style>`).join('\n    ')}
  </head>
  <body>
    <noscript>
      <p>The picture needs JavaScript. What the trace says:</p>
      ${summary.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n      ')}
    </noscript>
    <div id="root"></div>
    <script type="application/octet-stream" id="trace" data-name="${escapeHtml(name)}">${toBase64(trace)}</script>
    ${host}
    ${others.join('\n    ')}
  </body>
</html>
`;
}

/** A script's text ends at the first `</script`, wherever that stands; `\/` is `/` in strings. */
const asScript = (text: string): string =>
  withoutReturns(text)
    .replaceAll(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '<\\!--');

/** A browser reads them as line ends, so the hash would be another. */
const withoutReturns = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
