/**
 * The page that a webview loads: one script admitted by nonce, one stylesheet, nothing else. It
 * refuses remote content, inline script and eval. The worker comes from a blob that the page makes.
 */
export interface PageParts {
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  readonly nonce: string;
  readonly language: string;
  readonly title: string;
}

export function pageHtml(parts: PageParts): string {
  const policy = [
    "default-src 'none'",
    `style-src ${parts.cspSource}`,
    `font-src ${parts.cspSource} data:`,
    `script-src 'nonce-${parts.nonce}'`,
    'worker-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(parts.language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${escapeHtml(parts.styleUri)}" />
    <title>${escapeHtml(parts.title)}</title>
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${parts.nonce}" src="${escapeHtml(parts.scriptUri)}"></script>
  </body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
