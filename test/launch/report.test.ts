/** The page of `simul report`, as text: that it loads nothing, and what stands in it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { makeReportPage } from '../../runtime/launch/report/report-page.ts';
import { saveReport } from '../../runtime/launch/report/save-report.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { newPart, temporaryFolders } from './part-writer.ts';

const folder = temporaryFolders();

const RECORDS = fromText(
  [
    '0 0 processBegin pid=1 argv="/usr/bin/node /home/ada/app/main.js" version="v20.0.0" language=node',
    '0 0 laneBegin name="main" kind=main',
    '10 0 activationBegin id=1 name="chargeCard" site="/home/ada/app/src/pay.js:3:1 function chargeCard" kind=async-function',
    '20 0 wait id=1 site="/home/ada/app/src/pay.js:4:9 await chargeCard | fetch(\'https://h/?key=K3Y\')" reason=io',
    '30 0 run id=1',
    '40 0 activationEnd id=1 outcome=ok',
    '50 0 processEnd',
  ].join('\n'),
);

function recordingIn(at: string): string {
  newPart(at).append(RECORDS);
  return at;
}

function traceIn(page: string): Buffer {
  return Buffer.from(/id="trace"[^>]*>([\w+/=]*)<\/script>/.exec(page)![1]!, 'base64');
}

describe('the page of a report', () => {
  const texts = {
    report: 'a("</script><!-- ");\r\n',
    graph: 'b()',
    panel: "c('</SCRIPT>')",
    styles: ['d{}', 'e{}'],
  };
  const page = makeReportPage(texts, {
    name: '<b>"&',
    trace: Buffer.from('trace'),
    summary: ['1 < 2'],
  });

  it('admits its scripts and styles by their hashes, and nothing from elsewhere', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => hash(text!));
    const styles = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, text]) => hash(text!));
    assert.equal(scripts.length, 3);
    assert.equal(styles.length, 2);
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      `script-src ${scripts.join(' ')}`,
      `style-src ${styles.join(' ')}`,
      'font-src data:',
      'worker-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.doesNotMatch(page, /\ssrc=|<link|unsafe/);
  });

  it('keeps what a text says apart from markup', () => {
    assert.match(page, /<title>&lt;b&gt;&quot;&amp; – Simul<\/title>/);
    assert.match(page, /data-name="&lt;b&gt;&quot;&amp;"/);
    assert.match(page, /<p>1 &lt; 2<\/p>/);
    assert.equal(traceIn(page).toString(), 'trace');
  });
});

describe('saving a report', () => {
  it('holds the saved trace, byte by byte, and the panel', () => {
    const at = folder();
    const file = join(at, 'saved.simul');
    assert.ok(typeof saveTrace(recordingIn(at), file) !== 'string');
    const out = join(at, 'page.html');
    const saved = saveReport(file, out);
    assert.deepEqual(saved, { records: RECORDS.length / 32, bytes: statSync(out).size, troubles: [] });
    const page = readFileSync(out, 'utf8');
    assert.deepEqual(traceIn(page), readFileSync(file));
    assert.match(page, /<title>saved – Simul<\/title>/);
    assert.doesNotMatch(page, /sourceMappingURL=\S+\.map\s*<\//);
    assert.deepEqual(
      readdirSync(at).filter((name) => name.startsWith('.simul-report')),
      [],
    );
  });

  it('is of a recording as of its saved trace, and named after its program', () => {
    const at = recordingIn(folder());
    const out = join(at, 'page.html');
    assert.ok(typeof saveReport(at, out) !== 'string');
    assert.match(readFileSync(out, 'utf8'), /<title>node main\.js – Simul<\/title>/);
  });

  it('has no word of the program in its text where that was asked for', () => {
    const at = recordingIn(folder());
    const file = join(at, 'saved.simul');
    saveTrace(at, file);
    for (const path of [at, file]) {
      const out = join(at, 'page.html');
      const saved = saveReport(path, out, { redactFrom: '/home/ada/app', masksNames: true });
      assert.ok(typeof saved !== 'string');
      const page = readFileSync(out, 'utf8');
      const trace = join(at, 'out.simul');
      writeFileSync(trace, traceIn(page));
      const html = page.slice(0, page.indexOf('id="trace"'));
      assert.doesNotMatch(html.slice(html.indexOf('<noscript>')), /chargeCard|pay\.js|K3Y|ada/);
      assert.match(html, /<title>trace – Simul<\/title>/);
    }
  });

  it('says what cannot be read or written, and leaves nothing behind', () => {
    const at = folder();
    writeFileSync(join(at, 'no.simul'), 'no trace');
    const out = join(at, 'page.html');
    assert.match(String(saveReport(join(at, 'no.simul'), out)), /page\.html: .*not a Simul trace/);
    const nowhere = join(at, 'none', 'page.html');
    assert.equal(
      saveReport(at, nowhere),
      `the report cannot be saved as ${nowhere}: the folder ${join(at, 'none')} does not exist`,
    );
    assert.deepEqual(readdirSync(at), ['no.simul']);
  });
});
